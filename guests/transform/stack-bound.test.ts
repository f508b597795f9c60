import { describe, expect, test } from "@jest/globals";
import { encodeU32 } from "../module/encode-u32.ts";
import { exportOf, moduleOf, section, vector } from "../module/module-builder.ts";
import { SuspendableInstance } from "../suspendable/suspendable-instance.ts";
import { SuspendableProgram } from "../suspendable/suspendable-program.ts";
import { transformModule } from "./transform-module.ts";

/** `_start` counts in global 0, and calls itself with so many operands below the call. */
function recursive(operands: number, end: readonly number[] = []): Uint8Array {
  const code = [
    0x23,
    0,
    0x41,
    1,
    0x6a,
    0x24,
    0,
    ...end,
    ...Array.from({ length: operands }, () => [0x23, 0]).flat(),
    0x10,
    0,
    ...Array.from({ length: operands }, () => 0x1a),
  ];
  return moduleOf(
    section(1, [1, 0x60, 0, 0]),
    section(3, [1, 0]),
    section(5, [1, 0, 1]),
    section(6, [1, 0x7f, 1, 0x41, 0, 0x0b]),
    section(7, vector(exportOf("_start", 0, 0), exportOf("memory", 2, 0))),
    section(10, [1, ...encodeU32(code.length + 2), 0, ...code, 0x0b]),
  );
}

const STACK_BYTES = 200_000;

function run(bytes: Uint8Array): {
  readonly kind: string;
  readonly calls: number;
  readonly isStackExhausted: boolean;
} {
  const result = transformModule(bytes, { stackBytes: STACK_BYTES });
  if (!result.ok) throw new Error(result.error.what);
  const process = new SuspendableInstance(new SuspendableProgram(result.value), { call: () => undefined });
  const end = process.run(1e6);
  const calls = (process.exports["g0"] as WebAssembly.Global).value as number;
  return { kind: end.kind, calls, isStackExhausted: end.kind === "trapped" && end.isStackExhausted };
}

describe("recursion", () => {
  test("without end is a trap of its own, after as many calls as the bytes of stack allow", () => {
    const { kind, calls, isStackExhausted } = run(recursive(0));
    expect({ kind, isStackExhausted }).toEqual({ kind: "trapped", isStackExhausted: true });
    expect(calls).toBe(Math.floor(STACK_BYTES / 256));
  });

  test("costs what its operands may need, too", () => {
    const { calls, isStackExhausted } = run(recursive(2000));
    expect(isStackExhausted).toBe(true);
    expect(calls).toBe(Math.floor(STACK_BYTES / (256 + 16 * 2000)));
  });

  test("that ends gives the bytes back", () => {
    // Below 500 calls deep it goes on; _start runs it once.
    const end = [0x23, 0, 0x41, 0xf4, 3, 0x4a, 0x04, 0x40, 0x0f, 0x0b];
    expect(run(recursive(0, end))).toMatchObject({ kind: "returned", calls: 501 });
  });
});
