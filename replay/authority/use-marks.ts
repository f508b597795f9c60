import type { ObjectKind } from "../../core/object-rights.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { HeldInStretch } from "./held-in-stretch.ts";

/** Rights for an object and, of files, for what is opened through it. */
export interface Mask {
  readonly rights: number;
  readonly inheriting: number;
}

/** What the rules of use look at in a capability. */
export type HeldRights = Pick<
  HeldInStretch,
  "object" | "rights" | "inheriting" | "inode" | "isDirectory" | "isInMembrane"
>;

/** The rights that an event may have needed of any capability of its process: null for one that it cannot be. */
export type Everywhere = (held: HeldRights) => Mask | null;

/** Who is told what an event of a process needed: see use-rules.ts. */
export interface UseMarks<Held extends HeldRights = HeldRights> {
  readonly pid: number;
  /** The state before the event. */
  readonly state: KernelState;
  /** Whether capabilities were put to a message that is still to be sent. */
  hasGiven: boolean;
  /** Whether an address is of the process's slots or services. */
  isOwn(address: number): boolean;
  /** A capability that it holds; null for one of somebody else's. */
  heldAs(id: number): Held | null;
  inSlot(slot: number): Held | null;
  service(slot: number): Held | null;
  /** All that it holds to an object. */
  heldTo(object: ObjectKind, target: number): Iterable<Held>;
  /** These rights were needed. */
  use(held: Held | null, rights: number, inheriting?: number): void;
  /** These rights went into another capability. */
  handOn(held: Held | null, mask: Mask): void;
  /** These rights may have been needed. */
  perhaps(held: Held | null, rights: number, inheriting?: number): void;
  /** One of several rights was needed: which, is known where only one is held. */
  oneOf(held: Held | null, rights: number): void;
  /** Something may have been needed of any capability. */
  perhapsOfAll(everywhere: Everywhere): void;
}
