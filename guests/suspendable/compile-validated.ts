import { setFlagsFromString } from "node:v8";
import { optimizeLater } from "../module/optimize-later.ts";

/**
 * Compiles a module that was validated before, as what `transformModule` gives was: V8 then looks at a function when it is first
 * called, not at all of them now (esbuild's second module, 46 MB: 38 ms of processor time, not 366). One that is not valid ends
 * the process when the function at fault is called.
 */
export function compileValidated(bytes: Uint8Array): WebAssembly.Module {
  const end = optimizeLater(bytes.length);
  setFlagsFromString("--wasm-lazy-validation");
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    setFlagsFromString("--no-wasm-lazy-validation");
    end();
  }
}
