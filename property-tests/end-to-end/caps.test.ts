/** `foldos caps` on recordings of real programs: a machine of two, one that runs, and one that was asked nonsense. */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { foldosPath, guest, linesOf, newWorkplace, type Ran } from "../../cli/spawn-foldos.ts";

const { at, folder, foldos, foldosWith, clear } = newWorkplace();
afterAll(clear);

const MACHINE = {
  version: 1,
  processes: {
    reader: { program: guest("cat"), stdin: { pipe: "text" } },
    writer: {
      program: guest("cat"),
      args: ["/text.txt"],
      directories: [
        { guest: "/", host: "work" },
        { guest: "/other", host: "other" },
      ],
      stdout: { pipe: "text" },
      grants: ["entropy", "timers"],
    },
  },
  pipes: { text: {} },
};

const caps = (...words: readonly string[]): Ran => foldos("caps", ...words);
const jsonOf = ({ stdout }: Ran): readonly Readonly<Record<string, unknown>>[] =>
  linesOf(stdout).map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

let opened = 0;

beforeAll(() => {
  for (const name of ["work", "other"]) mkdirSync(at(name));
  writeFileSync(at("work/text.txt"), "to be\n");
  writeFileSync(at("machine.json"), JSON.stringify(MACHINE));
  expect(foldos("boot", "--record", "rec", "machine.json").status).toBe(0);
  const log = linesOf(foldos("log", "rec", "--type", "file/opened", "--json").stdout);
  opened = (JSON.parse(log[0] as string) as { seq: number }).seq;
}, 60_000);

