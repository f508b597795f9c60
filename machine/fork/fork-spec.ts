import type { KernelEvent } from "../../reducers/kernel-event.ts";

/** What is done to a machine at a moment of its recording, as if it had been done then. */
export interface ForkSpec {
  /** The machine after this event. */
  readonly event: number;
  /** The capability that is revoked there, with all that was made of it. */
  readonly capability: number;
  /** Whether the machine has one guest that was alone. */
  readonly isAlone: boolean;
  /** Effects and refusals that are told at most. */
  readonly most: number;
}

/** What came of running a narrowed machine again. */
export interface ProofResult {
  /** Answers of guests that are the same, and how many of these change something that others may see. */
  readonly answerCount: number;
  readonly effectCount: number;
  /** The first answer that is another one, and what was recorded; null of either where there is none. */
  readonly difference: {
    readonly recorded: KernelEvent | null;
    readonly narrowed: KernelEvent | null;
  } | null;
}

/** Where a fork and its recording come to differ. */
export interface ForkDifference {
  /** What was recorded there; null where the log ends. */
  readonly recorded: KernelEvent | null;
  /** What happened in the fork instead; null where nothing did. */
  readonly forked: KernelEvent | null;
}

/** Why a fork went no further. */
export type ForkEnd =
  /** Its machine ended in good order. */
  | "off"
  /** All who live wait for what never comes. */
  | "waits"
  /** The recording ends there, and so far they are the same. */
  | "log-ends"
  /** It did many times as much as the recording. */
  | "bound"
  /** It took too long. */
  | "time";

export interface ForkResult {
  /** The moment at which it forked: as asked, or behind the call that was being answered then. */
  readonly at: number;
  /** The facts of the revocation, as they stand in the fork. */
  readonly inserted: readonly KernelEvent[];
  readonly removedCount: number;
  readonly difference: ForkDifference | null;
  /** Effects of the recording that the fork does not have; the first of them, and how many they are. */
  readonly missing: readonly KernelEvent[];
  readonly missingCount: number;
  /** What guests were refused in the fork, behind the difference; the first of it. */
  readonly refusals: readonly KernelEvent[];
  /** Events of the fork, with those inserted. */
  readonly eventCount: number;
  /** How often the fork asked the host for what the recording does not know. */
  readonly unknownCount: number;
  readonly end: ForkEnd;
}
