/** What is handed on, and under which terms (B1, B13, B14, B16, B17): by the right to grant, weak, through caretakers, sealed. */
import { operations as everything } from "../model/capability-operations.ts";
import fc from "fast-check";
import { errno } from "../../core/errno.ts";
import { sensoryRightsOf } from "../../core/object-rights.ts";
import { rowsOf } from "../../core/table.ts";
import { addressOf, ownerOfTable, space, spaceOf } from "../../reducers/capabilities/address.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { requestOf } from "../model/capability-operations.ts";
import { heldSlots } from "../models/derivation-model.ts";
import { life, liveOut } from "./capability-life.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import type { CapabilityWorld } from "../model/capability-world.ts";
import { operations } from "./isolation-laws.ts";
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

/** Lets a process keep weak copies of what it held, and what is said to let it only look anyway. */
function keepWhatLooks(world: CapabilityWorld, pid: number): void {
  const slots = [...rowsOf(tableOf(world.state, pid))].filter(([, { object }]) => object !== "reply");
  for (const [slot] of slots) world.ask(pid, { call: "cap_weaken", fd: slot });
  for (const { holder } of unconfinedBy(new AuthorityView(world.state, new GuestPaths()), pid))
    if (holder.kind === "slot") world.ask(pid, { call: "cap_delete", fd: holder.slot });
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
    keepWhatLooks(world, pid);
    const from = world.asked.length;
    if (unconfinedBy(new AuthorityView(world.state, new GuestPaths()), pid).length > 0) return;
    const held = Array.from(rowsOf(tableOf(world.state, pid)), ([slot]) => slot);
    for (const slot of held) if (world.mayGoOn(pid)) world.ask(pid, { call: "cap_revoke", fd: slot });
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
          demand(
            ((fact.rights | fact.inheriting) & ~(request.given[at]?.rights ?? 0)) === 0,
            "more is given than was said",
          );
      });
    }
  },
});

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

export const delegationLaws: readonly Law[] = [weakness, confinement, transfer, caretaker, sealing];
