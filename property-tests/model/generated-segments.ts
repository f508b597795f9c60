import type { GeneratedCode } from "./generated-code.ts";
import { T, TABLE_SIZE } from "./generated-world.ts";

/** Initializes memory or a table from a segment, drops one, or makes the table larger. */
export function writeSegmentStatement(code: GeneratedCode): void {
  const numbers = (...list: readonly number[]): void => {
    for (const number of list) code.out.bytes(0x41, number);
  };
  const choice = code.choices.below(7);
  if (choice === 0) numbers(8, 0, code.choices.below(10));
  else if (choice === 2) numbers(40, 8, 8);
  else if (choice === 3) numbers(code.choices.below(TABLE_SIZE), 0, 1);
  else if (choice === 5) numbers(0, 3, 2);
  if (choice === 0) code.out.bytes(0xfc, 8, 0, 0);
  else if (choice === 1) code.out.bytes(0xfc, 9, 0);
  else if (choice === 2) code.out.bytes(0xfc, 10, 0, 0);
  else if (choice === 3) code.out.bytes(0xfc, 12, 1, 0);
  else if (choice === 4) code.out.bytes(0xfc, 13, 1);
  else if (choice === 5) code.out.bytes(0xfc, 14, 0, 0);
  else code.out.bytes(0xd0, T.funcref, 0x41, 1, 0xfc, 15, 0, 0x1a); // table.grow
}

/** Stores a value into memory, or into the table. */
export function writeStoreStatement(code: GeneratedCode): void {
  const address = code.choices.below(64);
  const type = code.choices.one([T.i32, T.i64, T.v128, T.funcref]);
  code.out.bytes(0x41, type === T.funcref ? address % TABLE_SIZE : address);
  code.expression(type);
  if (type === T.i32) code.out.bytes(0x36, 0, 0);
  else if (type === T.i64) code.out.bytes(0x37, 0, 8);
  else if (type === T.v128) code.out.bytes(0xfd, 11, 0, 16);
  else code.out.bytes(0x26, 0);
}
