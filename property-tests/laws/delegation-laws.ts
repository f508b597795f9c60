/** What is handed on, and under which terms (B1, B14 to B17): by the right to grant, weak, through membranes and caretakers, sealed. */
import fc from "fast-check";
import { errno } from "../../core/errno.ts";
import { sensoryRightsOf } from "../../core/object-rights.ts";
import { rowsOf } from "../../core/table.ts";
import { addressOf, ownerOfTable, space, spaceOf } from "../../reducers/capabilities/address.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import type { KernelFact } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { requestOf } from "../model/capability-operations.ts";
import { heldSlots } from "../models/derivation-model.ts";
import { life, liveOut } from "./capability-life.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { few } from "./revocation-laws.ts";
import type { CapabilityWorld } from "../model/capability-world.ts";
import { operations } from "./isolation-laws.ts";
import { operations as everything } from "../model/capability-operations.ts";
import { AuthorityView } from "../../replay/authority/authority-view.ts";
import { unconfinedBy } from "../../replay/authority/confinement.ts";
import { GuestPaths } from "../../replay/guest-paths.ts";

/** Lets a process keep nothing but weak copies of what it held. */
function keepWeakOnly(world: CapabilityWorld, pid: number): void {
  const slots = [...rowsOf(tableOf(world.state, pid))].filter(([, { object }]) => object !== "reply");
  for (const [slot] of slots) world.ask(pid, { call: "cap_weaken", fd: slot });
  const held = [...rowsOf(tableOf(world.state, pid))];
  for (const [slot] of held)
    if (rowAt(world.state.capabilities, addressOf(space.process, pid, slot))?.terms?.isWeak !== true)
      world.ask(pid, { call: "cap_delete", fd: slot });
}

const weakness = law({
  id: "B14",
  statement: "from what is weak nothing is ever reached that can do more than look",
  runs: 20,
  cases: fc.tuple(
    life(60, ["create", "store", "store", "mint", "copy"]),
    operations(["fetch", "fetch", "copy", "mint", "weaken", "lease", "open", "move", "write", "mutate"]),
  ),
  holds: ([drawn, steps]) => {
    const world = liveOut(drawn);
    const pid = 1;
    if (!world.living(pid) || world.isWaiting(pid)) return;
    keepWeakOnly(world, pid);
    for (const step of steps) world.ask(pid, requestOf(world.state, pid, step));
    for (const [, row] of rowsOf(tableOf(world.state, pid)))
      demand(
        (row.rights & ~sensoryRightsOf(row.object)) === 0,
        `${row.object} with rights ${row.rights}, reached from what is weak`,
      );
  },
});

/** Nobody sees stamps, nor who has a file open. */
const seen = (key: string, value: unknown): unknown =>
  key === "epoch" || key === "opens" ? undefined : value;

/** All that lies anywhere but in the slots of a process, and all else that others can see of the machine. */
const outside = (state: KernelState, pid: number): unknown => [
  [...heldSlots(state.capabilities)].flatMap(([address, { id, rights, badge }]) =>
    ownerOfTable(address) === pid && spaceOf(address) === space.process ? [] : [[address, id, rights, badge]],
  ),
  JSON.stringify([state.files.inodes, state.pipes, state.console, state.ipc], seen),
];

/** To give up what one holds may end it, if nobody else holds it. */
const givesUp: ReadonlySet<string> = new Set(["proc_exit", "cap_delete", "fd_renumber"]);

const confinement = law({
  id: "B13",
  statement: "who is said to be confined changes nothing that others can see, whatever it does",
  runs: 20,
  cases: fc.tuple(life(60, ["create", "store", "store", "mint", "copy"]), operations(everything)),
  holds: ([drawn, steps]) => {
    const world = liveOut(drawn);
    const pid = 1;
    if (!world.living(pid) || world.isWaiting(pid)) return;
    keepWeakOnly(world, pid);
    const from = world.asked.length;
    if (unconfinedBy(new AuthorityView(world.state, new GuestPaths()), pid).length > 0) return;
    for (const step of steps) if (world.mayGoOn(pid)) world.ask(pid, requestOf(world.state, pid, step));
    for (const { state, after, request } of world.asked.slice(from))
      if (!givesUp.has(request.call))
        demandEqual(outside(after, pid), outside(state, pid), `what others see after ${request.call}`);
  },
});

const tableOf = ({ capabilities }: KernelState, pid: number) => {
  for (const [owner, { slots }] of rowsOf(capabilities.tables)) if (owner === pid) return slots;
  throw new Error("a process that lives has a table");
};

