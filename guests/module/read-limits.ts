import { refuseFeature } from "./features.ts";
import { refuseDamaged } from "./module-refusal.ts";
import type { WasmReader } from "./wasm-reader.ts";

export interface Limits {
  readonly min: number;
  readonly max: number | null;
}

/** The sizes of a memory or table. Their flags are where threads, memory64 and page sizes show themselves. */
export function readLimits(reader: WasmReader, what: "memory" | "table"): Limits {
  const offset = reader.offset;
  const flags = reader.byte();
  if (flags >= 0x10) refuseDamaged(offset, `the ${what} has the unknown flags 0x${flags.toString(16)}`);
  if (flags & 2) refuseFeature("threads", offset, `its ${what} is shared`);
  if (flags & 4) refuseFeature("memory64", offset, `its ${what} has 64-bit addresses`);
  if (flags & 8) refuseFeature("pageSize", offset, `its ${what} says how large its pages are`);
  const min = reader.u32();
  const max = flags & 1 ? reader.u32() : null;
  if (max !== null && max < min) {
    refuseDamaged(offset, `the ${what} has a maximum of ${max}, below its minimum of ${min}`);
  }
  return { min, max };
}

/** 2^16 pages of 64 KiB are 4 GiB: all that 32 bits address. */
export const MAX_PAGES = 65_536;

export function readMemoryLimits(reader: WasmReader): Limits {
  const offset = reader.offset;
  const limits = readLimits(reader, "memory");
  if (limits.min > MAX_PAGES || (limits.max ?? 0) > MAX_PAGES) {
    refuseDamaged(offset, `the memory has more than ${MAX_PAGES} pages of 64 KiB`);
  }
  return limits;
}
