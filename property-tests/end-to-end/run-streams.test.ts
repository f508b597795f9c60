/** What a user gives `foldos run` and gets back: bytes, exit codes, traps, signals. Each program is run as it would be typed. */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { FOLDOS, foldos, guest, inFreshDirectory, runCommand, showsOurStack } from "./foldos-command.ts";

jest.setTimeout(60_000);

/** Every byte there is, in an order that no text has, and a length that no buffer has. */
const manyBytes = Uint8Array.from({ length: 300_007 }, (_, index) => (index * 167 + (index >> 8)) % 256);

/** What a shell makes of a line in which `foldos` and the guests' names stand for themselves. */
function shell(
  line: string,
  cwd: string,
): { readonly code: number | null; readonly out: Buffer; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["-c", `foldos() { "$NODE" "$FOLDOS" "$@"; }; ${line}`],
    {
      cwd,
      env: {
        ...process.env,
        NODE: process.execPath,
        FOLDOS,
        CAT: guest("cat"),
        INTERACTIVE: guest("interactive"),
      },
      timeout: 60_000,
    },
  );
  return { code: status, out: stdout, err: stderr.toString() };
}

test("bytes go from a file through the program into a file as they are", async () => {
  await inFreshDirectory(async (cwd) => {
    writeFileSync(join(cwd, "in"), manyBytes);
    expect(shell("foldos run --no-record $CAT < in > out", cwd)).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(join(cwd, "out")).equals(manyBytes)).toBe(true);
  });
});

test("bytes go through a row of pipes as they are, and each run replays equal", async () => {
  await inFreshDirectory(async (cwd) => {
    writeFileSync(join(cwd, "in"), manyBytes);
    const line = "cat in | foldos run --record one $CAT | foldos run --record two $CAT - | cat";
    const { code, out, err } = shell(line, cwd);
    expect([code, err, out.equals(manyBytes)]).toEqual([0, "", true]);
    for (const recording of ["one", "two"])
      expect((await foldos(["replay", recording], { cwd })).out).toMatch(/^([\d,]+) events, \1 equal\n$/);
  });
});

test("an ended, an empty and a closed standard input are all an end to the program", async () => {
  await inFreshDirectory(async (cwd) => {
    for (const input of ["< /dev/null", "<&-"]) {
      const { code, out, err } = shell(`foldos run --no-record $INTERACTIVE ${input}`, cwd);
      expect([input, code, out.toString(), err]).toEqual([input, 0, "> \nbye after 0 lines\n", ""]);
    }
    const given = await foldos(["run", "--no-record", guest("interactive")], { cwd, input: "" });
    expect([given.code, given.out]).toEqual([0, "> \nbye after 0 lines\n"]);
  });
});

test("standard error is kept apart from standard output", async () => {
  await inFreshDirectory(async (cwd) => {
    writeFileSync(join(cwd, "a"), "contents of a\n");
    const ran = await foldos(["run", "--no-record", "--dir", ".::/", guest("cat"), "/a", "/none", "/a"], {
      cwd,
    });
    expect(ran).toMatchObject({
      code: 1,
      out: "contents of a\ncontents of a\n",
      err: "/none: No such file or directory\n",
    });
  });
});

/** util-linux's `script`, which gives a terminal. */
const script = ["/usr/bin/script", "/bin/script"].find((path) => existsSync(path)) ?? "";
const whyNot = script === "" ? " (passed over: util-linux's `script` is missing)" : "";

(script === "" ? test.skip : test)(
  `a program before a terminal answers as it is typed to${whyNot}`,
  async () => {
    await inFreshDirectory(async (cwd) => {
      const line = `"${process.execPath}" "${FOLDOS}" run --record rec "${guest("interactive")}"`;
      const { code, out } = await runCommand(script, ["-qec", line, "/dev/null"], {
        cwd,
        input: "one\nquit\n",
      });
      expect([code, out.replaceAll("\r", "")]).toEqual([
        0,
        expect.stringContaining("> 1: one\n> \nbye after 1 lines\n"),
      ]);
      const { out: shown } = await foldos(["show", "rec", "console", "--json"], { cwd });
      expect(JSON.parse(shown)).toMatchObject({ inputIsTerminal: true, outputIsTerminal: true });
      expect((await foldos(["replay", "rec"], { cwd })).code).toBe(0);
    });
  },
);

test.each([0, 1, 2, 3, 4, 42, 134, 255])("the program's exit code %i is foldos's own", async (code) => {
  await inFreshDirectory(async (cwd) => {
    const ran = await foldos(["run", "--no-record", guest("exit-code"), String(code)], { cwd });
    expect(ran).toMatchObject({ code, out: "", err: "" });
  });
});

test.each([
  ["unreachable", "unreachable"],
  ["divide", "integer divide by zero"],
  ["memory", "out of bounds memory access"],
  ["indirect", "indirect call to null or of another type"],
])("a trap (%s) ends with 134 and the stack by the names of functions", async (kind, reason) => {
  await inFreshDirectory(async (cwd) => {
    const { code, out, err } = await foldos(["run", "--record", "rec", guest("trap"), kind], { cwd });
    expect([code, out, showsOurStack(err)]).toEqual([134, "about to trap\n", false]);
    const [first, ...frames] = err.trimEnd().split("\n");
    expect(first).toBe(`foldos: trap.wasm: trap: ${reason}`);
    const names = frames.map((frame) => /^ {4}at (.+)@0x[0-9a-f]+$/.exec(frame)?.[1]);
    expect(names.slice(0, 5)).toEqual(["innermost", "third", "second", "first", "main"]);
    const { out: info } = await foldos(["info", "rec", "--json"], { cwd });
    expect(JSON.parse(info)).toMatchObject({
      status: "ended",
      processes: [{ status: "trapped", exitCode: 134 }],
    });
    expect((await foldos(["replay", "rec"], { cwd })).code).toBe(0);
  });
});

test("a reader that goes away ends what a program prints: it is told, and its recording is whole", async () => {
  await inFreshDirectory(async (cwd) => {
    const line = "yes | foldos run --record rec $CAT | head -n 1; echo ${PIPESTATUS[1]}";
    const { out, err } = shell(line, cwd);
    expect([out.toString(), err]).toEqual(["y\n1\n", "cat: standard output: Broken pipe\n"]);
    const { out: info } = await foldos(["info", "rec", "--json"], { cwd });
    expect(JSON.parse(info)).toMatchObject({ status: "ended", processes: [{ exitCode: 1 }] });
    expect((await foldos(["replay", "rec"], { cwd })).out).toMatch(/^([\d,]+) events, \1 equal\n$/);
  });
});

test("a disk that has no room for what a program prints is told with the event, and the recording is whole", async () => {
  await inFreshDirectory(async (cwd) => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(
      process.execPath,
      [FOLDOS, "run", "--record", "rec", guest("hello")],
      {
        cwd,
        stdio: ["ignore", full, "pipe"],
      },
    );
    closeSync(full);
    expect(stderr.toString()).toMatch(/standard output could not be written \(ENOSPC, event \d+\)/);
    expect([status, showsOurStack(stderr.toString())]).toEqual([1, false]);
    expect((await foldos(["replay", "rec"], { cwd })).code).toBe(0);
  });
});
