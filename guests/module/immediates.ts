/**
 * What follows each opcode of one byte (WebAssembly core 5.4 and its change history): a table, because the
 * skimmer asks it for every instruction of modules of tens of megabytes.
 */
export const IMMEDIATE = {
  unknown: 0,
  none: 1,
  block: 2,
  end: 3,
  index: 4,
  memory: 5,
  twoIndices: 6,
  branchTable: 7,
  types: 8,
  int32: 9,
  int64: 10,
  float32: 11,
  float64: 12,
  memoryIndex: 13,
  heapType: 14,
  bulk: 15,
  vector: 16,
  refused: 17,
  delegate: 18,
} as const;

type Immediate = (typeof IMMEDIATE)[keyof typeof IMMEDIATE];

const { none, index } = IMMEDIATE;

/** First and last opcode, and what follows them. Later rows win. */
const ROWS: readonly (readonly [number, number, Immediate])[] = [
  [0x00, 0x01, none],
  [0x02, 0x04, IMMEDIATE.block],
  [0x05, 0x05, none],
  [0x06, 0x06, IMMEDIATE.block], // try
  [0x07, 0x09, index], // catch, throw, rethrow
  [0x0a, 0x0a, IMMEDIATE.refused], // throw_ref
  [0x0b, 0x0b, IMMEDIATE.end],
  [0x0c, 0x0d, index], // br, br_if
  [0x0e, 0x0e, IMMEDIATE.branchTable],
  [0x0f, 0x0f, none],
  [0x10, 0x10, index], // call
  [0x11, 0x11, IMMEDIATE.twoIndices], // call_indirect
  [0x12, 0x12, index], // return_call
  [0x13, 0x13, IMMEDIATE.twoIndices], // return_call_indirect
  [0x14, 0x15, IMMEDIATE.refused], // call_ref, return_call_ref
  [0x18, 0x18, IMMEDIATE.delegate],
  [0x19, 0x1b, none], // catch_all, drop, select
  [0x1c, 0x1c, IMMEDIATE.types], // select with types
  [0x1f, 0x1f, IMMEDIATE.refused], // try_table
  [0x20, 0x26, index], // local.*, global.*, table.get, table.set
  [0x28, 0x3e, IMMEDIATE.memory],
  [0x3f, 0x40, IMMEDIATE.memoryIndex],
  [0x41, 0x41, IMMEDIATE.int32],
  [0x42, 0x42, IMMEDIATE.int64],
  [0x43, 0x43, IMMEDIATE.float32],
  [0x44, 0x44, IMMEDIATE.float64],
  [0x45, 0xc4, none],
  [0xd0, 0xd0, IMMEDIATE.heapType], // ref.null
  [0xd1, 0xd1, none], // ref.is_null
  [0xd2, 0xd2, index], // ref.func
  [0xd3, 0xd6, IMMEDIATE.refused], // ref.eq, ref.as_non_null, br_on_null, br_on_non_null
  [0xe0, 0xe6, IMMEDIATE.refused], // continuations
  [0xfb, 0xfb, IMMEDIATE.refused], // garbage collection
  [0xfc, 0xfc, IMMEDIATE.bulk],
  [0xfd, 0xfd, IMMEDIATE.vector],
  [0xfe, 0xfe, IMMEDIATE.refused], // threads
];

/** By opcode: which of IMMEDIATE follows it. */
export const immediates: Uint8Array = new Uint8Array(256);
for (const [first, last, immediate] of ROWS) immediates.fill(immediate, first, last + 1);
