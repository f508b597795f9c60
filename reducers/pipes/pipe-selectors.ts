import { type Pipe, MAX_PIPE_PIECES } from "./pipe-state.ts";

/** Bytes that a pipe takes now: none also when the unread ones stand in many places. */
export const roomIn = ({ pieces, capacity, bytes }: Pipe): number =>
  pieces.length / 2 >= MAX_PIPE_PIECES ? 0 : capacity - bytes;

/** The most bytes that are written at once or not at all, unless the pipe itself holds fewer (POSIX PIPE_BUF; Linux's value). */
const ATOMIC_BYTES = 4096;

/** How much room a write of `size` bytes waits for: all of it if it is to stay in one piece among those of others, else any. */
export const roomNeeded = ({ capacity }: Pipe, size: number): number =>
  size <= ATOMIC_BYTES ? Math.min(size, capacity) : 1;

/** Whether a poll calls it writable: a write that is not too large to stay in one piece would not wait (POSIX). */
export const isWritable = (pipe: Pipe): boolean => roomIn(pipe) >= roomNeeded(pipe, ATOMIC_BYTES);
