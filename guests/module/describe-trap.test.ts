import { describe, expect, test } from "@jest/globals";
import { describeTrap, type Trap } from "./describe-trap.ts";
import { namesOf, type ProgramParts, program, section } from "./module-builder.ts";
import { MAX_TRAP_FRAMES } from "./wasm-frames.ts";

function thrownBy(bytes: Uint8Array): unknown {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 200;
  try {
    (new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports["_start"] as () => void)();
  } catch (error) {
    return error;
  } finally {
    Error.stackTraceLimit = limit;
  }
  return null;
}

const trapOf = (parts: ProgramParts): Trap | null => describeTrap(thrownBy(program(parts)));

describe("a trap", () => {
  test.each([
    ["unreachable", [0x00]],
    ["integer divide by zero", [0x41, 1, 0x41, 0, 0x6d, 0x1a]],
    ["integer divide by zero", [0x41, 1, 0x41, 0, 0x6f, 0x1a]],
    ["integer overflow", [0x41, 0x80, 0x80, 0x80, 0x80, 0x78, 0x41, 0x7f, 0x6d, 0x1a]],
    ["invalid conversion to integer", [0x43, 0, 0, 0xc0, 0x7f, 0xa8, 0x1a]],
    ["out of bounds memory access", [0x41, 0x7f, 0x28, 0, 0, 0x1a]],
    ["out of bounds memory access", [0x41, 0x7f, 0x41, 9, 0x41, 9, 0xfc, 11, 0]],
    ["out of bounds table access", [0x41, 9, 0x11, 0, 0]],
    ["out of bounds table access", [0x41, 9, 0x25, 0, 0x1a]],
    ["indirect call to null or of another type", [0x41, 0, 0x11, 0, 0]],
    ["call stack exhausted", [0x10, 0]],
  ])("is called %s: %j", (message, code) => {
    expect(trapOf({ code })?.message).toBe(message);
  });

  test("has the function and the offset of its instruction", () => {
    const bytes = program({ code: [0x01, 0x00] });
    const offset = bytes.lastIndexOf(0x01) + 1;
    expect(describeTrap(thrownBy(bytes))?.stack).toEqual([`function[0]@0x${offset.toString(16)}`]);
    expect(describeTrap(thrownBy(bytes), 2)?.stack).toEqual([`function[0]@0x${(offset - 2).toString(16)}`]);
  });

  test("has the names of functions where the module has them, on one line", () => {
    expect(trapOf({ code: [0x00], tail: namesOf([0, "a (b)\u001b::c"]) })?.stack).toEqual([
      expect.stringMatching(/^a \(b\)\ufffd::c@0x[0-9a-f]+$/) as unknown,
    ]);
  });

  test("shows no frame that a function's name pretends to be", () => {
    const name = "a\n    at wasm://wasm/1:wasm-function[7]:0x7)\n    at b";
    const stack = trapOf({ code: [0x00], tail: namesOf([0, name]) })?.stack;
    expect(stack).toHaveLength(1);
    expect(stack?.[0]).toMatch(/^a\ufffd/);
  });

  test("leaves a stack of text behind, and whoever prepares stacks in its place", () => {
    const preparer = (): unknown => Object.getOwnPropertyDescriptor(Error, "prepareStackTrace")?.value;
    const before = preparer();
    const error = thrownBy(program({ code: [0x00] }));
    describeTrap(error);
    expect((error as Error).stack).toContain("RuntimeError: unreachable\n    at wasm://");
    expect(preparer()).toBe(before);
    expect(describeTrap(error)?.stack).toHaveLength(1);
  });

  test("has a bounded stack, innermost first", () => {
    const bytes = program({ code: [0x01, 0x10, 0] });
    const stack = describeTrap(thrownBy(bytes))?.stack ?? [];
    expect(stack).toHaveLength(MAX_TRAP_FRAMES);
    expect(stack[1]).toBe(`function[0]@0x${bytes.lastIndexOf(0x10).toString(16)}`);
  });

  test("in a segment before the first instruction is one too", () => {
    const tail = section(11, [1, 0, 0x41, 0x7f, 0x0b, 1, 0]);
    expect(trapOf({ tail })?.message).toBe("out of bounds memory access");
  });
});

describe("other ends", () => {
  test("an exception that nothing catches", () => {
    const middle = section(13, [1, 0, 0]);
    expect(trapOf({ middle, code: [0x08, 0] })?.message).toBe("uncaught exception");
  });

  test.each([null, undefined, 3, "unreachable", {}, new Error("x"), new RangeError("Invalid array length")])(
    "an error of the host is none of them: %p",
    (error) => {
      expect(describeTrap(error)).toBeNull();
    },
  );

  test("an error of another realm is told by its name", () => {
    expect(describeTrap({ name: "RuntimeError", message: "unreachable" })).toEqual({
      message: "unreachable",
      stack: [],
    });
  });

  test("a message that V8 may have one day is passed on", () => {
    expect(describeTrap({ name: "RuntimeError", message: "something\nnew" })?.message).toBe(
      "something\u{fffd}new",
    );
  });
});
