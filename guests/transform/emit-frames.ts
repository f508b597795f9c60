/**
 * Frames of a stack image. A frame is a few pieces of at most 2 KiB; each piece is values, then the point, the
 * slot, and its size in bytes (4 bytes each). Pieces are written upward, innermost frame first, and taken off
 * from the end. Both versions of a function save the same values in the same order: locals that are live, then
 * operands below the call.
 */
import type { EmitState } from "./emit-state.ts";
import type { FrameLayout, LargerFrame } from "./layout.ts";
import { EXTERNREF, F32, F64, FUNCREF, I32, I64, OP, V128 } from "./opcode.ts";
import { frameBytes } from "./operand-types.ts";
import type { WasmWriter } from "./wasm-writer.ts";

/** Bytes of a piece behind its values. */
export const PIECE_TAIL = 12;
const MAX_PIECE_VALUES = 2048 - PIECE_TAIL;

const STORES = new Map([
  [I32, [0x36]],
  [I64, [0x37]],
  [F32, [0x38]],
  [F64, [0x39]],
  [V128, [0xfd, 11]],
]);
const LOADS = new Map([
  [I32, [0x28]],
  [I64, [0x29]],
  [F32, [0x2a]],
  [F64, [0x2b]],
  [V128, [0xfd, 0]],
]);

/** What the point keeps, as numbers of locals of this version. */
export function keptAt(state: EmitState, point: number, base: number): readonly number[] {
  const kept: number[] = [];
  state.live.atPoint(point, (local) => kept.push(state.firstLocal + local));
  for (let height = 0; height < base; height += 1) kept.push(state.position(height, state.stack.at(height)));
  return kept;
}

/** The values of each piece. The last one may be empty: it names the point and the slot. */
function piecesOf(state: EmitState, kept: readonly number[]): readonly (readonly number[])[] {
  const pieces: number[][] = [[]];
  let size = 0;
  for (const local of kept) {
    const bytes = frameBytes(state.locals[local] as number);
    if (size + bytes > MAX_PIECE_VALUES) {
      pieces.push([]);
      size = 0;
    }
    size += bytes;
    pieces.at(-1)?.push(local);
  }
  return pieces;
}

const sizeOf = (state: EmitState, piece: readonly number[]): number =>
  piece.reduce((sum, local) => sum + frameBytes(state.locals[local] as number), 0);

/** Of a point that nothing comes to. No piece is so large. */
const NO_FRAME_BYTES = 1;

/** What is to be known of the frames of a function, by what each of its points keeps. */
export function frameLayout(state: EmitState, frames: ReadonlyMap<number, readonly number[]>): FrameLayout {
  const bytes: number[] = [];
  const larger: LargerFrame[] = [];
  for (let point = 1; point <= state.code.pointCount; point += 1) {
    const kept = frames.get(point);
    if (kept === undefined) {
      bytes.push(NO_FRAME_BYTES);
      continue;
    }
    const sizes = piecesOf(state, kept).map((piece) => sizeOf(state, piece));
    bytes.push(sizes.pop() as number);
    const references = kept.filter((local) => state.locals[local] === FUNCREF).length;
    if (references > 0 || sizes.length > 0) larger.push({ point, references, before: sizes });
  }
  return { bytes, larger };
}

/** Writes the frame of this point. */
export function saveFrame(state: EmitState, point: number, kept: readonly number[]): void {
  const { out, target } = state;
  const address = state.own("address");
  const pieces = piecesOf(state, kept);
  pieces.forEach((piece, number) => {
    const isLast = number === pieces.length - 1;
    out.i32Const(sizeOf(state, piece) + PIECE_TAIL);
    out.i32Const(isLast ? point : 0);
    out.i32Const(isLast ? state.plan.slot : 0);
    out.op(OP.call, target.added.reserve);
    out.op(OP.localSet, address);
    let offset = 0;
    for (const local of piece) {
      const type = state.locals[local] as number;
      if (type === EXTERNREF) continue; // there is none but null
      if (type === FUNCREF) {
        state.get(local);
        out.op(OP.call, target.added.pushReference);
        continue;
      }
      state.get(address);
      state.get(local);
      access(out, STORES.get(type) ?? [], offset);
      offset += frameBytes(type);
    }
  });
}

function access(out: WasmWriter, opcode: readonly number[], offset: number): void {
  out.bytes(...opcode, 0);
  out.u32(offset);
}

/** Reads back the frame of this point, whose last piece is at `address` already. */
function restoreFrame(state: EmitState, out: WasmWriter, kept: readonly number[]): void {
  const { target } = state;
  const address = state.own("address");
  const pieces = piecesOf(state, kept);
  [...pieces].reverse().forEach((piece, number) => {
    if (number > 0) {
      out.op(OP.call, target.added.pop);
      out.op(OP.localSet, address);
    }
    let offset = sizeOf(state, piece);
    for (const local of [...piece].reverse()) {
      const type = state.locals[local] as number;
      if (type === EXTERNREF) continue;
      if (type === FUNCREF) {
        out.op(OP.call, target.added.popReference);
        out.op(OP.localSet, local);
        continue;
      }
      offset -= frameBytes(type);
      out.op(OP.localGet, address);
      access(out, LOADS.get(type) ?? [], offset);
      out.op(OP.localSet, local);
    }
  });
}

/** Takes a frame off the stack image and jumps to the values of its point: the slow version's first instructions. */
export function writeRewind(
  state: EmitState,
  out: WasmWriter,
  frames: ReadonlyMap<number, readonly number[]>,
): void {
  const [address, point] = [state.own("address"), state.own("point")];
  const count = state.code.pointCount;
  out.op(OP.call, state.target.added.pop);
  out.op(OP.localSet, address);
  out.op(OP.globalGet, state.context.globals.point);
  out.op(OP.localSet, point);
  for (let block = 0; block <= count; block += 1) out.bytes(OP.block, 0x40);
  out.op(OP.localGet, point);
  out.bytes(OP.i32Const, 1, OP.i32Sub, OP.brTable);
  out.u32(count);
  for (let entry = 0; entry < count; entry += 1) out.u32(entry);
  out.u32(count);
  for (let number = 1; number <= count; number += 1) {
    out.byte(OP.end);
    restoreFrame(state, out, frames.get(number) ?? []);
    out.op(OP.br, count - number);
  }
  out.byte(OP.end);
}