const transfer = law({
  id: "B1-transfer",
  statement:
    "capabilities go with a message or a reply only by the right to grant, and each with no more rights than its sender says",
  runs: 20,
  cases: life(250, ["mint", "mint", "mint", "send", "call", "call", "receive", "receive", "reply", "copy"]),
  holds: (drawn) => {
    for (const { request, decision, pid, state } of liveOut(drawn).asked) {
      if (request.call !== "ipc_send" && request.call !== "ipc_call" && request.call !== "ipc_reply")
        continue;
      if (request.given.length === 0 || (decision.kind !== "facts" && decision.kind !== "parked")) continue;
      const given = decision.facts.filter(
        (fact) => fact.type === "capability/derived" && fact.how === "given",
      );
      const through = rowAt(state.capabilities, addressOf(space.process, pid, request.fd));
      if (given.length > 0)
        demand(((through?.rights ?? 0) & 4) !== 0, `${request.call} gives without the right to`);
      given.forEach((fact, at) => {
        if (fact.type === "capability/derived")
          demand((fact.rights & ~(request.given[at]?.rights ?? 0)) === 0, "more is given than was said");
      });
    }
  },
});

const membranes = law({
  id: "B15",
  statement:
    "what goes over an endpoint that is held through a membrane is wrapped, what comes back is what it was; revoking the membrane takes both",
  runs: 30,
  cases: few(200, [
    "wrap",
    "wrap",
    "copy",
    "call",
    "call",
    "call",
    "receive",
    "receive",
    "receive",
    "reply",
    "reply",
    "send",
    "revoke",
  ]),
  holds: (drawn) => {
    for (const one of liveOut(drawn).asked) {
      const { request, decision, pid, state, after } = one;
      if (request.call === "cap_revoke" && decision.kind === "facts") {
        const row = rowAt(state.capabilities, addressOf(space.process, pid, request.fd));
        const left = [...heldSlots(after.capabilities).values()].filter(
          ({ id, terms }) =>
            row?.object === "membrane" &&
            (row.rights & 2) !== 0 &&
            id !== row.id &&
            terms?.membrane === row.target,
        );
        demandEqual(left.length, 0, "what is left behind a membrane that was revoked");
      }
      if (
        !("given" in request) ||
        request.call === "process_spawn" ||
        (decision.kind !== "facts" && decision.kind !== "parked")
      )
        continue;
      const through = rowAt(state.capabilities, addressOf(space.process, pid, request.fd));
      const derived = decision.facts.filter((fact) => fact.type === "capability/derived");
      if (through !== null && derived.length === request.given.length)
        derived.forEach((fact, at) =>
          crossesWell(state, through, addressOf(space.process, pid, request.given[at]?.slot ?? 0), fact),
        );
    }
  },
});

type DerivedFact = Extract<KernelFact, { type: "capability/derived" }>;

/** What becomes of a capability that is named at an address and sent through another one. */
function crossesWell(
  { capabilities }: KernelState,
  through: Capability,
  address: number,
  fact: DerivedFact,
): void {
  const named = rowAt(capabilities, address);
  const membrane = through.terms?.membrane ?? 0;
  const fromInside = through.terms?.isInside ?? false;
  const marked = named?.terms?.membrane ?? 0;
  if (membrane === 0) return demandEqual(fact.from, address, "what is sent past every membrane");
  if (marked === 0)
    return demandEqual([fact.membrane, fact.inside], [membrane, !fromInside], "what is wrapped");
  if (marked !== membrane || named?.terms?.isInside !== fromInside) return;
  let original = address;
  while ((rowAt(capabilities, original)?.terms?.membrane ?? 0) === membrane)
    original = rowAt(capabilities, original)?.above ?? -1;
  demandEqual([fact.membrane, fact.object, fact.target], [0, named.object, named.target], "what comes back");
  demand(fact.from === original || fact.from === address, "what comes back is what it was, or as it is");
  isNoLaxer(named, fact);
}

/** What is made of something keeps its badge, its weakness and its end. */
function isNoLaxer({ badge, rights, terms }: Capability, fact: DerivedFact): void {
  demand(badge === 0 || fact.badge === badge, `badge ${badge} became ${fact.badge}`);
  demand(terms?.isWeak !== true || fact.weak, "what was weak came back strong");
  const until = terms?.until ?? 0;
  demand(until === 0 || (fact.until > 0 && fact.until <= until), "a lease came back without its end");
  demand((fact.rights & ~rights) === 0, "it came back with more rights");
}

