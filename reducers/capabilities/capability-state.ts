import { type Epochal, FRESH } from "../../core/own.ts";
import { emptyTable, type Table } from "../../core/table.ts";
import type { ObjectKind } from "./capability-event.ts";

export interface Capability extends Epochal {
  /** The seq of the event that made it: no two ever have the same, in one timeline. */
  readonly id: number;
  readonly object: ObjectKind;
  /** The open file, console stream or pipe, by the id of its table. */
  readonly target: number;
  /** WASI rights for the object itself. */
  readonly rights: number;
  /** WASI rights for what is opened through it. */
  readonly inheriting: number;
  /** The id of the capability it was derived from; -1 for one that boot granted. */
  readonly parent: number;
  readonly badge: number;
  /** The name under which a directory was granted; empty for all else. */
  readonly label: string;
}

/** A process's slots: the lowest free one is taken next, as POSIX has it. */
interface CapabilityTable extends Epochal {
  readonly slots: Table<Capability>;
}

export interface CapabilitiesState extends Epochal {
  /** By pid. */
  readonly tables: Table<CapabilityTable>;
}

/** Descriptors of one process: more are refused with `nfile`. */
export const MAX_SLOTS = 1 << 20;

export const initialCapabilities: CapabilitiesState = { epoch: FRESH, tables: emptyTable() };
