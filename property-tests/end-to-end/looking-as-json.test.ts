/** `--json` of each command that looks is JSON: one value, or one a line; and a run is resumed that has nothing to go on with. */
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { guest, linesOf, newWorkplace } from "../../cli/spawn-foldos.ts";

const { at, foldos, clear } = newWorkplace();
afterAll(clear);

beforeAll(() => {
  // A name that is to be quoted, wherever it appears.
  writeFileSync(at('a "b"\n\\.txt'), "\u2028 text\n");
  const words = ["run", "--record", "rec", "--dir", ".::/:copy", guest("cat"), '/a "b"\n\\.txt', "/none"];
  expect(foldos(...words).status).toBe(1);
}, 60_000);

test.each<[readonly [string, ...string[]], number]>([
  [["log", "rec"], 20],
  [["log", "rec", "--type", "file/opened"], 1],
  [["log", "rec", "--follow"], 20],
  [["show", "rec"], 1],
  [["show", "rec", "start", "files"], 1],
  [["show", "rec", "5", "processes/1/name"], 1],
  [["diff", "rec", "start", "end"], 5],
  [["info", "rec"], 1],
  [["replay", "rec"], 1],
  [["replay", "rec", "--fold-only"], 1],
  [["export", "rec", "file"], 1],
  [["import", "file", "again"], 1],
])("%j --json", (words, least) => {
  const { status, stdout, stderr } = foldos(...words, "--json");
  expect([status, stderr]).toEqual([0, ""]);
  const isOneValue = words[0] === "show";
  const values = (isOneValue ? [stdout] : linesOf(stdout)).map((text) => JSON.parse(text) as unknown);
  expect(values.length).toBeGreaterThanOrEqual(least);
});

test("a recording that has ended is resumed to the same exit code, and told to have ended", () => {
  const { status, stdout, stderr } = foldos("resume", "rec");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(
    /rec: its program had ended, so there is nothing to go on with; `foldos info` says how\n$/,
  );
  expect(foldos("replay", "rec").status).toBe(0);
});
