import { wasmFrames } from "./wasm-frames.ts";
import { quoteName } from "./quote-name.ts";

/** How a guest ended that did not end itself. */
export interface Trap {
  /** The standard's words where V8's tell apart as much, the same in every version of Node. */
  readonly message: string;
  /**
   * The guest's functions, innermost first: `name@0xOFFSET`, or `function[12]@0xOFFSET` where the module has
   * no names.
   */
  readonly stack: readonly string[];
}

/** V8's words, and ours. It does not tell an empty place of a table from a function of another type. */
const messages: readonly (readonly [RegExp, string])[] = [
  [/^unreachable$/, "unreachable"],
  [/^(divide|remainder) by zero$/, "integer divide by zero"],
  [/^divide result unrepresentable$/, "integer overflow"],
  [/^float unrepresentable in integer range$/, "invalid conversion to integer"],
  [/^memory access out of bounds$|^data segment .*out of bounds/, "out of bounds memory access"],
  [
    /^(table index|table access|element segment|table initializer) .*out of bounds/,
    "out of bounds table access",
  ],
  [/^null function or function signature mismatch$/, "indirect call to null or of another type"],
  [/^(RuntimeError: )?function signature mismatch$/, "indirect call type mismatch"],
  [/^dereferencing a null pointer$/, "null reference"],
  [/^illegal cast$/, "cast failure"],
  [/^operation does not support unaligned accesses$/, "unaligned atomic"],
  [/^rethrowing null value$/, "null exception reference"],
];

const STACK_OVERFLOW = "Maximum call stack size exceeded";

/**
 * A trap, an exhausted stack or an exception of the guest that nothing caught; null if the error is the
 * host's own. Errors are told by their names, since a module's realm need not be this one. `shiftBytes` is
 * how much longer the module became by limitMemory: it is taken off the offsets, so that they are those of
 * the user's file.
 */
export function describeTrap(error: unknown, shiftBytes = 0): Trap | null {
  if (typeof error !== "object" || error === null) return null;
  const { name, message } = error as Readonly<Record<string, unknown>>;
  if (Object.prototype.toString.call(error) === "[object WebAssembly.Exception]") {
    return { message: "uncaught exception", stack: wasmFrames(error, shiftBytes) };
  }
  if (name === "RangeError" && message === STACK_OVERFLOW) {
    return { message: "call stack exhausted", stack: wasmFrames(error, shiftBytes) };
  }
  if (name !== "RuntimeError") return null;
  return { message: normalise(String(message)), stack: wasmFrames(error, shiftBytes) };
}

function normalise(message: string): string {
  const text = message.replace(/^WebAssembly\.\w+\(\): /, "");
  return messages.find(([pattern]) => pattern.test(text))?.[1] ?? quoteName(text);
}
