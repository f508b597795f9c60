import { fail, ok, type Result } from "../../core/result.ts";
import { encodeU32 } from "./encode-u32.ts";
import type { JudgedModule } from "./judged-module.ts";
import type { ModuleRefusal } from "./module-refusal.ts";
import { MAX_PAGES } from "./read-limits.ts";

/**
 * The module with a maximum for its memory: the declared one or `maxPages`, whichever is less. It is the
 * only change, and moves what stands behind the memory section by a few bytes: by the difference of the two
 * lengths. Where nothing changes, the bytes themselves are the answer.
 */
export function limitMemory(
  bytes: Uint8Array,
  judged: JudgedModule,
  maxPages: number,
): Result<Uint8Array, ModuleRefusal> {
  const { memory, memorySection } = judged;
  if (memory.minPages > maxPages) {
    return fail({
      what: `it needs ${mebibytes(memory.minPages)} of memory to start, and may have ${mebibytes(maxPages)}`,
      offset: memorySection.start,
      advice:
        "Give it more memory (--max-memory), or build it with less: -Wl,--initial-memory=BYTES, and smaller static data.",
    });
  }
  if (memory.maxPages !== null && memory.maxPages <= maxPages) return ok(bytes);
  const limits = [1, HAS_MAXIMUM, ...encodeU32(memory.minPages), ...encodeU32(Math.min(maxPages, MAX_PAGES))];
  const section = [MEMORY_SECTION, limits.length, ...limits];
  const limited = new Uint8Array(bytes.length - (memorySection.end - memorySection.start) + section.length);
  limited.set(bytes.subarray(0, memorySection.start));
  limited.set(section, memorySection.start);
  limited.set(bytes.subarray(memorySection.end), memorySection.start + section.length);
  return ok(limited);
}

const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;

/** 16 pages of 64 KiB are a MiB. */
const mebibytes = (pages: number): string => `${pages / 16} MiB`;
