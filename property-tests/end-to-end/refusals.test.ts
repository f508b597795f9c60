/** A program that is refused hears an errno; whoever looks at its recording is told what it lacked, and what came nearest. */
import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { guest, linesOf, newWorkplace } from "../../cli/spawn-foldos.ts";
import type { Refusal } from "../../replay/authority/explain-refusal.ts";

const { at, foldos, foldosWith, clear } = newWorkplace();
afterAll(clear);

interface Line {
  readonly seq: number;
  readonly type: string;
  readonly errno: number;
  readonly refusal?: Refusal;
}

/** What the program tries: it makes a file where it may not, writes what it opened to read, reads what it closed. */
const steps = [
  "put:/in/new:hi",
  "open:1:/in/a",
  "write:1:hi",
  "close:1",
  "read:1:2",
  "rename:/out/b:/in/b",
  "stat:/in/no",
];

beforeAll(() => {
  mkdirSync(at("in"));
  mkdirSync(at("out"));
  writeFileSync(at("in/a"), "text\n");
  writeFileSync(at("out/b"), "text\n");
  const grants = ["--dir", "in::/in:ro", "--dir", "out::/out"];
  const { status, stdout } = foldos("run", "--record", "rec", ...grants, guest("file-script"), ...steps);
  expect([status, linesOf(stdout).map((line) => line.replace(/^.* -> /, ""))]).toEqual([
    0,
    [
      "Capabilities insufficient",
      "ok",
      "Bad file descriptor",
      "ok",
      "Bad file descriptor",
      "Capabilities insufficient",
      "No such file or directory",
    ],
  ]);
}, 60_000);

const logged = (...words: readonly string[]): readonly Line[] =>
  linesOf(foldos("log", "rec", "--json", ...words).stdout).map((line) => JSON.parse(line) as Line);
const NEW_FILE =
  'needs path_create_file and path_filestat_set_size on "/in" (fd 3 lacks them); nearest: fd 4 "/out" has them';

describe("foldos log", () => {
  test("says of each refusal what was missing, on what, and what came nearest", () => {
    const lines = linesOf(foldos("log", "rec", "--type", "process/refused").stdout);
    const said = lines.map((line) => line.replace(/^.* process\/refused +/, ""));
    expect(said.slice(-5)).toEqual([
      `path_open fd 3 "/in/new" ENOTCAPABLE: ${NEW_FILE}`,
      'fd_write fd 5 "/in/a" ENOTCAPABLE: needs fd_write on "/in/a" (fd 5 lacks it)',
      "fd_read fd 5 EBADF: no such descriptor; use one that was given and is not closed",
      'path_rename fd 3 "/in/b" ENOTCAPABLE: needs path_rename_target on "/in" (fd 3 lacks it); nearest: fd 4 "/out" has it',
      'path_filestat_get fd 3 "/in/no" ENOENT',
    ]);
  });

  test("says the same as JSON, and of what is no refusal for want of authority nothing", () => {
    const refusals = logged().flatMap(({ type, refusal }) =>
      refusal === undefined ? [] : [[type, refusal]],
    );
    expect(refusals.slice(-4)).toMatchObject([
      [
        "process/refused",
        { call: "path_open", reason: "lacks-right", missing: ["path_create_file", "path_filestat_set_size"] },
      ],
      [
        "process/refused",
        { call: "fd_write", errno: "ENOTCAPABLE", object: { kind: "file", path: "/in/a" } },
      ],
      [
        "process/refused",
        { call: "fd_read", reason: "empty-slot", object: null, heldThrough: { slot: 5, rights: null } },
      ],
      [
        "process/refused",
        { call: "path_rename", heldThrough: { slot: 3 }, nearest: { slot: 4, object: { path: "/out" } } },
      ],
    ]);
  });
});

describe("at the moment of a refusal", () => {
  const momentOf = (call: string): string =>
    String(logged().find(({ refusal }) => refusal?.call === call && refusal.missing.length > 0)?.seq);

  test("foldos show says it first, and has it in parts", () => {
    const moment = momentOf("path_open");
    expect(linesOf(foldos("show", "rec", moment).stdout)[0]).toBe(`refused: path_open ${NEW_FILE}`);
    expect(foldos("show", "rec", moment, "clock").stdout).not.toContain("refused");
    expect(foldos("show", "rec", moment, "refusal/reason").stdout).toContain("lacks-right");
    expect(foldos("show", "rec", moment, "refusal/missing", "--json").stdout.trim()).toBe(
      '["path_create_file","path_filestat_set_size"]',
    );
    expect(JSON.parse(foldos("show", "rec", moment, "--json").stdout)).not.toHaveProperty("refusal");
    expect(foldos("show", "rec", "1", "refusal").status).toBe(2);
  });

  test("foldos step says it in the event's line, and of the whole event", () => {
    const { stdout } = foldosWith(`g ${momentOf("fd_write")}\ne\n`, "step", "rec");
    expect(stdout).toContain(
      'fd_write fd 5 "/in/a" ENOTCAPABLE: needs fd_write on "/in/a" (fd 5 lacks it)\n',
    );
    expect(stdout).toContain('\nrefused: fd_write needs fd_write on "/in/a" (fd 5 lacks it)\n');
  });
});
