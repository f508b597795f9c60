import { describe, expect, test } from "@jest/globals";
import { encodeU32 } from "../module/encode-u32.ts";
import { exportOf, moduleOf, section, vector } from "../module/module-builder.ts";
import { SuspendableInstance } from "../suspendable/suspendable-instance.ts";
import { SuspendableProgram } from "../suspendable/suspendable-program.ts";
import { transformModule } from "./transform-module.ts";

/** What the code leaves in memory from 0 on, as 64-bit words in hexadecimal. */
function bitsOf(code: readonly number[], words: number, canonicalNans = true): readonly string[] {
  const locals = [2, 2, 0x7c, 2, 0x7b];
  const body = [...encodeU32(locals.length + code.length + 1), ...locals, ...code, 0x0b];
  const bytes = moduleOf(
    section(1, [1, 0x60, 0, 0]),
    section(3, [1, 0]),
    section(5, [1, 0, 1]),
    section(7, vector(exportOf("_start", 0, 0), exportOf("memory", 2, 0))),
    section(10, [1, ...body]),
  );
  const result = transformModule(bytes, { canonicalNans });
  if (!result.ok) throw new Error(result.error.what);
  const process = new SuspendableInstance(new SuspendableProgram(result.value), { call: () => undefined });
  expect(process.run(1000).kind).toBe("returned");
  return Array.from(new BigUint64Array(process.memory.buffer, 0, words), (word) => word.toString(16));
}

const ADDRESS = [0x41, 0];
const STORE = [0x39, 0, 0];
const ZERO = [0x44, 0, 0, 0, 0, 0, 0, 0, 0];
const NEGATIVE = [0x44, 1, 2, 3, 4, 5, 6, 0xff, 0xff];
const CANONICAL = "7ff8000000000000";

describe("a NaN", () => {
  test.each([
    ["of zero by zero", [...ZERO, ...ZERO, 0xa3]],
    ["with a payload, added to", [...NEGATIVE, ...ZERO, 0xa0]],
    ["that goes through a local", [...ZERO, ...ZERO, 0xa3, 0x21, 0, 0x20, 0]],
    ["of a root of -1", [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0xbf, 0x9f]],
    ["that was a smaller one", [0x43, 1, 2, 0xff, 0xff, 0xbb]],
    ["whose computation goes on", [...ZERO, ...ZERO, 0xa3, 0x20, 0, 0xa2]],
  ])("%s is the canonical one", (_, code) => {
    expect(bitsOf([...ADDRESS, ...code, ...STORE], 1)).toEqual([CANONICAL]);
  });

  test.each([
    ["a store", []],
    ["a local", [0x21, 1, 0x20, 1]],
    ["a negation, but for its sign", [0x9a, 0x9a]],
    ["a choice", [...ZERO, 0x41, 1, 0x1b]],
  ])("keeps its payload in %s", (_, code) => {
    expect(bitsOf([...ADDRESS, ...NEGATIVE, ...code, ...STORE], 1)).toEqual(["ffff060504030201"]);
  });

  test("is the canonical one in every lane of a vector", () => {
    const quotient = [...ZERO, 0xfd, 20, ...ZERO, 0xfd, 20, 0xfd, 0xf3, 1];
    expect(bitsOf([...ADDRESS, ...quotient, 0xfd, 11, 0, 0], 2)).toEqual([CANONICAL, CANONICAL]);
    const single = [0x43, 0, 0, 0, 0, 0xfd, 19];
    expect(bitsOf([...ADDRESS, ...single, ...single, 0xfd, 0xe7, 1, 0xfd, 11, 0, 0], 1)).toEqual([
      "7fc000007fc00000",
    ]);
  });

  test("is what the processor makes of it, if that is asked for", () => {
    expect(bitsOf([...ADDRESS, ...ZERO, ...ZERO, 0xa3, ...STORE], 1, false)).toEqual([
      expect.stringMatching(/^[7f]ff8000000000000$/) as unknown,
    ]);
  });
});