const throughMembranes = law({
  id: "B15-through",
  statement:
    "whatever is reached through something that is held through a membrane came through that membrane, too",
  runs: 30,
  cases: few(200, [
    "wrap",
    "wrap",
    "create",
    "store",
    "store",
    "fetch",
    "fetch",
    "seal",
    "unseal",
    "open",
    "call",
    "receive",
    "receive",
    "send",
    "copy",
  ]),
  holds: (drawn) => {
    for (const { request, decision, pid, state, after } of liveOut({
      ...drawn,
      plan: { ...drawn.plan, hasFiles: true },
    }).asked) {
      const call = request.call;
      if (decision.kind !== "facts" || !("fd" in request)) continue;
      const fd = call === "cap_unseal" ? request.box : request.fd;
      const terms = rowAt(state.capabilities, addressOf(space.process, pid, fd))?.terms ?? null;
      if (terms === null || terms.membrane === 0) continue;
      if (call !== "table_fetch" && call !== "cap_unseal" && call !== "path_open" && call !== "ipc_receive")
        continue;
      for (const [address, row] of heldSlots(after.capabilities)) {
        const isNew =
          ownerOfTable(address) === pid && spaceOf(address) === space.process && row.id >= state.seq;
        if (!isNew) continue;
        const isMember = row.terms?.membrane === terms.membrane;
        const cameBack = (row.terms?.membrane ?? 0) === 0 && wasOurs(state, row.parent);
        demand(
          isMember || cameBack,
          `${call} through membrane ${terms.membrane} gave ${row.object} ${row.id} unwrapped`,
        );
      }
    }
  },
});

/** Whether a capability is one that nobody got through a membrane. */
function wasOurs({ capabilities }: KernelState, id: number): boolean {
  for (const [, row] of heldSlots(capabilities)) if (row.id === id) return true;
  return false;
}

const caretaker = law({
  id: "B16",
  statement:
    "who has disabled a caretaker has taken the target from all whom it was handed to, and they keep nothing of it",
  runs: 20,
  cases: fc.tuple(
    life(50, ["mint", "create", "copy"]),
    operations(["copy", "mint", "call", "receive", "receive", "store", "seal", "move", "lease"]),
  ),
  holds: ([drawn, steps]) => {
    const world = liveOut(drawn);
    const pid = 1;
    if (!world.living(pid) || world.isWaiting(pid)) return;
    const held = [...rowsOf(tableOf(world.state, pid))].find(
      ([, { object }]) => object === "endpoint" || object === "budget",
    );
    if (held === undefined) return;
    const forwarder = world.ask(pid, { call: "cap_copy", fd: held[0] });
    if (forwarder.kind !== "facts") return;
    const from = (forwarder.facts[0] as { readonly to?: number }).to ?? 0;
    for (const step of steps) {
      const one = (step.who % drawn.plan.processes) + 1;
      if (world.living(one)) world.ask(one, requestOf(world.state, one, step));
    }
    const keeper = rowAt(world.state.capabilities, from);
    if (keeper === null || world.isWaiting(pid)) return;
    const { id } = keeper;
    world.ask(pid, { call: "cap_revoke", fd: from % 2 ** 20 });
    for (const [, row] of heldSlots(world.state.capabilities))
      demand(row.parent !== id, `capability ${row.id} is left of caretaker ${id}`);
  },
});

const sealing = law({
  id: "B17",
  statement: "a box gives what is in it to whoever holds its brand, and nothing to anybody else",
  runs: 20,
  cases: life(250, ["seal", "seal", "unseal", "unseal", "unseal", "create", "mint", "copy"]),
  holds: (drawn) => {
    for (const { request, decision, state, pid } of liveOut(drawn).asked) {
      if (request.call !== "cap_unseal") continue;
      const brand = rowAt(state.capabilities, addressOf(space.process, pid, request.fd));
      const box = rowAt(state.capabilities, addressOf(space.process, pid, request.box));
      if (brand?.object !== "brand" || box?.object !== "box") continue;
      const inside = rowAt(state.capabilities, addressOf(space.kept, box.target, 0));
      const sealedBy = sealedWith(state, box.target);
      if (sealedBy !== brand.target || (brand.rights & 2) === 0)
        demandEqual(decision.kind === "refused" && decision.errno, errno.notcapable, "another brand");
      else if (inside !== null && inside.terms === null)
        demand(decision.kind === "facts", "the same brand opens a box");
    }
  },
});

const sealedWith = ({ capabilities }: KernelState, box: number): number => {
  for (const [id, { detail }] of rowsOf(capabilities.objects)) if (id === box) return detail;
  return -1;
};

export const delegationLaws: readonly Law[] = [
  weakness,
  confinement,
  transfer,
  membranes,
  throughMembranes,
  caretaker,
  sealing,
];
