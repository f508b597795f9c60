/** What lies in which slot, as the checker sees it: maps of plain rows, filled from recorded events and from nothing else. */
const SLOTS = 2 ** 20;
const SPACES = 4;

/** Spaces of addresses, by their numbers on disk. */
export const at = { process: 0, services: 1, kept: 2, messages: 3 } as const;

export const placed = (space: number, owner: number, slot: number): number =>
  (owner * SPACES + space) * SLOTS + slot;
export const spaceAt = (address: number): number => Math.floor(address / SLOTS) % SPACES;
export const ownerAt = (address: number): number => Math.floor(address / (SLOTS * SPACES));
export const slotAt = (address: number): number => address % SLOTS;
export const isIn = (address: number, space: number, owner: number): boolean =>
  spaceAt(address) === space && ownerAt(address) === owner;
/** Whether an address is a slot of a process's own table. */
export const isOf = (address: number, pid: number): boolean => isIn(address, at.process, pid);

export interface HeldRow {
  readonly id: number;
  readonly object: string;
  readonly target: number;
  readonly rights: number;
  readonly inheriting: number;
  readonly badge: number;
  /** The id that it was made of; -1 for one that boot granted, or that came with its object. */
  readonly parent: number;
  /** The inode behind it; 0 where none is, or none is known. */
  readonly inode: number;
  readonly isWeak: boolean;
  /** The id of what it ends with; 0: of nothing. */
  readonly holder: number;
  /** Kernel time at which it ends; 0: never. */
  readonly until: number;
  /** How often it may still be used; -1: without end. */
  readonly uses: number;
  readonly membrane: number;
}

/** A row with nothing special about it. */
export const plainRow = (
  row: Pick<HeldRow, "id" | "object" | "target" | "rights" | "inheriting"> & Partial<HeldRow>,
): HeldRow => ({
  badge: 0,
  parent: -1,
  inode: 0,
  isWeak: false,
  holder: 0,
  until: 0,
  uses: -1,
  membrane: 0,
  ...row,
});

export class HeldSlots {
  /** By table, then by slot. */
  readonly #tables = new Map<number, Map<number, HeldRow>>();
  readonly #addresses = new Map<number, number>();
  /** What each capability was made of, for ever. */
  readonly #parents = new Map<number, number>();
  /** Slots that a revocation emptied, with the id of what was there. */
  readonly #voids = new Map<number, number>();
  readonly #holders = new Map<string, number>();

  rowAt(address: number): HeldRow | null {
    return this.#tables.get(Math.floor(address / SLOTS))?.get(slotAt(address)) ?? null;
  }

  /** Where a capability lies; -1 if it is nowhere. */
  addressOf(id: number): number {
    return this.#addresses.get(id) ?? -1;
  }

  voidAt(address: number): number {
    return this.#voids.get(address) ?? -1;
  }

  isFree(address: number): boolean {
    return this.rowAt(address) === null && !this.#voids.has(address);
  }

  /** All that lies in a process's own slots. */
  rowsOf(pid: number): Iterable<HeldRow> {
    return this.#tables.get(pid * SPACES + at.process)?.values() ?? [];
  }

  /** All that a process has elsewhere than in its own slots: its services, and what it has sent. */
  *elsewhereOf(pid: number): Generator<HeldRow> {
    yield* this.#tables.get(pid * SPACES + at.services)?.values() ?? [];
    for (const [, row] of this.messagesOf(pid)) yield row;
  }

  /** What lies in a message of a process, by slot. */
  messagesOf(pid: number): Iterable<readonly [number, HeldRow]> {
    return this.#tables.get(pid * SPACES + at.messages) ?? [];
  }

  /** Puts a row where nothing is; or says why not. */
  putFree(address: number, row: HeldRow): string | null {
    if (!this.isFree(address)) return `slot ${slotAt(address)} of table ${ownerAt(address)} is not free`;
    this.put(address, row);
    return null;
  }

  holdersOf(object: string, target: number): number {
    return this.#holders.get(`${object} ${target}`) ?? 0;
  }

  /** Whether a capability was made of another one, in any number of steps. */
  descends(id: number, ancestor: number): boolean {
    for (let each = this.#parents.get(id) ?? -1; each >= 0; each = this.#parents.get(each) ?? -1)
      if (each === ancestor) return true;
    return false;
  }

  put(address: number, row: HeldRow): void {
    const table = Math.floor(address / SLOTS);
    const slots = this.#tables.get(table) ?? new Map<number, HeldRow>();
    this.#tables.set(table, slots);
    if (!slots.has(slotAt(address))) this.#count(row, 1);
    slots.set(slotAt(address), row);
    this.#addresses.set(row.id, address);
    this.#parents.set(row.id, row.parent);
  }

  take(address: number): HeldRow | null {
    const row = this.rowAt(address);
    if (row === null) return null;
    const table = Math.floor(address / SLOTS);
    const slots = this.#tables.get(table);
    slots?.delete(slotAt(address));
    if (slots?.size === 0) this.#tables.delete(table);
    this.#addresses.delete(row.id);
    this.#count(row, -1);
    return row;
  }

  leaveVoid(address: number, id: number): void {
    this.#voids.set(address, id);
  }

  clearVoid(address: number): void {
    this.#voids.delete(address);
  }

  #count({ object, target }: HeldRow, change: number): void {
    const key = `${object} ${target}`;
    const count = this.holdersOf(object, target) + change;
    if (count === 0) this.#holders.delete(key);
    else this.#holders.set(key, count);
  }
}
