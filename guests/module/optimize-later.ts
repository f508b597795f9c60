import { setFlagsFromString } from "node:v8";

/**
 * V8 12 optimises a function after 13 million bytes of its code have run. V8 11 does after 1.8 million, and a large program then
 * spends more on optimising than it gains: an esbuild that ends within seconds is a fifth quicker with the later one's number. A small
 * one is as quick with either, or gains by the earlier one.
 */
const [LATE, USUAL] =
  Number.parseInt(process.versions.v8, 10) < 12
    ? ["--wasm-tiering-budget=13000000", "--wasm-tiering-budget=1800000"]
    : [null, null];

/** From so many bytes on a module is large. */
const LARGE_BYTES = 4_000_000;

/** If a module is large, the functions of what is compiled from here on are optimised late. Returns what ends that. */
export function optimizeLater(moduleBytes: number): () => void {
  if (LATE === null || moduleBytes < LARGE_BYTES) return () => {};
  setFlagsFromString(LATE);
  return () => setFlagsFromString(USUAL);
}
