/** What somebody types who does not know the command yet: each error is one that helps. */
import { writeFileSync } from "node:fs";
import { afterAll, expect, test } from "@jest/globals";
import { guest, newWorkplace } from "./spawn-foldos.ts";

const { at, foldos, clear } = newWorkplace();
writeFileSync(at("file"), "");
afterAll(clear);

test.each<[readonly string[], string]>([
  [["runn", "x.wasm"], "there is no command `runn`; was `foldos run` meant? `foldos help` lists them"],
  [["nonsense"], "there is no command `nonsense`; `foldos help` lists them"],
  [["toString"], "there is no command `toString`; `foldos help` lists them"],
  [["help", "exprot"], "there is no command `exprot`; was `foldos export` meant?"],
  [["hello.wasm"], "to run a program: foldos run hello.wasm"],
  [["run"], "which program? foldos run [options] PROGRAM.wasm [ARGS...]"],
  [["run", "--dri", "."], "Unknown option '--dri'; `foldos run --help` lists the options"],
  [["replay", "rec", "--jsn"], "Unknown option '--jsn'; `foldos help replay` lists the options"],
  [["replay", "rec", "more"], "more: one word too many; `foldos help replay` says what goes where"],
  [["resume", "--bogus", "rec"], "Unknown option '--bogus'; `foldos help resume` lists the options"],
  [["resume", "rec", "more"], "more: one word too many"],
  [["log"], "which recording? foldos log REC; `last` is the newest in .foldos/"],
  [["log", "last"], "there is no .foldos/last: `foldos run PROGRAM.wasm` makes a recording"],
])("foldos %j", (words, what) => {
  const { status, stdout, stderr } = foldos(...words);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^foldos: .*\n$/);
  expect(stderr).toContain(what);
});

test("no words at all are answered with what there is", () => {
  expect(foldos()).toMatchObject({
    status: 2,
    stdout: expect.stringContaining("foldos help COMMAND"),
    stderr: "",
  });
  expect(foldos("help")).toMatchObject({ status: 0, stdout: foldos("--help").stdout });
});

test("a file that is no recording is told to each command as none", () => {
  for (const word of ["file", guest("hello"), "none"])
    expect(foldos("info", word)).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/there is no recording; `foldos run --record PATH` makes one/),
    });
});
