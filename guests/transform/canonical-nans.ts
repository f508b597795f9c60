/**
 * The bits of a NaN. WebAssembly leaves open which NaN a computation gives, and processors differ: in its sign, and
 * in whose payload it keeps. Where the bits could be seen, a result that is a NaN becomes the canonical one, which
 * is one of those that the standard allows. Copies are not computed: loads, stores, locals, neg, abs and copysign
 * keep whatever bits they find.
 *
 * A result needs nothing if the next thing that happens to it is another computation, a comparison or a
 * conversion: a NaN remains a NaN in it, or becomes an integer that does not depend on its bits.
 */
import type { EmitState } from "./emit-state.ts";
import type { FunctionCode } from "./function-code.ts";
import { F32, F64, OP, V128 } from "./opcode.ts";
import { operandCounts, resultTypes } from "./operand-types.ts";

/** By opcode: the shape of the floats that it computes. */
const computes: Uint8Array = new Uint8Array(0x400);
/** By opcode: whether it looks at a scalar operand only as at a number. */
const seesNumber: Uint8Array = new Uint8Array(0x400);

const [SINGLE, DOUBLE, SINGLES, DOUBLES] = [1, 2, 3, 4];
computes.fill(SINGLE, 0x8d, 0x98).fill(DOUBLE, 0x9b, 0xa6);
computes[0xb6] = SINGLE;
computes[0xbb] = DOUBLE;
for (const op of [94, 103, 104, 105, 106, 227, 228, 229, 230, 231, 232, 233])
  computes[OP.vector + op] = SINGLES;
for (const op of [95, 116, 117, 122, 148, 239, 240, 241, 242, 243, 244, 245])
  computes[OP.vector + op] = DOUBLES;
seesNumber
  .fill(1, 0x5b, 0x67)
  .fill(1, 0x8d, 0x98)
  .fill(1, 0x9b, 0xa6)
  .fill(1, 0xa8, 0xac)
  .fill(1, 0xae, 0xb2);
seesNumber.fill(1, 0x100, 0x108);
for (const op of [OP.drop, 0xb6, 0xbb]) seesNumber[op] = 1;

export const computesFloat = (op: number): boolean => computes[op] !== 0;

/** Longer chains of locals than a program has: after so many passes each local counts as seen. */
const MAX_PASSES = 20;
/** How far the next use of a result is looked for. */
const FARTHEST = 32;

/**
 * Whether the bits of a float that the instruction gives may be seen, if those of the locals in `numbers` are not.
 */
function areBitsSeen(code: FunctionCode, index: number, use: Use): boolean {
  let above = 0;
  for (let next = index + 1; next < code.length && next <= index + FARTHEST; next += 1) {
    const op = code.op[next] as number;
    const x = code.x[next] as number;
    if (op === OP.localGet || op === OP.globalGet) above += 1;
    else if (op === OP.localTee) {
      if (above === 0 && use.numbers[x] === 0) return true;
    } else if (op === OP.localSet) {
      if (above === 0) return use.numbers[x] === 0;
      above -= 1;
    } else {
      const operands = operandCounts[op] as number;
      if (operands === 255 || code.point[next] !== 0) return true;
      if (operands > above) return use.shape > DOUBLE ? computes[op] !== use.shape : seesNumber[op] === 0;
      above += (resultTypes[op] !== 0 ? 1 : 0) - operands;
    }
  }
  return true;
}

interface Use {
  readonly shape: number;
  /** By local: 1 if it is only looked at as at a number. */
  readonly numbers: Uint8Array;
}

/**
 * Locals whose bits nobody sees: every use of what they hold is a computation, a comparison, a conversion, or goes
 * into another such local. A sum that a loop adds to is one.
 */
export function numberLocals(code: FunctionCode): Uint8Array {
  const numbers = Uint8Array.from(code.locals, (type) => (type === F32 || type === F64 ? 1 : 0));
  const uses: number[] = [];
  for (let index = 0; index < code.length; index += 1)
    if (code.op[index] === OP.localGet && numbers[code.x[index] as number] === 1) uses.push(index);
  let hasChanged = true;
  for (let pass = 0; hasChanged; pass += 1) {
    if (pass === MAX_PASSES) return numbers.fill(0);
    hasChanged = false;
    for (const index of uses) {
      const local = code.x[index] as number;
      if (numbers[local] === 0 || !areBitsSeen(code, index, { shape: DOUBLE, numbers })) continue;
      numbers[local] = 0;
      hasChanged = true;
    }
  }
  return numbers;
}

/** Behind an instruction that computes floats: makes a NaN the canonical one. */
export function canonicalize(state: EmitState, index: number): void {
  const { code, out } = state;
  const shape = computes[code.op[index] as number] as number;
  if (shape === 0 || !areBitsSeen(code, index, { shape, numbers: state.plan.numberLocals })) return;
  const type = shape === SINGLE ? F32 : shape === DOUBLE ? F64 : V128;
  const value = state.own(`value ${type}`, type);
  const single = [0, 0, 0xc0, 0x7f];
  const double = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
  state.set(value);
  state.get(value);
  if (shape === SINGLE) out.bytes(0x43, ...single);
  else if (shape === DOUBLE) out.bytes(0x44, ...double);
  else if (shape === SINGLES) out.bytes(0xfd, 12, ...single, ...single, ...single, ...single);
  else out.bytes(0xfd, 12, ...double, ...double);
  state.get(value);
  state.get(value);
  if (shape === SINGLE) out.bytes(0x5b, OP.select);
  else if (shape === DOUBLE) out.bytes(0x61, OP.select);
  else out.bytes(0xfd, shape === SINGLES ? 65 : 71, 0xfd, 82);
}
