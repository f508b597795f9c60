/** Revocation (R1 to R10): it reaches all that was made of a capability, wherever that lies, and nothing else. */
import fc from "fast-check";
import { errno } from "../../core/errno.ts";
import { peek, rowsOf } from "../../core/table.ts";
import { addressOf, ownerOfTable, slotOf, space, spaceOf } from "../../reducers/capabilities/address.ts";
import { removedOf } from "../../reducers/capabilities/capability-event.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import { decide } from "../../reducers/decide/decide.ts";
import { revokeCapability } from "../../reducers/decide/revoke-capability.ts";
import { kernelInvariants } from "../../reducers/kernel-invariants.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import { type Operation, requestOf } from "../model/capability-operations.ts";
import type { Asked, CapabilityWorld } from "../model/capability-world.ts";
import { behindMembrane, heldSlots, strictDescendants } from "../models/derivation-model.ts";
import { life, type Life, liveOut } from "./capability-life.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

interface Revoked {
  readonly asked: Asked;
  readonly root: number;
  /** What is to go, by address. */
  readonly doomed: ReadonlySet<number>;
}

/** All revocations of a life that were carried out at once. */
function* revocationsIn(world: CapabilityWorld): Generator<Revoked> {
  for (const asked of world.asked) {
    const { request, decision, pid, state } = asked;
    if (request.call !== "cap_revoke" || decision.kind !== "facts") continue;
    const root = addressOf(space.process, pid, request.fd);
    yield { asked, root, doomed: doomedIn(state, root) };
  }
}

function doomedIn(state: KernelState, root: number): ReadonlySet<number> {
  const slots = heldSlots(state.capabilities);
  const row = slots.get(root);
  const below = strictDescendants(slots, root);
  if (row?.object !== "membrane") return below;
  return new Set([...below, ...behindMembrane(slots, row.target)].filter((address) => address !== root));
}

const what = ({ id, object, target, rights, inheriting, badge }: NonNullable<ReturnType<typeof rowAt>>) => ({
  id,
  object,
  target,
  rights,
  inheriting,
  badge,
});

function isComplete({ asked, root, doomed }: Revoked): void {
  const { state, after } = asked;
  const left = heldSlots(after.capabilities);
  for (const address of doomed)
    demand(!left.has(address), `${address}, derived from ${root}, is held after the revocation`);
  const own = left.get(root);
  demand(own !== undefined, "what is revoked stays itself");
}

/** What was not derived from what was revoked is as it was, but for what objects kept that nobody holds any more. */
function isExact({ asked, doomed }: Revoked): void {
  const { state, after } = asked;
  const left = heldSlots(after.capabilities);
  for (const [address, row] of heldSlots(state.capabilities)) {
    if (doomed.has(address)) continue;
    const now = left.get(address);
    const keeperIsGone =
      spaceOf(address) === space.kept && peek(after.capabilities.objects, ownerOfTable(address)) === null;
    if (now === undefined && keeperIsGone) continue;
    if (now === undefined && spaceOf(address) === space.messages) continue;
    demandEqual(now === undefined ? null : what(now), what(row), `what lies at ${address}`);
  }
}

const completeness = law({
  id: "R1",
  statement:
    "after a revocation nothing that was made of a capability is left, it is there itself, and all else is as it was",
  runs: 20,
  cases: life(200),
  holds: (drawn) => {
    for (const revoked of revocationsIn(liveOut(drawn))) {
      isComplete(revoked);
      isExact(revoked);
    }
  },
});

