/** The capabilities that a process had in a stretch of the log, and what is known of their use. */
import type { ObjectKind } from "../../core/object-rights.ts";

export interface HeldInStretch {
  readonly id: number;
  readonly object: ObjectKind;
  readonly target: number;
  /** Of a file: its inode, and whether that is a directory. */
  readonly inode: number;
  readonly isDirectory: boolean;
  /** The object's name when it was first seen. */
  readonly name: string;
  readonly label: string;
  /** The capability it was made of; -1 for none. */
  readonly parent: number;
  readonly isService: boolean;
  /** Whether it was there when the stretch began. */
  readonly isFromBefore: boolean;
  readonly isInMembrane: boolean;
  readonly rights: number;
  readonly inheriting: number;
  /** Rights that events needed. */
  used: number;
  usedInheriting: number;
  /** Rights that went into other capabilities: without them, those would allow less. */
  handedOn: number;
  handedOnInheriting: number;
  /** Rights that may have been needed: the log does not tell by which of several. */
  perhaps: number;
  perhapsInheriting: number;
  /** Events that used it, the first and how many. */
  firstUse: number;
  uses: number;
  /** Whether an event named it at all: one that moved, closed or examined it, too. */
  isNamed: boolean;
}

/** The rights that surely were not needed. */
export const unusedRights = (held: HeldInStretch): number =>
  held.rights & ~(held.used | held.handedOn | held.perhaps);

export const unusedInheriting = (held: HeldInStretch): number =>
  held.inheriting & ~(held.usedInheriting | held.handedOnInheriting | held.perhapsInheriting);

/** Whether no event of the stretch needed anything of it. */
export const isUnused = (held: HeldInStretch): boolean =>
  !held.isNamed && unusedRights(held) === held.rights && unusedInheriting(held) === held.inheriting;
