import { quoteName } from "./quote-name.ts";

/**
 * V8 keeps no more frames than Error.stackTraceLimit said when the trap happened: 10, if nobody set it to
 * this.
 */
export const MAX_TRAP_FRAMES = 100;

/**
 * V8 writes: name (wasm://wasm/module-1a2b3c4d:wasm-function[12]:0x3f), or the place without name and
 * brackets.
 */
const FRAME = /^(?:(.*) \()?wasm:\/\/wasm\/(.*):wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/s;
/** The place stands at the end, and names are read up to here: they may have a million characters. */
const MAX_FRAME = 10_000;

/**
 * The guest's functions on an error's stack, innermost first, as `name@0xOFFSET` or `function[12]@0xOFFSET`.
 */
export function wasmFrames(error: object, shiftBytes: number): readonly string[] {
  const frames: string[] = [];
  for (const text of frameTexts(error)) {
    const frame = text.length > MAX_FRAME ? null : FRAME.exec(text);
    if (frame !== null) frames.push(printFrame(frame, shiftBytes));
    if (frames.length === MAX_TRAP_FRAMES) break;
  }
  return frames;
}

/** A frame as V8 has it: the module's name with a hash, the function's number, the instruction in the module's file. */
interface WasmFrame {
  readonly module: string;
  readonly functionIndex: number;
  readonly offset: number;
}

/** The guest's functions on an error's stack, innermost first. */
export function parseWasmFrames(error: object): readonly WasmFrame[] {
  return frameTexts(error).flatMap((text) => {
    const frame = text.length > MAX_FRAME ? null : FRAME.exec(text);
    if (frame === null) return [];
    const [, , module = "", index, hex = "0"] = frame;
    return [{ module, functionIndex: Number(index), offset: Number.parseInt(hex, 16) }];
  });
}

/**
 * Each frame in V8's own words. Whoever set Error.prepareStackTrace (jest does, for its source maps) would
 * change them, and what happened to a guest would depend on its host. It counts when `stack` is read first,
 * which is here. Apart from each other, frames cannot be forged by a function that has line breaks in its
 * name.
 */
function frameTexts(error: object): readonly string[] {
  const texts: string[] = [];
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Object.defineProperty(Error, "prepareStackTrace", {
    configurable: true,
    writable: true,
    value: (thrown: unknown, sites: readonly unknown[]): string => {
      for (const site of sites) texts.push(String(site));
      return [String(thrown), ...texts].join("\n    at ");
    },
  });
  let stack: unknown;
  try {
    stack = (error as { readonly stack?: unknown }).stack;
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", before);
  }
  if (texts.length > 0 || typeof stack !== "string") return texts;
  return stack.split("\n").map((line) => line.replace(/^\s+at /, ""));
}

function printFrame(frame: RegExpExecArray, shiftBytes: number): string {
  const [, name, url = "", index, hex = "0"] = frame;
  const place = `@0x${Math.max(0, Number.parseInt(hex, 16) - shiftBytes).toString(16)}`;
  if (name === undefined) return `function[${index}]${place}`;
  // A module with a name of its own has it in both: "module.function" and "module-hash".
  const moduleName = `${url.slice(0, url.lastIndexOf("-"))}.`;
  const short = url.includes("-") && name.startsWith(moduleName) ? name.slice(moduleName.length) : name;
  return `${quoteName(short)}${place}`;
}
