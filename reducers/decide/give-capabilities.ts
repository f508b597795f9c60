/** Capabilities that go with a message: copied into the sender's message table, with no more rights than the sender allows. */
import { errno } from "../../core/errno.ts";
import { addressOf, FIRST_GIVEN, MAX_SLOTS, slotOf, space } from "../capabilities/address.ts";
import { freeSlot } from "../capabilities/capability-selectors.ts";
import { peek, rowsOf } from "../../core/table.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { refuse, type Refused } from "./decision.ts";
import { derivedFact } from "./derive-capability.ts";
import { type Given, MAX_GIVEN } from "./foldos-request.ts";
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
  if (given.length > MAX_GIVEN) return refuse(errno.msgsize);
  const facts: KernelFact[] = [];
  for (const [index, { slot, rights }] of given.entries()) {
    const source = derivable(state, pid, slot);
    if (source.kind === "refused") return source;
    const through = crossed(state, source, crossing);
    if (through === null) return refuse(errno.notsup);
    const { changes } = through;
    const allowed = rights & (changes.rights ?? through.source.capability.rights);
    const to = addressOf(space.messages, table, FIRST_GIVEN + index);
    facts.push(derivedFact(through.source, { to, how: "given" }, { ...changes, rights: allowed }));
  }
  return facts;
}

/** Where what came with a message goes: as many as there is room for; the rest is dropped. */
export interface Taken {
  readonly facts: readonly KernelFact[];
  readonly slots: readonly number[];
}

/** Moves what lies in a message table into the free slots of a process, from the first of `free` on. */
export function takeGiven(
  state: KernelState,
  {
    pid,
    table,
    room,
    free,
  }: {
    readonly pid: number;
    readonly table: number;
    readonly room: number;
    readonly free: readonly number[];
  },
): Taken {
  const given = givenIn(state, table);
  const facts: KernelFact[] = [];
  const slots: number[] = [];
  const dropped: Placed[] = [];
  for (const [from, capability] of given) {
    const slot = free[slots.length];
    if (slots.length >= room || slot === undefined) dropped.push([from, capability]);
    else {
      const { id: by, rights, inheriting, badge } = capability;
      const to = addressOf(space.process, pid, slot);
      facts.push({ type: "capability/carried", by, from, to, rights, inheriting, badge });
      slots.push(slot);
    }
  }
  const root = addressOf(space.messages, table, FIRST_GIVEN);
  const drops = dropped.length === 0 ? [] : removal(dropped, { by: 0, why: "cancelled", root });
  return { facts: [...facts, ...drops], slots };
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