const immediate = law({
  id: "R2",
  statement:
    "no event after a revocation uses a capability that it took, and no slot that it emptied is taken behind its holder's back",
  runs: 20,
  cases: life(250),
  holds: (drawn) => {
    const gone = new Set<number>();
    for (const { before, event, after } of liveOut(drawn).transitions) {
      const isCleared = event.type === "capability/closed" && event.object === "void";
      if ("by" in event && event.type !== "capability/removed" && !isCleared)
        demand(!gone.has(event.by), `event ${event.seq} ${event.type} uses ${event.by}, which was taken`);
      if (event.type !== "capability/removed") continue;
      for (const [, , address] of removedOf(event)) {
        const row = rowAt(before.capabilities, address);
        demand(row !== null, "what is taken was there");
        gone.add(row.id);
        const isOwnDoing = event.why === "holder-ended" && ownerOfTable(address) === event.pid;
        if (spaceOf(address) === space.process && !isOwnDoing)
          demandEqual(rowAt(after.capabilities, address)?.object, "void", `slot ${slotOf(address)}`);
      }
    }
  },
});

/** Few processes, which hold the same endpoints with all rights: what one hands on is soon used. */
export const few = (length: number, kinds: readonly Operation["what"][]): fc.Arbitrary<Life> =>
  life(length, kinds, 4).map(({ plan, steps }) => ({
    plan: {
      ...plan,
      objects: ["endpoint", "endpoint", "membrane"],
      endowments: [0, 1, 2, 3].flatMap((who) =>
        [0, 1, 2].map((which) => ({ who, which, rights: 15, badge: 0 })),
      ),
    },
    steps,
  }));

const inFlight = law({
  id: "R3",
  statement:
    "what lies in a message, a reply, a box or a table is reached like any other; whoever waited with it is told",
  runs: 30,
  cases: few(150, [
    "copy",
    "mint",
    "send",
    "send",
    "call",
    "receive",
    "receive",
    "receive",
    "revoke",
    "revoke",
    "store",
    "seal",
  ]),
  holds: (drawn) => {
    const world = liveOut(drawn);
    for (const revoked of revocationsIn(world)) {
      isComplete(revoked);
      const { after } = revoked.asked;
      for (const address of revoked.doomed) {
        const isMessage = spaceOf(address) === space.messages && slotOf(address) === 0;
        if (isMessage)
          demand(
            peek(after.ipc.exchanges, ownerOfTable(address)) === null,
            "a message that was taken back is in no queue",
          );
      }
    }
    for (const { request, decision, isAgain } of world.asked)
      if (
        isAgain &&
        decision.kind === "refused" &&
        (request.call === "ipc_call" || request.call === "ipc_send")
      )
        demand(
          [errno.canceled, errno.stale].includes(decision.errno as 11),
          `what a cancelled ${request.call} is told`,
        );
  },
});

/** A revocation that others interrupt after every capability that it takes. */
function interrupted(world: CapabilityWorld, drawn: Life, step: Operation): void {
  const pid = (step.who % drawn.plan.processes) + 1;
  const request = requestOf(world.state, pid, { ...step, what: "revoke" });
  if (request.call !== "cap_revoke" || !world.living(pid)) return;
  const root = addressOf(space.process, pid, request.fd);
  let left = doomedIn(world.state, root).size;
  for (let at = 0; ; at += 1) {
    const decision = revokeCapability(world.state, pid, request.fd, { atOnce: 1, steps: 1 });
    if (decision.kind === "refused") return;
    if (decision.kind !== "facts" && decision.kind !== "parked") throw new Error("a revocation happens");
    for (const fact of decision.facts) world.happen(pid, fact);
    for (const [name, holds] of Object.entries(kernelInvariants))
      demand(holds(world.state), `${name}, in mid-revocation`);
    if (decision.kind === "facts") break;
    const meanwhile = drawn.steps[(step.b + at) % drawn.steps.length] as Operation;
    const other = (meanwhile.who % drawn.plan.processes) + 1;
    if (other !== pid && world.living(other)) world.ask(other, requestOf(world.state, other, meanwhile));
    if (rowAt(world.state.capabilities, root)?.id !== decision.facts[0]?.["by" as "type"]) return;
    const now = doomedIn(world.state, root).size;
    demand(now < left, `after a step of a revocation ${now} capabilities are left, of ${left}`);
    left = now;
  }
  demandEqual(doomedIn(world.state, root).size, 0, "what is left when a revocation is over");
}

