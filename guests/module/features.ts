import { refuse } from "./module-refusal.ts";

/**
 * What WebAssembly has beyond what every Node from 20 on runs, and runs alike. A module that uses one of
 * them is refused by name: threads because their order is not in the log, relaxed SIMD because its results
 * are the processor's choice, the others because a recording made by a newer engine must replay on an older
 * one.
 */
const FEATURES = {
  threads: [
    "threads (shared memory or atomic instructions)",
    "Build for wasm32-wasip1, not wasm32-wasip1-threads, and without -pthread and -matomics.",
  ],
  relaxedSimd: [
    "relaxed SIMD, whose results differ between processors",
    "Build without -mrelaxed-simd (plain -msimd128 is fine).",
  ],
  memory64: ["64-bit memory (memory64)", "Build for wasm32, not wasm64."],
  multiMemory: ["more than one memory (multi-memory)", "Link it to a single memory: without -mmultimemory."],
  newExceptions: [
    "exceptions with exnref (try_table, throw_ref), which Node 20 lacks",
    "Build with the older encoding of exceptions: clang -mllvm -wasm-use-legacy-eh=true, or without -fwasm-exceptions.",
  ],
  garbageCollection: [
    "garbage-collected types (WasmGC)",
    "Use a compiler that brings its own memory management: Kotlin, Dart and Java output for WasmGC does not run here.",
  ],
  functionReferences: [
    "typed function references, which Node 20 lacks",
    "Build without -mgc and without typed function references.",
  ],
  extendedConstants: [
    "computed constants (extended-const), which Node 20 lacks",
    "Build without -mextended-const and not as position-independent code (-fPIC).",
  ],
  pageSize: [
    "a page size of its own (custom-page-sizes)",
    "Build with pages of 64 KiB: without -Wl,--page-size.",
  ],
  wideArithmetic: ["128-bit arithmetic (wide-arithmetic)", "Build without -mwide-arithmetic."],
  stackSwitching: [
    "stack switching (continuations)",
    "Build without stack switching: use Asyncify, or plain calls.",
  ],
  stringReferences: [
    "string references (stringref)",
    "Build without stringref: the proposal was never finished.",
  ],
} as const;

export type Feature = keyof typeof FEATURES;

/** Refuses a module for a feature, saying which part of it shows the feature. */
export function refuseFeature(feature: Feature, offset: number, evidence: string): never {
  const [name, advice] = FEATURES[feature];
  return refuse(offset, `the module uses ${name}: ${evidence}`, advice);
}