describe("foldos caps", () => {
  test("who names the holders of a file and of the directories above it, as JSON too", () => {
    const { stdout, status } = caps("who", "rec", "/text.txt", `@${opened}`);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^process:2 slot \d+ \(writer\) {2}file:\/text.txt\/\d+#\d+, opened by process:2 through #\d+\n/,
    );
    expect(stdout).toContain("    may open it: ");
    const told = jsonOf(caps("who", "rec", "file:/text.txt", `@${opened}`, "--json"));
    expect(told.map(({ way, id }) => [way, id])).toEqual([
      ["holds", opened],
      ["may-open", expect.any(Number)],
    ]);
    const again = jsonOf(caps("who", "rec", String(told[0]?.["capability"]), `@${opened}`, "--json"));
    expect(again.map(({ id }) => id)).toEqual([opened]);
    expect(caps("who", "rec", "/text.txt").stdout).toMatch(
      /^nobody holds \/text.txt after event \d+: all processes had ended by then; try @\d+, the last moment /,
    );
  });

  test("where nobody holds anything, the last moment is named at which somebody did", () => {
    const none = /: all processes had ended by then; try (@\d+), the last moment/;
    const tree = caps("tree", "rec").stdout;
    expect(tree).toMatch(/^nobody holds anything after event \d+: /);
    const [, before = ""] = none.exec(tree) ?? [];
    expect(caps("graph", "rec").stdout).toMatch(none);
    expect(caps("tree", "rec", before).stdout).toContain("process:");
    expect(caps("tree", "rec", `@${Number(before.slice(1)) + 1}`).stdout).toContain(`try ${before}`);
    expect(caps("who", "rec", "pipe:1").stderr).toContain("all processes had ended by then; try @");
    const [at = ""] = /@\d+/.exec(caps("who", "rec", "/text.txt").stdout) ?? [];
    expect(caps("who", "rec", "/text.txt", at).stdout).toContain(" (writer)  file:/text.txt/");
    for (const pid of ["1", "2"]) {
      const [moment = ""] = /@\d+/.exec(caps("list", "rec", pid).stdout) ?? [];
      expect(caps("list", "rec", pid, moment).stdout).toContain("\nslot ");
    }
    expect(caps("tree", "rec", "@start").stdout).toContain("no process had begun by then");
  });

  test("a process may be named, and a capability by the short name that others show", () => {
    const words = [`@${opened}`, "--json"];
    expect(caps("list", "rec", "writer", ...words).stdout).toBe(caps("list", "rec", "2", ...words).stdout);
    for (const name of [`#${opened}`, `/text.txt#${opened}`, `file:/text.txt#${opened}`])
      expect(jsonOf(caps("who", "rec", name, ...words)).map(({ id }) => id)).toEqual([opened]);
    const lost = caps("rehearse", "rec", "revoke", `file:/text.txt#${opened}`, `@${opened}`).stdout;
    expect(lost).toMatch(
      /takes 1 capability away:\n {2}file:\/text.txt#\d+, slot 5 of process 2 \(writer\): fd_read, /,
    );
  });

  test("list names slots and services, tree and graph what there is", () => {
    const list = caps("list", "rec", "2", `@${opened}`).stdout;
    expect(list).toMatch(/^process:2 writer after event \d+\nslot 0 {3}null/);
    expect(list).toMatch(/service {2}timers/);
    const kinds = jsonOf(caps("list", "rec", "process:2", `@${opened}`, "--json")).map(({ kind }) => kind);
    expect(kinds).toEqual(["null", "pipe-writer", "console", "file", "file", "file", "timers", "entropy"]);
    expect(caps("tree", "rec", "/text.txt", `@${opened}`).stdout).toMatch(
      /^directory:\/\/.*\n└─ file:\/text.txt/,
    );
    const { nodes, edges } = JSON.parse(caps("graph", "rec", `@${opened}`, "--json").stdout) as {
      nodes: { id: string }[];
      edges: { from: string; to: string }[];
    };
    const ids = new Set(nodes.map(({ id }) => id));
    expect(edges.length).toBeGreaterThan(8);
    expect(edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
    expect(linesOf(caps("graph", "rec", `@${opened}`, "--dot").stdout)).toHaveLength(
      nodes.length + edges.length + 3,
    );
  });

  test("the prompt of step answers of the moment at its cursor as the commands do", () => {
    const words = ["who /text.txt", "list 2", "tree", "why", "could 1 fd_write /text.txt"];
    const { stdout, status } = foldosWith(
      [opened, ...words, "caps", "caps list 2", ""].join("\n"),
      "step",
      "rec",
    );
    expect(status).toBe(0);
    const answers = stdout.split(/^\[.*%\] .*\n/m).slice(2);
    const commands = words.map((line) => {
      const [name = "", ...rest] = line.split(" ");
      return caps(name, "rec", ...rest, `${name === "why" ? "" : "@"}${opened}`).stdout;
    });
    expect(answers.slice(0, words.length)).toEqual(commands);
    expect(answers[words.length]).toMatch(
      /^ {2}\+ process:2 \(writer\) {2}file:\/text.txt {2}fd_read, [^\n]*\n$/,
    );
    expect(answers[words.length + 1]).toBe(commands[1]);
  });

  test.each([
    ["who", "who holds what?"],
    ["who /nowhere", "/: no directory, or none that was looked into by then"],
    ["list 9", "9: there is no such process"],
    ["tree --al", "--al: there are --all and --json"],
    ["caps whom", "caps whom: caps, caps MOMENT, or"],
    ["start\nwhy", "before the first event nothing has happened"],
  ])("the prompt of step says of %j what was expected, and goes on", (line, what) => {
    const { stdout, status } = foldosWith(`${line}\ncaps\n`, "step", "rec");
    expect([stdout, status]).toEqual([expect.stringContaining(what), 0]);
    expect(stdout).toMatch(/\n {2}nobody's authority changed\n$/);
  });

  test("diff tells what came, and what two recordings differ in", () => {
    const came = jsonOf(caps("diff", "rec", String(opened - 1), String(opened), "--json"));
    expect(came).toMatchObject([
      { change: "gained", holder: "process:2", program: "writer", object: "file:/text.txt" },
    ]);
    const turned = caps("diff", "rec", "--json", String(opened), String(opened - 1));
    expect([jsonOf(turned), turned.stderr]).toEqual([
      came,
      `foldos: the later moment stands first; told from ${opened - 1} to ${opened}\n`,
    ]);
    expect(caps("diff", "rec", "end", "end").stdout).toBe("nobody's authority differs\n");
    const { processes } = MACHINE;
    const quieter = {
      ...MACHINE,
      processes: { ...processes, writer: { ...processes.writer, grants: ["entropy"] } },
    };
    writeFileSync(at("quieter.json"), JSON.stringify(quieter));
    expect(foldos("boot", "--record", "rec2", "quieter.json").status).toBe(0);
    // The other has an event less before the file is opened.
    const lines = linesOf(caps("diff", `rec@${opened}`, `rec2@${opened - 1}`).stdout);
    expect(lines).toEqual(["- process:2 (writer)  timers  use"]);
  });

  test("unused gives a machine that grants less, and does the same", () => {
    const told = jsonOf(caps("unused", "rec", "2", "--json"));
    expect(told.filter(({ neverUsed }) => neverUsed).map(({ object }) => object)).toEqual([
      "timers",
      "entropy",
    ]);
    const { stdout } = caps("unused", "rec", "2", "--machine");
    const narrowed = JSON.parse(stdout) as {
      processes: Record<string, { directories: unknown; grants: unknown }>;
    };
    expect(narrowed.processes["writer"]).toMatchObject({
      directories: [{ guest: "/", mode: "read-only" }],
      grants: [],
    });
    writeFileSync(at("narrowed.json"), stdout);
    const ran = foldos("boot", "--record", "narrowed", "narrowed.json");
    expect([ran.stdout, ran.status]).toEqual(["to be\n", 0]);
    expect(caps("unused", "rec", "2", "--flags").status).toBe(2);
    const proved = caps("unused", "rec", "2", "--prove");
    expect([proved.stdout, proved.status]).toEqual([
      expect.stringMatching(/^proved: .* answers are the same/),
      0,
    ]);
    const run = foldos(
      "run",
      "--record",
      "run",
      "--dir",
      "work::/",
      "--dir",
      "other::/x",
      guest("cat"),
      "/text.txt",
    );
    expect(run.status).toBe(0);
    expect(caps("unused", "run", "1", "--flags").stdout).toMatch(
      /^foldos run --dir \S+work::\/:ro cat.wasm \/text.txt\n$/,
    );
  });

  test("policy says whether rules hold, by its exit code", () => {
    const rule = { name: "r", rule: "never-holds", processes: ["reader"], held: { object: "under:/" } };
    writeFileSync(at("kept.json"), JSON.stringify({ version: 1, rules: [rule] }));
    const kept = caps("policy", "rec", "kept.json");
    expect([kept.status, kept.stdout]).toEqual([0, expect.stringMatching(/^1 rule holds/)]);
    writeFileSync(at("broken.json"), JSON.stringify({ version: 1, rules: [{ ...rule, processes: [] }] }));
    const { stdout, status } = caps("policy", "rec", "broken.json", "--json");
    expect([linesOf(stdout).length, status]).toEqual([3, 1]);
    expect(jsonOf(caps("policy", "rec", "broken.json", "--json")).at(-1)).toMatchObject({
      seq: opened,
      pid: 2,
    });
    writeFileSync(at("bad.json"), '{ "version": 1, "rulez": [] }');
    expect(caps("policy", "rec", "bad.json")).toMatchObject({ status: 2, stdout: "" });
  });

  test.each<[readonly string[], string]>([
    [[], ""],
    [["whoo"], "was `foldos caps who` meant?"],
    [["who"], "which recording?"],
    [["who", "rec"], "who holds what?"],
    [["who", "rec", "endpont:3"], "was `endpoint:3` meant?"],
    [["who", "rec", "pipe:9"], "there is none at that moment"],
    [["who", "rec", "#99999"], "there is no such capability"],
    [["who", "rec", "/text.txt", "@99999"], "the log has the events 0 to"],
    [["who", "rec", "/text.txt", "@x"], "the seq of an event was expected"],
    [["who", "rec", "/text.txt", "/text.txt"], "one word too many"],
    [["list", "rec"], "which process?"],
    [["list", "rec", "7"], "there is no such process at that moment; there are 1, 2"],
    [["list", "rec", "1", "@start"], "no process had begun"],
    [["list", "rec", "x"], "the pid or the name of a process was expected"],
    [["who", "rec", "35"], "a moment begins with @: was @35 meant?"],
    [["graph", "rec", "--dot", "--json"], "one or the other"],
    [["diff", "rec"], "between which moments?"],
    [["unused", "rec", "1", "9..3"], "the end is before the beginning"],
    [["unused", "rec", "1", "9"], "two moments were expected"],
    [["unused", "rec", "1", "--json", "--flags"], "one of them was expected"],
    [["policy", "rec"], "which policy?"],
    [["policy", "rec", "none.json"], "cannot be read (ENOENT)"],
    [["tree", "rec", "--bogus"], "Unknown option '--bogus'"],
  ])("%j is a usage error: %s", (words, why) => {
    const { stderr, stdout, status } = caps(...words);
    expect(status).toBe(2);
    expect(stderr).toContain(why);
    if (words.length > 0) expect([stdout, linesOf(stderr).length]).toEqual(["", 1]);
  });

  test("each command helps", () => {
    for (const name of [
      "who",
      "list",
      "tree",
      "graph",
      "diff",
      "unused",
      "policy",
      "why",
      "deputies",
      "what-if",
      "rehearse",
      "audit",
    ])
      expect(caps(name, "--help").stdout).toMatch(new RegExp(`^foldos caps ${name} `));
    expect(foldos("help", "caps").stdout).toContain("foldos caps who REC OBJECT");
  });
});

test("a machine that runs is asked as one that has ended", async () => {
  const run = spawn(
    process.execPath,
    [foldosPath, "run", "--record", "going", "--dir", "work::/", guest("sleep"), "60000"],
    {
      cwd: folder,
      stdio: "ignore",
    },
  );
  try {
    const held = (): Ran => caps("list", "going", "1");
    let told = held();
    for (let trial = 0; trial < 100 && !told.stdout.includes("directory:/"); trial += 1) told = held();
    expect(told.stdout).toContain('named "/"');
    expect(caps("who", "going", "console:output").stdout).toContain("process:1 slot 1 (sleep.wasm)");
  } finally {
    run.kill("SIGKILL");
    await new Promise((resolve) => run.once("exit", resolve));
  }
  expect(readFileSync(at("work/text.txt"), "utf8")).toBe("to be\n");
}, 60_000);
