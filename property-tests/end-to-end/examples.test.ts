/** The examples of guests/examples, booted as their README says, and what it says of them. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { foldos, inFreshDirectory } from "./foldos-command.ts";

jest.setTimeout(240_000);

const EXAMPLES = resolve("guests/examples");

interface Expected {
  readonly code: number;
  /** Lines of standard output; those of different processes may come in any order. */
  readonly out: readonly string[];
  readonly err: string;
  /** Files of the machine at the end. */
  readonly files: Readonly<Record<string, string>>;
}

const honest = ["honest: compiles into its own file", "  the compiler says: done"];
const attack = ["attacker: opens the bills to write", "  refused: Capabilities insufficient"];

const examples: Readonly<Record<string, Expected>> = {
  "messages/machine": {
    code: 0,
    out: ["client: written", "client: written", "server: all calls are served"],
    err: "",
    files: { "/ada.txt": "client 1: engines weave\n", "/grace.txt": "client 2: bugs are moths\n" },
  },
  "deputy/ambient": {
    code: 0,
    out: [
      ...honest,
      ...attack,
      "attacker: names the bills as its output",
      "  the compiler says: done",
      "attacker: the bills are gone",
    ],
    err: "",
    files: { "/sysx/bill": "0001  THE BILLS ARE GONE\n" },
  },
  "deputy/capability": {
    code: 1,
    out: [
      ...honest,
      ...attack,
      "attacker: names the bills as its output",
      "  the compiler says: Invalid argument",
      "attacker: gives the bills, which it may read, as its output",
      "  the compiler says: Bad file descriptor",
      "attacker: the bills are safe",
    ],
    err: "foldos: attacker: exited with 3\n",
    files: { "/sysx/bill": "client 1 owes 1\nclient 2 owes 1\nclient 2 owes 1\n" },
  },
  "caretaker/machine": {
    code: 0,
    out: [
      "borrower: what it held is gone",
      "caretaker: the borrower wrote: Stale file handle",
      "caretaker: the borrower wrote: yes",
    ],
    err: "",
    files: { "/diary": "borrower\ncaretaker\n" },
  },
  "spawn/machine": {
    code: 0,
    out: [
      "child: 2 arguments: one two",
      "child: slot 0 is of kind 4",
      "child: slot 1 is of kind 1",
      "child: slot 2 is of kind 1",
      "child: slot 3: Bad file descriptor",
      "child: slot 4: Bad file descriptor",
      "child: /diary: Capabilities insufficient",
      "spawn: the child exited with 7",
    ],
    err: "",
    files: {},
  },
};

const lines = (text: string): readonly string[] => text.trimEnd().split("\n").sort();

/** The log without times of the host and where it was made: what a second run has to be equal to. */
const logOf = async (cwd: string, recording: string): Promise<string> =>
  (await foldos(["log", recording, "--json"], { cwd })).out;

describe("an example", () => {
  test.each(Object.entries(examples))("%s does what it says", (name, { code, out, err, files }) =>
    inFreshDirectory(async (cwd) => {
      const machine = join(EXAMPLES, `${name}.json`);
      const booted = await foldos(["boot", "--record", "rec", machine], { cwd });
      expect([booted.code, booted.err, lines(booted.out)]).toEqual([code, err, [...out].sort()]);
      for (const [path, text] of Object.entries(files)) {
        expect((await foldos(["cat", "rec", "end", path], { cwd })).out).toBe(text);
      }
    }),
  );

  test.each(Object.keys(examples))(
    "%s is the same when it is booted again, replayed, exported and imported",
    (name) =>
      inFreshDirectory(async (cwd) => {
        const run = (...words: readonly string[]) => foldos(words, { cwd });
        const machine = join(EXAMPLES, `${name}.json`);
        await run("boot", "--record", "rec", machine);
        await run("boot", "--record", "again", machine);
        expect(await logOf(cwd, "again")).toBe(await logOf(cwd, "rec"));
        await run("export", "rec", "rec.foldos");
        await run("import", "rec.foldos", "imported");
        for (const recording of ["rec", "imported"]) {
          expect((await run("replay", recording)).out).toMatch(/^([\d,]+) events, \1 equal\n$/);
          expect((await run("replay", "--fold-only", recording)).code).toBe(0);
        }
      }),
  );
});

test.each(["messages/machine", "spawn/machine"])(
  "%s as its recording has it boots, and does the same",
  (name) =>
    inFreshDirectory(async (cwd) => {
      const run = (...words: readonly string[]) => foldos(words, { cwd });
      const first = await run("boot", "--record", "rec", join(EXAMPLES, `${name}.json`));
      const { out } = await run("caps", "unused", "rec", "1", "--machine");
      writeFileSync(join(cwd, "again.json"), out);
      const again = await run("boot", "--record", "again", "again.json");
      const withoutNames = (text: string): readonly string[] => lines(text.replaceAll(/\w+\.wasm/g, ""));
      expect([again.code, again.err, withoutNames(again.out)]).toEqual([0, "", withoutNames(first.out)]);
    }),
);

test("the deputy that was confused is told in the log what it would have needed, and what would have allowed it", () =>
  inFreshDirectory(async (cwd) => {
    await foldos(["boot", "--record", "rec", join(EXAMPLES, "deputy/capability.json")], { cwd });
    const { out } = await foldos(["log", "rec"], { cwd });
    const refused = out.split("\n").filter((line) => line.includes("ENOTCAPABLE"));
    expect(refused.map((line) => line.replace(/^.*process\/refused +/, ""))).toEqual([
      'path_open fd 3 "/sysx/bill" ENOTCAPABLE: needs path_filestat_set_size on "/sysx" (fd 3 lacks it)',
      'fd_write fd 7 "/sysx/bill" ENOTCAPABLE: needs fd_write on "/sysx/bill" (fd 7 lacks it); nearest: fd 5 "/sysx/bill" would allow it',
    ]);
  }));
