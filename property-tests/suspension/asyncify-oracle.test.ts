import { describe, expect, test } from "@jest/globals";
import { guestPath } from "../../bench/child-process.ts";
import { type ShimProgram } from "../../bench/shim-program.ts";
import { programOf, runSuspendedProgram } from "../../bench/suspended-program.ts";
import { asyncified, logOf, runAsyncified } from "./asyncify-run.ts";

const LONGEST_MILLIS = 120_000;
const text = new TextEncoder().encode("one\ntwo\n");

const programs: readonly (readonly [string, readonly string[]])[] = [
  ["hello", ["a", "b"]],
  ["cat", ["/text"]],
  ["exit-code", ["3"]],
];

describe("suspended at every call, as Asyncify does it", () => {
  test.each(programs)(
    "%s makes the same calls, prints the same, and ends alike",
    (name, args) => {
      const program: ShimProgram = { path: guestPath(name), args, files: { text }, stdin: "" };
      const expected = runAsyncified(asyncified(program.path), program);
      const turns = { quantum: Number.POSITIVE_INFINITY, waits: true, restores: 2 };
      const { output, code, calls } = runSuspendedProgram(programOf(program.path), program, turns);
      expect({ output, code, calls: calls.map(logOf) }).toEqual(expected);
    },
    LONGEST_MILLIS,
  );
});
