/** Opcodes that the transform knows by name (WebAssembly core 5.4), and those that exist only between its passes. */
export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  rethrow: 0x09,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  delegate: 0x18,
  catchAll: 0x19,
  drop: 0x1a,
  select: 0x1b,
  selectTyped: 0x1c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  tableGet: 0x25,
  tableSet: 0x26,
  i32Const: 0x41,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32Ne: 0x47,
  i32LtS: 0x48,
  i32GtU: 0x4b,
  i32LeS: 0x4c,
  i32LeU: 0x4d,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32And: 0x71,
  i32Or: 0x72,
  refNull: 0xd0,
  refFunc: 0xd2,
  /** 0xFC n is 0x100 + n, 0xFD n is 0x200 + n. */
  bulk: 0x100,
  memoryInit: 0x108,
  dataDrop: 0x109,
  tableInit: 0x10c,
  elemDrop: 0x10d,
  tableCopy: 0x10e,
  tableGrow: 0x10f,
  tableSize: 0x110,
  tableFill: 0x111,
  vector: 0x200,
  /** Ticks at the head of loop x, which holds no call: leaves to the pre-emption block when none are left, else pays. */
  loopTicks: 0x300,
  /** Pays for loop x, or for the function (-1), and asks whether that was more than was left. */
  payTicks: 0x301,
  /** A call to the kernel, which may suspend: ticks are used up in loop x, or at the entry (-1). */
  preempt: 0x303,
  /** i32.const x, for what lowering adds. */
  constant: 0x304,
  /** i32.eq, for what lowering adds. */
  equal: 0x305,
} as const;

export const I32 = 0x7f;
export const I64 = 0x7e;
export const F32 = 0x7d;
export const F64 = 0x7c;
export const V128 = 0x7b;
export const FUNCREF = 0x70;
export const EXTERNREF = 0x6f;
/** A block's type that is neither empty nor one value: its signature has a number of its own. */
export const EMPTY = 0x40;
