/** Where a driven guest keeps what its calls need, in its linear memory. */
export const place = {
  /** Results of calls: sizes, descriptors, file statistics. */
  cells: 0,
  cellBytes: 256,
  firstPath: 0x1000,
  secondPath: 0x3000,
  iovecs: 0x5000,
  subscriptions: 0x6000,
  /** Events of a poll are among the results: 32 bytes each. */
  events: 64,
  buffer: 0x8000,
  end: 0x20000,
} as const;
