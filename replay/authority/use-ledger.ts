/**
 * What a process used of what it held, told from its events. Where an event does not say which right it needed, as of a poll that
 * names no descriptor, every right that it can have been is kept apart as `perhaps`: what is left over was surely not needed, and that
 * is what law G4 holds to (without it, every decision of the stretch is the same).
 */
import type { ObjectKind } from "../../core/object-rights.ts";
import { peek, rowsOf } from "../../core/table.ts";
import { addressOf, ownerOfTable, space, spaceOf } from "../../reducers/capabilities/address.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { GuestPaths } from "../guest-paths.ts";
import type { HeldInStretch } from "./held-in-stretch.ts";
import { ObjectNames } from "./object-names.ts";
import { refOf } from "./object-ref.ts";
import { touchedSlots } from "./touched-slots.ts";
import type { Everywhere, Mask, UseMarks } from "./use-marks.ts";
import { markUse } from "./use-rules.ts";
import { markWait } from "./wait-rules.ts";

export class UseLedger implements UseMarks<HeldInStretch> {
  readonly pid: number;
  readonly #paths: GuestPaths;
  readonly #all = new Map<number, HeldInStretch>();
  /** Those that it holds now. */
  readonly #now = new Map<number, HeldInStretch>();
  readonly #byTarget = new Map<string, Set<HeldInStretch>>();
  /** For each reason that concerns all capabilities those that were not marked for it yet. */
  readonly #unmarked = new Map<Everywhere, Set<HeldInStretch>>();
  #state: KernelState;
  #seq = -1;
  /** Whether capabilities were put to a message that is still to be sent. */
  hasGiven = false;

  /** `state` is the one in which the stretch begins; it may be written afterwards. */
  constructor(state: KernelState, pid: number, paths: GuestPaths) {
    this.pid = pid;
    this.#paths = paths;
    this.#state = state;
    for (const where of [space.process, space.services])
      for (const [address, row] of rowsIn(state, where, pid)) this.#hold(address, row, true);
    markWait(this, state);
  }

