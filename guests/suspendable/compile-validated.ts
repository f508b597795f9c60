import { setFlagsFromString } from "node:v8";

/**
 * What V8 is told while it compiles, and told back after.
 * - Not to look at all functions now, but at each when it is first called: esbuild's second module, 46 MB, takes 38 ms of
 *   processor time, not 366.
 * - To optimise a function after 13 million bytes of its code have run, as V8 12 does by itself. V8 11 does after 1.8 million, and
 *   a large program then spends more on optimising than it gains: an esbuild that ends within seconds is a fifth quicker.
 */
const flags: readonly (readonly [during: string, after: string])[] = [
  ["--wasm-lazy-validation", "--no-wasm-lazy-validation"],
  ...(Number.parseInt(process.versions.v8, 10) < 12
    ? [["--wasm-tiering-budget=13000000", "--wasm-tiering-budget=1800000"] as const]
    : []),
];

/**
 * Compiles a module that was validated before, as what `transformModule` gives was. One that is not valid ends the process when
 * the function at fault is called.
 */
export function compileValidated(bytes: Uint8Array): WebAssembly.Module {
  for (const [during] of flags) setFlagsFromString(during);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const [, after] of flags) setFlagsFromString(after);
  }
}
