import type { KernelEvent } from "../../reducers/kernel-event.ts";

/** Who took a capability back, and why; what a void in a slot says of where it comes from. */
export interface TakenBack {
  readonly seq: number;
  readonly why: string;
  /** 0: the machine, as of a lease that was over. */
  readonly pid: number;
  /** The capability that was revoked; 0 for none. */
  readonly by: number;
}

export const takenBackBy = (event: KernelEvent | null): TakenBack | null =>
  event?.type === "capability/removed"
    ? { seq: event.seq, why: event.why, pid: event.pid, by: event.by }
    : null;
