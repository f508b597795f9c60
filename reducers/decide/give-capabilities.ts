/** Capabilities that go with a message: copied into the sender's message table, with no more rights than the sender allows. */
import { errno } from "../../core/errno.ts";
import { addressOf, FIRST_GIVEN, MAX_SLOTS, slotOf, space } from "../capabilities/address.ts";
import { freeSlot } from "../capabilities/capability-selectors.ts";
import { peek, rowsOf } from "../../core/table.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { refuse, type Refused, refusedOf } from "./decision.ts";
import { derivedFact, maskedBy } from "./derive-capability.ts";
import { type Given, MAX_GIVEN } from "./foldos-request.ts";
import { isRefused } from "./held.ts";
import { type Placed, removal } from "./revoke-capability.ts";
import { derivable } from "./usable.ts";
import { crossed, type Crossing } from "./wrap-capability.ts";

interface Sending {
  readonly pid: number;
  readonly given: readonly Given[];
  /** The pid whose message table they go into: the sender's, or that of the caller who is replied to. */
  readonly table: number;
  readonly crossing: Crossing | null;
}

/** The facts that capabilities were given, or why one of them cannot be. */
export function giveAll(
  state: KernelState,
  { pid, given, table, crossing }: Sending,
): readonly KernelFact[] | Refused {
  if (given.length > MAX_GIVEN) return refuse(errno.msgsize, "too-many-given");
  const facts: KernelFact[] = [];
  for (const [index, { slot, rights }] of given.entries()) {
    const source = derivable(state, pid, slot);
    if (source.kind === "refused") return source;
    const through = crossed(state, source, crossing);
    if (isRefused(through)) return refusedOf(slot, through);
    const { changes } = through;
    const allowed = maskedBy(rights, { ...through.source.capability, ...changes });
    const to = addressOf(space.messages, table, FIRST_GIVEN + index);
    facts.push(derivedFact(through.source, { to, how: "given" }, { ...changes, ...allowed }));
  }
  return facts;
}

/** Where what came with a message goes: as many as there is room for; the rest is dropped. */
export interface Taken {
  readonly facts: readonly KernelFact[];
  readonly slots: readonly number[];
}

interface Taking {
  readonly pid: number;
  readonly table: number;
  readonly room: number;
  readonly free: readonly number[];
  /** The membrane through which the receiver hears; null for none. */
  readonly crossing: Crossing | null;
}

/** Moves what lies in a message table into the free slots of a process, from the first of `free` on. */
export function takeGiven(state: KernelState, { pid, table, room, free, crossing }: Taking): Taken {
  const facts: KernelFact[] = [];
  const slots: number[] = [];
  const dropped: Placed[] = [];
  for (const placed of givenIn(state, table)) {
    const slot = free[slots.length];
    const to = addressOf(space.process, pid, slot ?? 0);
    const taken =
      slots.length >= room || slot === undefined ? null : takeOne(state, placed, { to, crossing });
    if (taken === null) dropped.push(placed);
    else {
      facts.push(taken);
      // What was wrapped as it arrived hangs below what lay in the message, which goes now.
      if (taken.type === "capability/derived") dropped.push(placed);
      slots.push(slot as number);
    }
  }
  const root = addressOf(space.messages, table, FIRST_GIVEN);
  const drops = dropped.length === 0 ? [] : removal(dropped, { by: 0, why: "taken", root });
  return { facts: [...facts, ...drops], slots };
}

/** The fact that a capability has arrived; null if it may not. */
function takeOne(
  state: KernelState,
  [from, capability]: Placed,
  { to, crossing }: { readonly to: number; readonly crossing: Crossing | null },
): KernelFact | null {
  const { id: by, rights, inheriting, badge, terms } = capability;
  const hasCrossed =
    crossing !== null && terms?.membrane === crossing.membrane && terms.isInside !== crossing.fromInside;
  if (crossing === null || hasCrossed)
    return { type: "capability/carried", by, from, to, rights, inheriting, badge };
  const through = crossed(state, { address: from, capability }, crossing);
  if (isRefused(through)) return null;
  return derivedFact(
    through.source,
    { to, how: "given" },
    { ...through.changes, rights: rights & (through.changes.rights ?? rights) },
  );
}

/** What goes with a message, without the capability that it was sent through. */
export function givenIn(state: KernelState, pid: number): readonly Placed[] {
  const table = peek(state.capabilities.messages, pid);
  if (table === null) return [];
  return [...rowsOf(table.slots)]
    .map(([slot, row]): readonly [number, Capability] => [addressOf(space.messages, pid, slot), row])
    .filter(([address]) => slotOf(address) >= FIRST_GIVEN);
}

/** The lowest free slots of a process, so many of them, or fewer if there are not so many. */
export function freeSlots(state: KernelState, pid: number, count: number): readonly number[] {
  const slots = peek(state.capabilities.tables, pid)?.slots;
  const free: number[] = [];
  for (let slot = freeSlot(state.capabilities, pid); free.length < count && slot < MAX_SLOTS; slot += 1)
    if (slots === undefined || peek(slots, slot) === null) free.push(slot);
  return free;
}
