import { describe, expect, test } from "@jest/globals";
import { encodeU32 } from "../module/encode-u32.ts";
import { exportOf, importOf, moduleOf, program, section, vector } from "../module/module-builder.ts";
import { transformModule } from "./transform-module.ts";

const LONGEST_MILLIS = 30_000;

const repeated = (count: number, ...code: readonly number[]): number[] =>
  Array.from({ length: count * code.length }, (_, at) => code[at % code.length] as number);

/** A program whose first function is called by nobody, with this body, and whose types are those of `program`. */
const withCode = (code: readonly number[], locals: readonly number[] = [0]): Uint8Array =>
  program({
    imports: [importOf("wasi_snapshot_preview1", "sched_yield", 0, 1)],
    types: [[0x60, 0, 1, 0x7f]],
    code,
    locals,
  });

const CALL = [0x10, 0, 0x1a];

/** Transformed into modules that V8 takes; within a time that the test's own limit holds. */
function passes(bytes: Uint8Array): void {
  expect(WebAssembly.validate(bytes)).toBe(true);
  const result = transformModule(bytes);
  expect(result).toMatchObject({ ok: true });
  if (!result.ok) return;
  expect(WebAssembly.validate(result.value.fast)).toBe(true);
  expect(WebAssembly.validate(result.value.slow)).toBe(true);
}

/** Why it was refused. That is said with a place in the file, where there is one. */
function refused(bytes: Uint8Array): string {
  const result = transformModule(bytes);
  if (!result.ok && result.error.what.startsWith("function")) expect(result.error.offset).toBeGreaterThan(8);
  return result.ok ? "it was transformed" : result.error.what;
}

describe("a module that is built to hurt", () => {
  test(
    "a hundred thousand nested blocks around a call",
    () => {
      const depth = 100_000;
      passes(withCode([...repeated(depth, 0x02, 0x40), ...CALL, ...repeated(depth, 0x0b)]));
    },
    LONGEST_MILLIS,
  );

  test(
    "ten thousand nested loops around a call",
    () => {
      const depth = 10_000;
      passes(withCode([...repeated(depth, 0x03, 0x40), ...CALL, ...repeated(depth, 0x0b)]));
    },
    LONGEST_MILLIS,
  );

  test(
    "a jump table of 65,000 targets",
    () => {
      const count = 65_000;
      const targets = repeated(count + 1, 0);
      passes(withCode([...CALL, 0x02, 0x40, 0x41, 0, 0x0e, ...encodeU32(count), ...targets, 0x0b]));
    },
    LONGEST_MILLIS,
  );

  test(
    "fifty thousand locals that live across calls",
    () => {
      const count = 50_000;
      const locals = [1, ...encodeU32(count), 0x7f];
      const uses = Array.from({ length: count }, (_, local) => [0x20, ...encodeU32(local), 0x1a]).flat();
      expect(refused(withCode([...repeated(40, ...CALL), ...uses], locals))).toMatch(
        /too many locals|more than/,
      );
    },
    LONGEST_MILLIS,
  );

  test(
    "a heavy loop with more live values than a function has parameters",
    () => {
      const locals = [1, ...encodeU32(1500), 0x7f];
      const uses = Array.from({ length: 1500 }, (_, local) => [0x20, ...encodeU32(local), 0x1a]).flat();
      passes(withCode([0x03, 0x40, ...CALL, ...uses, 0x0c, 0, 0x0b], locals));
    },
    LONGEST_MILLIS,
  );

  test(
    "more calls than a jump table has places",
    () => {
      expect(refused(withCode(repeated(70_000, ...CALL)))).toContain(
        "70000 calls and loops, and 60000 can be",
      );
    },
    LONGEST_MILLIS,
  );

  test(
    "a function that grows beyond what V8 takes",
    () => {
      const locals = [1, ...encodeU32(200), 0x7e];
      const uses = Array.from({ length: 200 }, (_, local) => [0x20, ...encodeU32(local), 0x1a]).flat();
      expect(refused(withCode([...repeated(50_000, ...CALL), ...uses], locals))).toContain(
        "more than 7654321 bytes",
      );
    },
    LONGEST_MILLIS,
  );

  test(
    "a chain of a hundred thousand functions, and a ring of them",
    () => {
      const count = 100_000;
      const bodies = (last: number): number[][] =>
        Array.from({ length: count }, (_, index) => {
          const code = [0, 0x10, ...encodeU32(index === count - 1 ? last : index + 2), 0x0b];
          return [...encodeU32(code.length), ...code];
        });
      const module = (last: number): Uint8Array =>
        moduleOf(
          section(1, [1, 0x60, 0, 0]),
          section(2, vector(importOf("outside", "call", 0, 0))),
          section(3, [...encodeU32(count), ...repeated(count, 0)]),
          section(5, [1, 0, 1]),
          section(7, vector(exportOf("_start", 0, 1), exportOf("memory", 2, 0))),
          section(10, [...encodeU32(count), ...bodies(last).flat()]),
        );
      expect(refused(module(0))).toContain("functions, and 90000 can be");
      expect(refused(module(1))).toContain("functions, and 90000 can be");
    },
    LONGEST_MILLIS,
  );

  test("features that are not taken are refused by name", () => {
    const relaxed = program({ code: [0xfe, 3, 0] });
    expect(refused(relaxed)).toContain("threads");
    expect(refused(moduleOf())).toContain("memory is empty");
    expect(refused(new Uint8Array(3))).toContain("not valid");
    expect(transformModule(program({ memory: [1, 0, 9] }), { maxPages: 8 })).toMatchObject({
      error: { what: expect.stringContaining("needs 9 pages") as unknown },
    });
    const exports = [exportOf("_start", 0, 0), exportOf("memory", 2, 0)];
    const imports = [importOf("env", "table", 1, 0x70, 0, 1)];
    expect(refused(program({ imports, exports }))).toContain("no function");
  });
});
