/**
 * Who can come to what (B2 to B5, B7, B8, B10 to B12, B20): authority goes only along capabilities that somebody held from the beginning,
 * and what one cannot reach one can neither change nor see.
 */
import { endpointRight } from "../../core/object-rights.ts";
import fc from "fast-check";
import { ownerOfTable, space } from "../../reducers/capabilities/address.ts";
import { allSlots } from "../../reducers/capabilities/capability-selectors.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { type Operation, operation, requestOf } from "../model/capability-operations.ts";
import { type Asked, CapabilityWorld } from "../model/capability-world.ts";
import type { PlannedWorld } from "../model/capability-world-boot.ts";
import { heldSlots } from "../models/derivation-model.ts";
import { life, type Life, liveOut, PROCESSES } from "./capability-life.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

/** Processes with an even and with an odd number hold none of the same objects. */
const islands = (drawn: Life): Life => {
  const { plan } = drawn;
  const objects = [...plan.objects, ...plan.objects];
  const half = plan.objects.length;
  const endowments = plan.endowments.map((one) => ({
    ...one,
    which: (one.which % half) + (one.who % 2) * half,
  }));
  return { ...drawn, plan: { ...plan, objects, endowments, processes: PROCESSES, hasFiles: false } };
};

const islandOf = (pid: number): number => (pid - 1) % 2;

/** What lies in the slots, messages and services of processes, with whose it is. */
function* heldByProcesses({ capabilities }: KernelState): Generator<readonly [number, Capability]> {
  for (const [address, row] of allSlots(capabilities))
    if (row.object !== "void" && Math.floor(address / 2 ** 20) % 4 !== space.kept)
      yield [ownerOfTable(address), row];
}

/** Objects by `kind:id`, each with the island whose it is at first; what is made later is its maker's. */
function homesOf(world: CapabilityWorld, boot: number): ReadonlyMap<string, number> {
  const homes = new Map<string, number>();
  const note = (state: KernelState): void => {
    for (const [pid, { object, target }] of heldByProcesses(state))
      if (isOwned(object))
        homes.set(`${object}:${target}`, homes.get(`${object}:${target}`) ?? islandOf(pid));
  };
  const first = world.transitions[boot]?.before;
  if (first !== undefined) note(first);
  for (const { event } of world.transitions.slice(boot))
    if (event.type === "object/created") homes.set(`${event.object}:${event.target}`, islandOf(event.pid));
  return homes;
}

const isOwned = (kind: string): boolean => !["console", "clock", "entropy", "timers", "reply"].includes(kind);

/** How many transitions are the boot's. */
const bootLength = (world: CapabilityWorld): number =>
  world.transitions.findIndex(({ asked }) => asked !== null);

/** Nobody has the right to hand on with replies: who comes to it got it from nobody. */
const withoutReplies = (drawn: Life): Life => ({
  ...drawn,
  plan: {
    ...drawn.plan,
    endowments: drawn.plan.endowments.map((one) => ({
      ...one,
      rights: one.rights & ~endpointRight.grantReply,
    })),
  },
});

const confinement = law({
  id: "B2",
  statement:
    "nobody comes to a right on an object that nobody had whom he was joined with, over however many steps",
  runs: 20,
  cases: life(200).map(islands).map(withoutReplies),
  holds: (drawn) => {
    const world = liveOut(drawn);
    const boot = bootLength(world);
    const first = world.transitions[boot]?.before;
    if (first === undefined) return;
    const had = rightsByIsland(first);
    const made = new Set(
      world.transitions
        .slice(boot)
        .flatMap(({ event }) => (event.type === "object/created" ? [`${event.object}:${event.target}`] : [])),
    );
    for (const [key, rights] of rightsByIsland(world.state)) {
      const object = key.split(" ")[1] ?? "";
      if (made.has(object)) continue;
      demand(
        (rights & ~(had.get(key) ?? 0)) === 0,
        `island and object ${key} have come to rights ${rights}, from ${had.get(key) ?? 0}`,
      );
    }
  },
});

function rightsByIsland(state: KernelState): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const [pid, { object, target, rights }] of heldByProcesses(state)) {
    if (!isOwned(object)) continue;
    const key = `${islandOf(pid)} ${object}:${target}`;
    all.set(key, (all.get(key) ?? 0) | rights);
  }
  return all;
}

const connectivity = law({
  id: "B3",
  statement:
    "who was not joined by what they hold is never joined: neither gets anything of the other's (B4, B5, B8)",
  runs: 20,
  cases: life(300).map(islands),
  holds: (drawn) => {
    const world = liveOut(drawn);
    const homes = homesOf(world, bootLength(world));
    for (const [pid, { object, target }] of heldByProcesses(world.state)) {
      const home = homes.get(`${object}:${target}`);
      demand(
        home === undefined || !isOwned(object) || home === islandOf(pid),
        `process ${pid} holds ${object} ${target} of the other island`,
      );
    }
    for (const { event } of world.transitions)
      if (event.type === "ipc/received")
        demandEqual(islandOf(event.sender), islandOf(event.pid), `the islands of message ${event.seq}`);
  },
});

