import { EXTERNREF, F32, F64, FUNCREF, I32, I64, V128 } from "./opcode.ts";

/**
 * What an instruction does to the operand stack, for all whose effect their opcode tells: how many values it
 * takes, and the type of the one that it leaves (0: none). Rows are first opcode, last opcode, operands,
 * result; opcodes as in OP.
 */
const ROWS: readonly (readonly [number, number, number, number])[] = [
  [0x01, 0x01, 0, 0], // nop
  [0x1a, 0x1a, 1, 0], // drop
  [0x28, 0x28, 1, I32], // loads
  [0x29, 0x29, 1, I64],
  [0x2a, 0x2a, 1, F32],
  [0x2b, 0x2b, 1, F64],
  [0x2c, 0x2f, 1, I32],
  [0x30, 0x35, 1, I64],
  [0x36, 0x3e, 2, 0], // stores
  [0x3f, 0x3f, 0, I32], // memory.size
  [0x40, 0x40, 1, I32], // memory.grow
  [0x41, 0x41, 0, I32], // constants
  [0x42, 0x42, 0, I64],
  [0x43, 0x43, 0, F32],
  [0x44, 0x44, 0, F64],
  [0x45, 0x45, 1, I32], // comparisons
  [0x46, 0x4f, 2, I32],
  [0x50, 0x50, 1, I32],
  [0x51, 0x66, 2, I32],
  [0x67, 0x69, 1, I32], // arithmetic
  [0x6a, 0x78, 2, I32],
  [0x79, 0x7b, 1, I64],
  [0x7c, 0x8a, 2, I64],
  [0x8b, 0x91, 1, F32],
  [0x92, 0x98, 2, F32],
  [0x99, 0x9f, 1, F64],
  [0xa0, 0xa6, 2, F64],
  [0xa7, 0xab, 1, I32], // conversions
  [0xac, 0xb1, 1, I64],
  [0xb2, 0xb6, 1, F32],
  [0xb7, 0xbb, 1, F64],
  [0xbc, 0xbc, 1, I32],
  [0xbd, 0xbd, 1, I64],
  [0xbe, 0xbe, 1, F32],
  [0xbf, 0xbf, 1, F64],
  [0xc0, 0xc1, 1, I32], // sign extension
  [0xc2, 0xc4, 1, I64],
  [0xd1, 0xd1, 1, I32], // ref.is_null
  [0xd2, 0xd2, 0, FUNCREF], // ref.func
  [0x100, 0x103, 1, I32], // saturating conversions
  [0x104, 0x107, 1, I64],
  [0x108, 0x108, 3, 0], // memory.init, data.drop, memory.copy, memory.fill
  [0x109, 0x109, 0, 0],
  [0x10a, 0x10b, 3, 0],
  [0x10c, 0x10c, 3, 0], // table.init, elem.drop, table.copy
  [0x10d, 0x10d, 0, 0],
  [0x10e, 0x10e, 3, 0],
  [0x10f, 0x10f, 2, I32], // table.grow, table.size, table.fill
  [0x110, 0x110, 0, I32],
  [0x111, 0x111, 3, 0],
  [0x301, 0x301, 0, I32], // those between passes: payTicks, constant, equal
  [0x304, 0x304, 0, I32],
  [0x305, 0x305, 2, I32],
];

/** 0xFD: vectors. All others take two vectors and leave one. */
const VECTOR_ROWS: readonly (readonly [number, number, number, number])[] = [
  [0, 10, 1, V128], // loads
  [11, 11, 2, 0], // v128.store
  [12, 12, 0, V128], // v128.const
  [15, 17, 1, V128], // splats
  [18, 20, 1, V128],
  [21, 22, 1, I32], // lanes
  [23, 23, 2, V128],
  [24, 25, 1, I32],
  [26, 26, 2, V128],
  [27, 27, 1, I32],
  [28, 28, 2, V128],
  [29, 29, 1, I64],
  [30, 30, 2, V128],
  [31, 31, 1, F32],
  [32, 32, 2, V128],
  [33, 33, 1, F64],
  [34, 34, 2, V128],
  [77, 77, 1, V128], // v128.not
  [82, 82, 3, V128], // v128.bitselect
  [83, 83, 1, I32], // v128.any_true
  [84, 87, 2, V128], // loads of a lane
  [88, 91, 2, 0], // stores of a lane
  [92, 95, 1, V128], // loads with zeros, demote, promote
  [96, 98, 1, V128], // i8x16 abs, neg, popcnt
  [99, 100, 1, I32],
  [103, 106, 1, V128], // f32x4 rounding
  [107, 109, 2, V128], // shifts take a vector and an i32
  [116, 117, 1, V128], // f64x2 ceil, floor
  [122, 122, 1, V128], // f64x2 trunc
  [124, 129, 1, V128], // extadd_pairwise, i16x8 abs, neg
  [131, 132, 1, I32],
  [135, 138, 1, V128],
  [148, 148, 1, V128], // f64x2 nearest
  [160, 161, 1, V128],
  [163, 164, 1, I32],
  [167, 170, 1, V128],
  [192, 193, 1, V128],
  [195, 196, 1, I32],
  [199, 202, 1, V128],
  [224, 225, 1, V128],
  [227, 227, 1, V128],
  [236, 237, 1, V128],
  [239, 239, 1, V128],
  [248, 255, 1, V128], // conversions
];

/** Operands by opcode; 255 where the opcode alone does not tell. */
export const operandCounts: Uint8Array = new Uint8Array(0x400).fill(255);
/** The result's type by opcode, or 0. */
export const resultTypes: Uint8Array = new Uint8Array(0x400);

operandCounts.fill(2, 0x200, 0x300);
resultTypes.fill(V128, 0x200, 0x300);
for (const [first, last, operands, result] of ROWS) {
  operandCounts.fill(operands, first, last + 1);
  resultTypes.fill(result, first, last + 1);
}
for (const [first, last, operands, result] of VECTOR_ROWS) {
  operandCounts.fill(operands, 0x200 + first, 0x200 + last + 1);
  resultTypes.fill(result, 0x200 + first, 0x200 + last + 1);
}

/** Bytes that a value takes in a frame. References are kept beside it (funcref) or are always null (externref). */
export const frameBytes = (type: number): number =>
  type === FUNCREF || type === EXTERNREF ? 0 : type === V128 ? 16 : type === I64 || type === F64 ? 8 : 4;
