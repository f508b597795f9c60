import type { ProcessImage } from "./suspendable/process-image.ts";

/** A guest that was written down. */
export interface GuestImage {
  readonly pid: number;
  /** Ticks that it had used when its turn began. */
  readonly begunAt: number;
  readonly image: ProcessImage;
}

/** Guests of which none is running. */
export interface RestingGuests {
  /** The pids of those that live and have had a turn. */
  living(): readonly number[];
  /** Those that have run since the last time, each with what has changed since then. */
  images(): readonly GuestImage[];
}

/** Who wants guests to rest now and then, to write them down. They cannot tell, and nothing of it is in the log. */
export interface Pauses {
  /**
   * Whether they are to rest now. Asked before each turn, when one begins, and behind each call that was answered; and where ticks
   * are used up and there are more, which is `inside`: a guest may come there several times at one seq.
   */
  isDue(inside: boolean): boolean;
  take(guests: RestingGuests): void;
}
