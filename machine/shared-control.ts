/** The words that the two threads of a running machine share, by index; and how a wait on them works. */
export const control = {
  eventsHead: 0,
  eventsTail: 1,
  streamHead: 2,
  streamTail: 3,
  /** Counts up with every message for the kernel's thread, which waits on it when it has nothing to do. */
  news: 4,
  /** 1 once somebody waits for what was published; the recorder puts it back before it looks. */
  urgent: 5,
  /** The events ring's position up to which all is durable and released; the kernel waits on it for a sync. */
  releasedHead: 6,
  /** Events that a replay has compared, modulo 2^32: progress for those who watch. */
  progress: 7,
  /** 1 while an image waits for the recorder to come to its place, which is the events ring's position in the word behind. */
  imageWaits: 8,
  imageAt: 9,
  size: 16,
} as const;

/** The rings' sizes are powers of two, so positions stay in step when they wrap. */
const EVENTS_RING_BYTES = 1 << 22;
const STREAM_RING_BYTES = 1 << 24;

export interface SharedMemory {
  readonly control: SharedArrayBuffer;
  readonly events: SharedArrayBuffer;
  readonly stream: SharedArrayBuffer;
}

export const newSharedMemory = (): SharedMemory => ({
  control: new SharedArrayBuffer(control.size * 4),
  events: new SharedArrayBuffer(EVENTS_RING_BYTES),
  stream: new SharedArrayBuffer(STREAM_RING_BYTES),
});

/** Tells the kernel's thread that something happened. */
export function tellKernel(words: Int32Array): void {
  Atomics.add(words, control.news, 1);
  Atomics.notify(words, control.news);
}