const preempted = law({
  id: "R4",
  statement:
    "a revocation may be interrupted after every capability: all invariants hold, what is left becomes less, and it comes to an end",
  runs: 10,
  cases: fc.tuple(
    life(100, ["mint", "copy", "copy", "mint", "call", "receive", "store", "seal", "create", "wrap"]),
    life(60),
  ),
  holds: ([drawn, others]) => {
    const world = liveOut(drawn);
    for (const step of drawn.steps.slice(0, 30)) interrupted(world, { ...drawn, steps: others.steps }, step);
  },
});

const ofOneself = law({
  id: "R5",
  statement: "who revokes what his own slots were made of finds them empty, and is told so",
  runs: 20,
  cases: life(200, ["mint", "copy", "copy", "lease", "revoke", "move"]),
  holds: (drawn) => {
    for (const { asked, doomed } of revocationsIn(liveOut(drawn)))
      for (const address of doomed) {
        const isOwn = spaceOf(address) === space.process && ownerOfTable(address) === asked.pid;
        if (!isOwn) continue;
        const asker = { pid: asked.pid, at: asked.at + 1, since: asked.at + 1 };
        const told = decide(asked.after, asker, { call: "cap_copy", fd: slotOf(address) });
        demandEqual(
          told,
          { kind: "refused", errno: errno.stale, missing: 0 },
          "what is said of a slot that was emptied",
        );
      }
  },
});

/** Carries out two revocations, one after the other; the ids of all that is held then, and how often one was refused. */
function both(state: KernelState, order: readonly { readonly pid: number; readonly fd: number }[]) {
  const fold = new Fold(state);
  let refused = 0;
  for (const { pid, fd } of order) {
    const decision = decide(
      fold.state,
      { pid, at: state.at + 1, since: state.at + 1 },
      { call: "cap_revoke", fd },
    );
    if (decision.kind !== "facts") refused += 1;
    else
      for (const fact of decision.facts)
        fold.apply({ ...fact, seq: fold.state.seq, at: state.at, cause: -1, pid, call: -1 } as Parameters<
          Fold["apply"]
        >[0]);
  }
  const ids = [...heldSlots(fold.state.capabilities).values()].map(({ id }) => id);
  return { ids: ids.sort((one, other) => one - other), refused };
}

const concurrent = law({
  id: "R6",
  statement:
    "of two revocations, in whichever order, the same is left; the one that comes too late is refused",
  runs: 20,
  cases: fc.tuple(life(150, ["mint", "copy", "call", "receive", "store", "create"]), fc.nat(), fc.nat()),
  holds: ([drawn, one, other]) => {
    const { state } = liveOut(drawn);
    const inSlots = [...heldSlots(state.capabilities)].filter(
      ([address]) => spaceOf(address) === space.process,
    );
    const named = (index: number) => {
      const [address] = inSlots[index % inSlots.length] ?? [0];
      return { pid: ownerOfTable(address), fd: slotOf(address) };
    };
    const [a, b] = [named(one), named(other)];
    const there = both(state, [a, b]);
    const back = both(state, [b, a]);
    demandEqual(there.ids, back.ids, "what two revocations leave, in both orders");
    demand(there.refused + back.refused <= 1, "at most one of them comes too late, in one order");
  },
});

const idempotent = law({
  id: "R7",
  statement: "to revoke twice is to revoke once, and what lies higher takes all that what lies lower takes",
  runs: 20,
  cases: life(200),
  holds: (drawn) => {
    for (const { asked, root } of revocationsIn(liveOut(drawn))) {
      const { pid, request, after } = asked;
      if (request.call !== "cap_revoke") continue;
      const fd = request.fd;
      const once = heldSlots(after.capabilities);
      demandEqual(
        both(after, [{ pid, fd }]).ids,
        [...once.values()].map(({ id }) => id).sort((x, y) => x - y),
        "what a second revocation leaves",
      );
      const slots = heldSlots(asked.state.capabilities);
      const above = slots.get(root)?.above ?? -1;
      if (above < 0) continue;
      const higher = strictDescendants(slots, above);
      for (const address of strictDescendants(slots, root))
        demand(higher.has(address), "what lies lower lies below what is higher");
    }
  },
});

