import type { Layout } from "../transform/layout.ts";
import type { TransformedModule } from "../transform/transform-module.ts";
import { compileValidated } from "./compile-validated.ts";
import { hashPages } from "./page-hash.ts";

/** A transformed module, compiled. All its processes share it. */
export class SuspendableProgram {
  readonly layout: Layout;
  readonly fast: WebAssembly.Module;
  readonly #slowBytes: Uint8Array;
  #slow: WebAssembly.Module | null = null;
  #freshPages: Float64Array | null = null;

  constructor(transformed: TransformedModule) {
    this.layout = transformed.layout;
    this.fast = compileValidated(transformed.fast);
    this.#slowBytes = transformed.slow;
  }

  /** Compiled when the first process is resumed, and each of its functions when it is first rewound. */
  get slow(): WebAssembly.Module {
    this.#slow ??= compileValidated(this.#slowBytes);
    return this.#slow;
  }

  /** The hashes of the pages that a new process has. */
  freshPages(memory: WebAssembly.Memory): Float64Array {
    this.#freshPages ??= hashPages(memory, new Float64Array(0)).hashes;
    return this.#freshPages;
  }
}
