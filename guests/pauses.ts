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
  /** Whether they are to rest now: asked before each turn, and where the guest that runs could be stopped. */
  isDue(): boolean;
  take(guests: RestingGuests): void;
}