const integrity = law({
  id: "B7",
  statement:
    "a call changes what another process holds by taking it away alone, and its state by nothing that is not in the table of exceptions",
  runs: 15,
  cases: life(200),
  holds: (drawn) => {
    for (const { state, after, pid, request } of liveOut(drawn).asked) {
      const now = heldSlots(after.capabilities);
      for (const [address, row] of heldSlots(state.capabilities)) {
        const owner = ownerOfTable(address);
        const where = Math.floor(address / 2 ** 20) % 4;
        if (where === space.kept || owner === pid) continue;
        const left = now.get(address);
        const isSame =
          left === undefined ||
          (left.id === row.id && left.rights === row.rights && left.badge === row.badge);
        demand(isSame, `${request.call} of process ${pid} changed what lies at ${address}`);
      }
      const before = heldSlots(state.capabilities);
      for (const [address, row] of now) {
        const owner = ownerOfTable(address);
        const where = Math.floor(address / 2 ** 20) % 4;
        if (before.has(address) || owner === pid || where === space.kept) continue;
        // Exceptions: what goes with a reply lies with whoever called; what a new process is given lies there.
        const isReply = where === space.messages && request.call === "ipc_reply";
        demand(
          isReply || request.call === "process_spawn",
          `${request.call} of process ${pid} put ${row.object} at ${address}`,
        );
      }
    }
  },
});

/** What a process is told: no ids of the kernel, no times, nothing of where bytes lie. */
function observed({ request, decision, isAgain }: Asked): unknown {
  if (decision.kind === "refused") return [request.call, isAgain, decision.errno, decision.missing];
  if (decision.kind !== "facts")
    return [request.call, isAgain, decision.kind === "parked" ? "waits" : decision.kind];
  const answer = decision.facts[decision.facts.length - 1] as unknown as Readonly<Record<string, unknown>>;
  const to = typeof answer["to"] === "number" ? answer["to"] % 2 ** 20 : null;
  return [
    request.call,
    answer["type"],
    to,
    answer["slot"] ?? null,
    answer["badge"] ?? null,
    answer["bits"] ?? null,
    answer["slots"] ?? null,
    answer["limit"] ?? null,
    answer["used"] ?? null,
  ];
}

/** Lives a machine whose steps come at fixed times, whoever takes them: its domains have their turns by the clock. */
function inDomains(
  plan: PlannedWorld,
  steps: readonly Operation[],
  takes: (pid: number) => boolean,
): CapabilityWorld {
  const world = new CapabilityWorld(plan);
  steps.forEach((step, at) => {
    world.passTo((at + 1) * 10);
    const pid = (step.who % plan.processes) + 1;
    if (takes(pid) && world.living(pid)) world.ask(pid, requestOf(world.state, pid, step));
  });
  return world;
}

/** Without leases by time what is asked depends on nothing but who asks. */
const purgeable = operations([
  "copy",
  "mint",
  "mutate",
  "delete",
  "revoke",
  "create",
  "store",
  "fetch",
  "seal",
  "unseal",
  "wrap",
  "send",
  "call",
  "receive",
  "receive",
  "reply",
  "cancel",
  "signal",
  "take",
  "split",
  "narrow",
]);

export function operations(kinds: readonly Operation["what"][]): fc.Arbitrary<readonly Operation[]> {
  return fc.array(operation(kinds), { minLength: 150, maxLength: 300, size: "max" });
}

const noninterference = law({
  id: "B10",
  statement:
    "in a machine whose domains have their turns by the clock, what one is told is the same whatever the other does, and if it does nothing (B11, B12)",
  runs: 25,
  cases: fc.tuple(life(1).map(islands), purgeable, purgeable),
  holds: ([{ plan }, steps, others]) => {
    const isMine = (pid: number): boolean => islandOf(pid) === 0;
    const told = (world: CapabilityWorld): unknown =>
      world.asked.filter(({ pid }) => isMine(pid)).map(observed);
    const whole = told(inDomains(plan, steps, () => true));
    demandEqual(
      told(inDomains(plan, steps, isMine)),
      whole,
      "what a domain is told while the other does nothing",
    );
    const mixed = steps.map((step, at) =>
      isMine((step.who % plan.processes) + 1) ? step : otherStep(others, at),
    );
    demandEqual(
      told(inDomains(plan, mixed, () => true)),
      whole,
      "what a domain is told while the other does something else",
    );
  },
});

/** A step of the other island. */
function otherStep(others: readonly Operation[], at: number): Operation {
  const step = others[at % others.length] as Operation;
  return { ...step, who: step.who - (step.who % 2) + 1 };
}

const noAmbient = law({
  id: "B20",
  statement:
    "who holds no directory opens nothing, whatever it does, and neither does any process that it starts",
  runs: 20,
  cases: life(200),
  holds: (drawn) => {
    const world = liveOut({ ...drawn, plan: { ...drawn.plan, hasFiles: false } });
    for (const { event } of world.transitions)
      demand(
        !event.type.startsWith("file/") && !event.type.startsWith("directory/"),
        `event ${event.seq} ${event.type}, though nobody holds a directory`,
      );
  },
});

export const isolationLaws: readonly Law[] = [
  confinement,
  connectivity,
  integrity,
  noninterference,
  noAmbient,
];