const resourcesReturn = law({
  id: "R8",
  statement: "when all that a budget paid for is gone, all of it can be spent again",
  runs: 20,
  cases: life(200, ["create", "create", "split", "delete", "copy", "store", "seal", "revoke", "wrap"]),
  holds: (drawn) => {
    // What lies in a table of the machine's own stays, because that stays.
    const objects = drawn.plan.objects.map((kind) => (kind === "table" ? "endpoint" : kind));
    const world = liveOut({ ...drawn, plan: { ...drawn.plan, objects } });
    for (let pid = 1; pid <= drawn.plan.processes; pid += 1)
      if (world.living(pid) && !world.isWaiting(pid)) world.ask(pid, { call: "proc_exit", code: 0 });
    if (Array.from({ length: drawn.plan.processes }, (_, at) => world.living(at + 1)).includes(true)) return;
    const { budgets, kept, objects: left } = world.state.capabilities;
    demandEqual([...rowsOf(budgets)].length, 0, "budgets that are left when nobody lives");
    demandEqual([...rowsOf(left)].length, objects.length, "objects that are left but the machine's own");
    const keepers = [...rowsOf(kept)].map(([id]) => id);
    demand(
      keepers.every((id) => id === 0 || peek(left, id) !== null),
      "only objects that are there keep anything",
    );
  },
});

/** Who stands in the queue of an endpoint, in order. */
function queueOf({ ipc }: KernelState, endpoint: number): readonly (readonly [pid: number, badge: number])[] {
  const queue: (readonly [number, number])[] = [];
  for (let pid = peek(ipc.endpoints, endpoint)?.first ?? 0; pid !== 0; ) {
    const exchange = peek(ipc.exchanges, pid);
    if (exchange === null) break;
    queue.push([pid, exchange.badge]);
    pid = exchange.behind;
  }
  return queue;
}

const cancelBadged = law({
  id: "R9",
  statement:
    "cancelling sends with a badge takes exactly those from the queue, and the others keep their order",
  runs: 20,
  cases: life(250, ["mint", "send", "send", "call", "call", "cancel", "copy"]),
  holds: (drawn) => {
    for (const { request, decision, state, after, pid } of liveOut(drawn).asked) {
      if (request.call !== "ipc_cancel_badged" || decision.kind !== "facts") continue;
      const endpoint = rowAt(state.capabilities, addressOf(space.process, pid, request.fd))?.target ?? 0;
      const others = queueOf(state, endpoint).filter(([, badge]) => badge !== request.badge);
      demandEqual(queueOf(after, endpoint), others, `the queue of endpoint ${endpoint}`);
    }
  },
});

const replayed = law({
  id: "R10",
  statement: "a log replays to what it was, whatever was revoked later; only new calls are refused",
  runs: 15,
  cases: life(200),
  holds: (drawn) => {
    const world = liveOut(drawn);
    const fold = new Fold(initialState());
    for (const { event, after } of world.transitions) {
      fold.apply(event);
      if (event.seq % 50 === 0)
        demandEqual({ ...fold.snapshot(), epoch: 0 }.seq, after.seq, "the replay's place");
    }
    demandEqual(
      JSON.stringify(plain(fold.snapshot())),
      JSON.stringify(plain(world.state)),
      "the state of the replay",
    );
  },
});

/** A state without the stamps of the folds that made it. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, below]) => (key === "epoch" ? [] : [[key, plain(below)]])),
  );
};

export const revocationLaws: readonly Law[] = [
  completeness,
  immediate,
  inFlight,
  preempted,
  ofOneself,
  concurrent,
  idempotent,
  resourcesReturn,
  cancelBadged,
  replayed,
];
