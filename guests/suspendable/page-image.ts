import { createHash } from "node:crypto";
import { PAGE_BYTES } from "./page-hash.ts";
import type { PageImage } from "./process-image.ts";

/** A page of 4 KiB as it is now. */
export function pageImage(memory: WebAssembly.Memory, index: number): PageImage {
  const bytes = new Uint8Array(memory.buffer, index * PAGE_BYTES, PAGE_BYTES).slice();
  return { index, address: createHash("sha256").update(bytes).digest(), bytes };
}
