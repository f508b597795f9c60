import type { DueTable } from "../../core/heap.ts";
import type { ObjectKind } from "../../core/object-rights.ts";
import { type Epochal, FRESH } from "../../core/own.ts";
import { emptyTable, type Table } from "../../core/table.ts";

export interface Capability extends Epochal {
  /** The seq of the event that made it: no two ever have the same, in one timeline. */
  readonly id: number;
  /** A `void` is what a revocation left in a slot, until its holder closes it; its target is the seq of the event that emptied it. */
  readonly object: ObjectKind;
  /** The open file, console stream, pipe, clock, process or kernel object, by the id of its table. */
  readonly target: number;
  /** Rights for the object itself: see core/object-rights.ts. */
  readonly rights: number;
  /** WASI rights for what is opened through it. */
  readonly inheriting: number;
  /** The id of the capability it was derived from; -1 for one that boot granted. */
  readonly parent: number;
  readonly badge: number;
  /** The name under which a directory was granted, or a guest finds it; empty for all else. */
  readonly label: string;
  /** Under which terms it is held; null for none. */
  readonly terms: Terms | null;
  /** The derivation tree, in addresses (-1: none): what it hangs below, the first that hangs below it, and its neighbours. */
  readonly above: number;
  readonly below: number;
  readonly next: number;
  readonly previous: number;
}

export interface Terms extends Epochal {
  /** Kernel time at which it ends; 0 for never. */
  readonly until: number;
  /** How often it may still be used; -1 for without end. */
  readonly uses: number;
  /** Its place among the leases that end by themselves; -1 for none. */
  readonly place: number;
  /** The id of the capability with which it ends, when that is closed; 0 for none. */
  readonly holder: number;
  /** Whether all that is reached through it may only be looked at. */
  readonly isWeak: boolean;
  /** The membrane that it came through; 0 for none. */
  readonly membrane: number;
  /** Whether it is held on the inner side of that membrane. */
  readonly isInside: boolean;
  /** The others that came through that membrane, in addresses; -1: none. */
  readonly nextMember: number;
  readonly previousMember: number;
}

/** A table of slots. The lowest free one of a process is taken next, as POSIX has it. */
export interface CapabilityTable extends Epochal {
  readonly slots: Table<Capability>;
}

/** What only capabilities lead to. It is destroyed with the last of them, and ids are never used twice. */
export interface KernelObject extends Epochal {
  readonly kind: ObjectKind;
  /** How many capabilities there are to it, wherever they lie. */
  readonly holders: number;
  /** The seq of the event that made it. */
  readonly bornAt: number;
  /** The budget that paid for it, and how much; 0 for none. */
  readonly budget: number;
  readonly bytes: number;
  /** Of a box: the brand. Of a device: its place among `deviceKinds`. */
  readonly detail: number;
}

/** What may be spent on kernel objects, in bytes, and what is. */
export interface Budget extends Epochal {
  readonly limit: number;
  readonly used: number;
}

export interface Membrane extends Epochal {
  /** The first of those that came through it, by address. */
  readonly firstMember: number;
}

/** A revocation that is not at its end: what lies below that capability may not be handed on. */
export interface Revocation extends Epochal {
  readonly root: number;
  readonly id: number;
  /** Where it goes on: an address, and the id of the capability that lies there; -1: at the beginning. */
  readonly next: number;
  readonly nextId: number;
}

export interface CapabilitiesState extends Epochal {
  /** Of processes, by pid: what guests know as descriptors. */
  readonly tables: Table<CapabilityTable>;
  /** Clocks, timers and entropy, by pid. */
  readonly services: Table<CapabilityTable>;
  /** By object; under 0 what the machine itself keeps. */
  readonly kept: Table<CapabilityTable>;
  /** By the pid of whoever sent it. */
  readonly messages: Table<CapabilityTable>;
  readonly objects: Table<KernelObject>;
  readonly nextObject: number;
  /** By object. */
  readonly budgets: Table<Budget>;
  readonly membranes: Table<Membrane>;
  /** Leases that end by themselves: those that have been used up are due at once. */
  readonly leases: DueTable;
  /** By the pid of whoever revokes. */
  readonly revocations: Table<Revocation>;
  /** How many slots hold a void or a lease: as long as it is none, nobody need look for one. */
  readonly spentCount: number;
}

export const initialCapabilities = (): CapabilitiesState => ({
  epoch: FRESH,
  tables: emptyTable(),
  services: emptyTable(),
  kept: emptyTable(),
  messages: emptyTable(),
  objects: emptyTable(),
  nextObject: 1,
  budgets: emptyTable(),
  membranes: emptyTable(),
  leases: emptyTable(),
  revocations: emptyTable(),
  spentCount: 0,
});
