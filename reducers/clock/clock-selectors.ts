import type { ClockState } from "./clock-state.ts";

/** A point of wall-clock time as WASI's 64-bit nanoseconds since 1970, in two safe integers. */
interface Timestamp {
  readonly seconds: number;
  /** 0 to 999,999,999. */
  readonly nanos: number;
}

export const MICROS_PER_SECOND = 1_000_000;
/**
 * No deadline is later than this kernel time: 17 years after the first boot. The log writes a time as a difference, eight-fold, in
 * 53 bits, and a virtual clock jumps to whatever deadline it is given.
 */
export const END_OF_TIME = 2 ** 49;
/** WASI preview 1 `clockid`: realtime, monotonic, process_cputime_id, thread_cputime_id. */
export const CLOCK_COUNT = 4;
export const REALTIME = 0;
export const MONOTONIC = 1;
/** Kernel time counts whole microseconds, and so does every clock. */
export const RESOLUTION_NANOS = 1000;

/** The wall clock at a kernel time, in microseconds since 1970. */
export const wallAt = (clock: ClockState, at: number): number => clock.wallBase + at;

export const timestampOf = (micros: number): Timestamp => {
  const seconds = Math.floor(micros / MICROS_PER_SECOND);
  return { seconds, nanos: (micros - seconds * MICROS_PER_SECOND) * 1000 };
};