  get held(): readonly HeldInStretch[] {
    return [...this.#all.values()];
  }

  /** The state before the event that is being taken. */
  get state(): KernelState {
    return this.#state;
  }

  /** One event; `state` is the one before it. */
  take(state: KernelState, event: KernelEvent): void {
    this.#state = state;
    this.#seq = event.seq;
    if (event.pid === this.pid && "by" in event) {
      const named = this.#now.get(event.by);
      if (named !== undefined) named.isNamed = true;
    }
    markUse(this, event);
  }

  /** Sees what that event has brought and taken; `state` is the one after it. */
  settle(state: KernelState, event: KernelEvent): void {
    this.#state = state;
    for (const address of touchedSlots(event)) {
      const row = this.isOwn(address) ? rowAt(state.capabilities, address) : null;
      if (row !== null && !this.#now.has(row.id)) this.#hold(address, row, false);
    }
    if (event.type === "capability/closed" && event.pid === this.pid) this.#drop(event.by);
  }

  /** Whether an address is of the process's slots or services. */
  isOwn(address: number): boolean {
    const where = spaceOf(address);
    return ownerOfTable(address) === this.pid && (where === space.process || where === space.services);
  }

  #hold(address: number, row: Capability, isFromBefore: boolean): void {
    if (row.object === "void") return;
    const held = this.#all.get(row.id) ?? this.#newHeld(address, row, isFromBefore);
    this.#all.set(row.id, held);
    this.#now.set(row.id, held);
    const key = targetKey(row.object, row.target);
    const same = this.#byTarget.get(key);
    if (same === undefined) this.#byTarget.set(key, new Set([held]));
    else same.add(held);
    for (const waiting of this.#unmarked.values()) waiting.add(held);
  }

  #newHeld(address: number, row: Capability, isFromBefore: boolean): HeldInStretch {
    const { files } = this.#state;
    const { id, object, target, label, parent, rights, inheriting, terms } = row;
    const inode = object === "file" ? (peek(files.opens, target)?.inode ?? 0) : 0;
    return {
      id,
      object,
      target,
      label,
      parent,
      rights,
      inheriting,
      inode,
      isFromBefore,
      isDirectory: peek(files.inodes, inode)?.kind === fileType.directory,
      name: new ObjectNames(this.#state, this.#paths).nameOf(refOf(this.#state, row)),
      isService: spaceOf(address) === space.services,
      isInMembrane: (terms?.membrane ?? 0) !== 0,
      used: 0,
      usedInheriting: 0,
      handedOn: 0,
      handedOnInheriting: 0,
      perhaps: 0,
      perhapsInheriting: 0,
      firstUse: -1,
      uses: 0,
      isNamed: false,
    };
  }

  #drop(id: number): void {
    const held = this.#now.get(id);
    if (held === undefined) return;
    this.#now.delete(id);
    this.#byTarget.get(targetKey(held.object, held.target))?.delete(held);
    for (const waiting of this.#unmarked.values()) waiting.delete(held);
  }

  /** A capability that it holds; null for one of somebody else's. */
  heldAs(id: number): HeldInStretch | null {
    return this.#now.get(id) ?? null;
  }

  inSlot(slot: number): HeldInStretch | null {
    if (slot < 0) return null;
    const row = rowAt(this.#state.capabilities, addressOf(space.process, this.pid, slot));
    return row === null ? null : this.heldAs(row.id);
  }

  service(slot: number): HeldInStretch | null {
    const row = rowAt(this.#state.capabilities, addressOf(space.services, this.pid, slot));
    return row === null ? null : this.heldAs(row.id);
  }

  /** All that it holds to an object. */
  heldTo(object: ObjectKind, target: number): Iterable<HeldInStretch> {
    return this.#byTarget.get(targetKey(object, target)) ?? [];
  }

  use(held: HeldInStretch | null, rights: number, inheriting = 0): void {
    if (held === null) return;
    held.used |= rights & held.rights;
    held.usedInheriting |= inheriting & held.inheriting;
    if (held.firstUse < 0) held.firstUse = this.#seq;
    held.uses += 1;
    held.isNamed = true;
  }

  handOn(held: HeldInStretch | null, { rights, inheriting }: Mask): void {
    if (held === null) return;
    held.handedOn |= rights & held.rights;
    held.handedOnInheriting |= inheriting & held.inheriting;
    held.isNamed = true;
  }

  perhaps(held: HeldInStretch | null, rights: number, inheriting = 0): void {
    if (held === null) return;
    held.perhaps |= rights & held.rights;
    held.perhapsInheriting |= inheriting & held.inheriting;
  }

  /** One of several rights was needed: which, is known where only one is held. */
  oneOf(held: HeldInStretch | null, rights: number): void {
    if (held === null) return;
    const possible = rights & held.rights;
    const isOne = possible !== 0 && (possible & (possible - 1)) === 0;
    this.use(held, isOne ? possible : 0);
    if (!isOne) this.perhaps(held, possible);
  }

  /** Something may have been needed of any capability: each is marked once for a reason. */
  perhapsOfAll(everywhere: Everywhere): void {
    let unmarked = this.#unmarked.get(everywhere);
    if (unmarked === undefined) {
      unmarked = new Set(this.#now.values());
      this.#unmarked.set(everywhere, unmarked);
    }
    for (const held of unmarked) {
      const mask = everywhere(held);
      if (mask !== null) this.perhaps(held, mask.rights, mask.inheriting);
    }
    unmarked.clear();
  }
}

const targetKey = (object: ObjectKind, target: number): string => `${object}:${target}`;

function* rowsIn(
  { capabilities }: KernelState,
  where: typeof space.process | typeof space.services,
  pid: number,
): Generator<readonly [number, Capability]> {
  const tables = where === space.process ? capabilities.tables : capabilities.services;
  const table = peek(tables, pid);
  if (table === null) return;
  for (const [slot, row] of rowsOf(table.slots)) yield [addressOf(where, pid, slot), row];
}
