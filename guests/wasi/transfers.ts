/** Moving bytes between a guest's iovecs and the byte stream. */
import { errno } from "../../core/errno.ts";
import { ZEROS } from "../../reducers/files/file-selectors.ts";
import { CallRefused, type GuestMemory } from "../guest-memory.ts";
import type { ByteSource } from "./wasi-call.ts";

/** Iovecs of one call. POSIX systems allow 1,024; Rust's standard library passes on what it is given. */
const MAX_IOVECS = 1 << 16;
const IOVEC_BYTES = 8;
/** What a signed 32-bit size can say, as POSIX's SSIZE_MAX. */
const MAX_TOTAL_BYTES = 2 ** 31 - 1;

/** The sum of the iovecs' lengths. Each must lie in the memory. */
export function totalSize(memory: GuestMemory, pointer: number, count: number): number {
  if (count > MAX_IOVECS) throw new CallRefused(errno.inval);
  const base = memory.within(pointer, count * IOVEC_BYTES);
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    const length = memory.view.getUint32(base + index * IOVEC_BYTES + 4, true);
    memory.within(memory.view.getUint32(base + index * IOVEC_BYTES, true), length);
    total += length;
  }
  if (total > MAX_TOTAL_BYTES) throw new CallRefused(errno.inval);
  return total;
}

/** Takes a stretch of bytes. */
export type TakeBytes = (bytes: Uint8Array, start: number, length: number) => void;

/** The first `length` bytes of the iovecs, handed over stretch by stretch. The iovecs were judged before. */
export function gather(memory: GuestMemory, pointer: number, length: number, take: TakeBytes): void {
  let left = length;
  for (let at = pointer >>> 0; left > 0; at += IOVEC_BYTES) {
    const size = Math.min(left, memory.view.getUint32(at + 4, true));
    if (size > 0) take(memory.bytes, memory.view.getUint32(at, true), size);
    left -= size;
  }
}

/** Fills the iovecs with stretches of the byte stream, in turns position (or ZEROS) and length. */
export function scatter(
  memory: GuestMemory,
  pointer: number,
  runs: readonly number[],
  source: ByteSource,
): void {
  if (runs.length === 2 && scatterOne(memory, pointer, runs, source)) return;
  const places = placesOf(memory, pointer, runs);
  let place = 0;
  let filled = 0;
  for (let index = 0; index < runs.length; index += 2) {
    let position = runs[index] as number;
    let left = runs[index + 1] as number;
    while (left > 0) {
      const target = (places[place] as number) + filled;
      const size = Math.min(left, (places[place + 1] as number) - filled);
      if (position === ZEROS) memory.bytes.fill(0, target, target + size);
      else {
        source.copyTo(memory.bytes, target, position, size);
        position += size;
      }
      filled += size;
      left -= size;
      if (filled < (places[place + 1] as number)) continue;
      place += 2;
      filled = 0;
    }
  }
}

/** Nearly every read is of one stretch into one iovec. False if this one is not. */
function scatterOne(
  memory: GuestMemory,
  pointer: number,
  runs: readonly number[],
  source: ByteSource,
): boolean {
  const position = runs[0] as number;
  const size = runs[1] as number;
  const target = memory.view.getUint32(pointer, true);
  if (position === ZEROS || memory.view.getUint32(pointer + 4, true) < size) return false;
  source.copyTo(memory.bytes, target, position, size);
  return true;
}

/**
 * Start and length, in turns, of the iovecs that the runs fill. All are read before the first is filled, because the iovecs
 * may themselves lie where a guest wants bytes to be written.
 */
function placesOf(memory: GuestMemory, pointer: number, runs: readonly number[]): readonly number[] {
  let left = 0;
  for (let index = 1; index < runs.length; index += 2) left += runs[index] as number;
  const places: number[] = [];
  for (let at = pointer >>> 0; left > 0; at += IOVEC_BYTES) {
    const length = memory.view.getUint32(at + 4, true);
    if (length > 0) places.push(memory.view.getUint32(at, true), length);
    left -= length;
  }
  return places;
}
