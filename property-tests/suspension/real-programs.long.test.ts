/** Programs that compilers wrote: C, C++, Rust, interpreters, a database; suspended in every way, their output is the same. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { guestPath } from "../../bench/child-process.ts";
import { runPlainProgram, type ShimProgram } from "../../bench/shim-program.ts";
import {
  cachedProgramOf,
  programOf,
  runSuspendedProgram,
  type Turns,
} from "../../bench/suspended-program.ts";
import type { SuspendableProgram } from "../../guests/suspendable/suspendable-program.ts";
import { perlIn, sampleFiles as files } from "./shim-programs.ts";

const programs: readonly (readonly [string, readonly string[]])[] = [
  ["hello", ["a", "b"]],
  ["cpu-bound", ["3"]],
  ["cpu-kernels", ["sort", "5000"]],
  ["word-count", ["/sample.sql"]],
  ["throws", ["20000"]],
  ["grep-sorted", ["SELECT", "/"]],
  ["sqlite", ["/new.db", "@/sample.sql"]],
  ["qjs", ["/sample.js", "x", "y"]],
  ["lua", ["/sample.lua", "x", "y"]],
];

const turns: readonly (readonly [string, Turns])[] = [
  ["never", { quantum: Number.POSITIVE_INFINITY, waits: false, restores: 0 }],
  ["at every call", { quantum: Number.POSITIVE_INFINITY, waits: true, restores: 0 }],
  ["every 1,000,000 ticks", { quantum: 1_000_000, waits: false, restores: 0 }],
  ["at every call, and every 100,003 ticks", { quantum: 100_003, waits: true, restores: 0 }],
  ["into new instances", { quantum: 2_000_003, waits: true, restores: 5 }],
];

const LONGEST_MILLIS = 120_000;

function expectSame(program: ShimProgram, transformed: SuspendableProgram): void {
  const plain = runPlainProgram(program);
  const runs = turns.map(([how, turn]) => {
    const { output, code, files: left, ticks } = runSuspendedProgram(transformed, program, turn);
    return { how, output, code, files: left, ticks };
  });
  const expected = { ...plain, ticks: runs[0]?.ticks };
  expect(runs).toEqual(turns.map(([how]) => ({ how, ...expected })));
}

describe.each(programs)("%s", (name, args) => {
  test(
    "prints the same whenever it is suspended, and uses the same ticks",
    () => {
      const program: ShimProgram = { path: guestPath(name), args, files, stdin: "one two\nthree\n" };
      expectSame(program, programOf(program.path));
    },
    LONGEST_MILLIS,
  );
});

test(
  "Perl prints the same whenever it is suspended, and uses the same ticks",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "foldos-perl-"));
    try {
      const program = perlIn(folder);
      expectSame(program, cachedProgramOf(program.path));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  LONGEST_MILLIS,
);

const smallTurns: readonly (readonly [string, readonly string[], readonly Turns[]])[] = [
  [
    "hello",
    ["a"],
    [
      { quantum: 1, waits: true, restores: 0 },
      { quantum: 7, waits: true, restores: 1 },
      { quantum: 1000, waits: true, restores: 0 },
    ],
  ],
  [
    "throws",
    ["30"],
    [
      { quantum: 1, waits: true, restores: 0 },
      { quantum: 7, waits: false, restores: 0 },
      { quantum: 97, waits: true, restores: 2 },
    ],
  ],
];

test.each(smallTurns)(
  "%s prints the same when each turn is a few ticks",
  (name, args, fewTicks) => {
    const program = { path: guestPath(name), args, files };
    const plain = runPlainProgram(program);
    const transformed = programOf(program.path);
    for (const turn of fewTicks) expect(runSuspendedProgram(transformed, program, turn)).toMatchObject(plain);
  },
  LONGEST_MILLIS,
);
