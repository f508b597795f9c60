/** A program that may take turns: transformed, compiled, and its imports looked up. All its processes share it. */
import { invariant } from "../core/assert.ts";
import { callAt, callNumber } from "./call-table.ts";
import { describeTrap, type Trap } from "./module/describe-trap.ts";
import { quoteName } from "./module/quote-name.ts";
import { parseWasmFrames } from "./module/wasm-frames.ts";
import { SuspendableProgram } from "./suspendable/suspendable-program.ts";
import { functionNames } from "./transform/function-names.ts";
import { readShape } from "./transform/read-shape.ts";
import { type TracedFrame, traceStack } from "./transform/trace-stack.ts";
import { traceFrames } from "./transform/trace-frames.ts";
import type { TransformedModule, TransformOptions } from "./transform/transform-module.ts";
import { SLOW_MODULE_NAME } from "./transform/write-slow-module.ts";
import type { WasiCall } from "./wasi/wasi-call.ts";

/** A module, and what was made of it with these options. */
export interface TransformedGuest {
  readonly source: Uint8Array;
  readonly options: TransformOptions;
  readonly transformed: TransformedModule;
}

/** A frame, with the function's name where the module says it. */
export interface StackFrame extends TracedFrame {
  readonly name: string | null;
}

interface Imported {
  readonly call: WasiCall;
  /** Its number in the table of calls. */
  readonly number: number;
}

export class SuspendableGuest {
  readonly program: SuspendableProgram;
  /** By import. */
  readonly calls: readonly Imported[];
  readonly #made: TransformedGuest;

  constructor(made: TransformedGuest) {
    this.#made = made;
    this.program = new SuspendableProgram(made.transformed);
    this.calls = made.transformed.layout.imports.map(({ module, name }) => {
      const number = callNumber(module, name);
      invariant(number >= 0, "a module's imports were judged");
      return { call: callAt(number), number };
    });
  }

  /** A trap as it would be without the transform: its functions and places are those of the user's file. */
  trapOf(error: unknown, isStackExhausted: boolean): Trap {
    const trap = describeTrap(error);
    if (trap === null) throw error;
    const message = isStackExhausted ? "call stack exhausted" : trap.message;
    return { message, stack: this.#stackOf(error as object) };
  }

  /** The frames of a stack image, innermost first, in words of the user's file. */
  framesOf(stack: Uint8Array): readonly StackFrame[] {
    const { source, options, transformed } = this.#made;
    const frames = traceStack(source, transformed, { stack, options });
    const names = functionNames(readShape(source), new Set(frames.map(({ functionIndex }) => functionIndex)));
    return frames.map((frame) => ({ ...frame, name: names.get(frame.functionIndex) ?? null }));
  }

  #stackOf(error: object): readonly string[] {
    const { source, options, transformed } = this.#made;
    const frames = parseWasmFrames(error).map(({ module, functionIndex, offset }) => ({
      isSlow: module.startsWith(SLOW_MODULE_NAME),
      functionIndex,
      offset,
    }));
    const places = traceFrames(source, transformed, { frames, options });
    const names = functionNames(readShape(source), new Set(places.map(({ functionIndex }) => functionIndex)));
    return places.map(({ functionIndex, offset }) => {
      const name = names.get(functionIndex);
      const shown = name === undefined ? `function[${functionIndex}]` : quoteName(name);
      return `${shown}@0x${offset.toString(16)}`;
    });
  }
}
