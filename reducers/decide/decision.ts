import type { Errno } from "../../core/errno.ts";
import type { RefusalReason } from "../../core/refusal-reason.ts";
import type { KernelFact } from "../kernel-event.ts";

/** What the state does not hold yet and a device can tell. Its answer is a fact; then the request is decided again. */
export type Demand =
  | { readonly need: "listing"; readonly inode: number }
  | {
      readonly need: "node";
      readonly directory: number;
      readonly name: string;
      readonly inode: number;
      readonly kind: number;
    }
  | { readonly need: "content"; readonly inode: number; readonly offset: number; readonly length: number };

export interface Refused {
  readonly kind: "refused";
  readonly errno: Errno;
  /** Which of the causes of its errno it was. */
  readonly reason: RefusalReason;
  /** The rights that the capability used would have needed and lacks. */
  readonly missing: number;
  /** The descriptor that it is about, where that is not the first that the call names. */
  readonly slot?: number;
}

export interface Needs {
  readonly kind: "needs";
  readonly demand: Demand;
}

/** Nothing can be answered before `until` (kernel time; 0 for no such bound) unless a device or a process brings news. */
export interface Waits {
  readonly kind: "waits";
  readonly until: number;
  /** What else would end the wait, each once: see scheduler/awaited.ts. */
  readonly objects: readonly number[];
}

/** What happened to another process. */
export interface ProcessFact {
  readonly pid: number;
  readonly fact: KernelFact;
}

/** What happened, by this request; the last fact is the one that answers it. */
interface Happened {
  readonly kind: "facts";
  /** What happened to other processes, before. */
  readonly before?: readonly ProcessFact[];
  readonly facts: readonly KernelFact[];
}

/** What happened, by this request; its answer is still to come: whoever asks has to wait, and asks again. */
export interface Parked {
  readonly kind: "parked";
  readonly facts: readonly KernelFact[];
  readonly waits: Waits;
}

export type Decision = Happened | Refused | Needs | Waits | Parked;

export const facts = (...happened: readonly KernelFact[]): Happened => ({ kind: "facts", facts: happened });
export const refuse = (errno: Errno, reason: RefusalReason = "none", missing = 0): Refused => ({
  kind: "refused",
  errno,
  reason,
  missing,
});
/** A refusal that is about another descriptor than the call's first. */
export const refusedOf = (slot: number, refused: Refused): Refused => ({ ...refused, slot });
export const needs = (demand: Demand): Needs => ({ kind: "needs", demand });
export const parked = (happened: readonly KernelFact[], waits: Waits): Parked => ({
  kind: "parked",
  facts: happened,
  waits,
});

export const waitsFor = (...objects: readonly number[]): Waits => ({ kind: "waits", until: 0, objects });

/** No longer than until others have had their turn: a kernel time that is always over. */
export const AT_ONCE: Waits = { kind: "waits", until: 1, objects: [] };
