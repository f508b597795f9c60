import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { RecordingStore } from "../replay/recording-store.ts";
import { foldosPath, guest, linesOf as lines, newWorkplace, type Ran } from "./spawn-foldos.ts";

const { at, foldos, foldosWith, clear } = newWorkplace();
const recorded = at("copy");

beforeAll(() => {
  mkdirSync(at("files/source/deep"), { recursive: true });
  writeFileSync(at("files/source/one.txt"), "one\n");
  writeFileSync(at("files/source/deep/two.txt"), "two\n".repeat(5000));
  writeFileSync(at("files/never-read.txt"), "secret");
  symlinkSync("source/one.txt", at("files/link"));
  const ran = foldos(
    "run",
    "--record",
    recorded,
    "--dir",
    "files::/",
    "--dir",
    "files/source::/second:ro",
    guest("copy-tree"),
    "/source",
    "/target",
  );
  expect([ran.stderr, ran.status]).toEqual(["", 0]);
}, 60_000);

afterAll(clear);

interface LogLine {
  readonly seq: number;
  readonly type: string;
  readonly pid: number;
  readonly subject: { readonly fd: number | null; readonly path: string | null };
}
const logged = (...words: readonly string[]): readonly LogLine[] =>
  lines(foldos("log", recorded, "--json", ...words).stdout).map((line) => JSON.parse(line) as LogLine);

describe("foldos log", () => {
  test("prints a line for each event, with the descriptor and the path that it is about", () => {
    const { stdout, status } = foldos("log", recorded);
    expect(status).toBe(0);
    expect(stdout).toMatch(/ file\/read +fd \d+ "\/source\/one.txt" 4 bytes at 0\n/);
    expect(stdout).toMatch(/ file\/opened +fd \d+ "\/target\/deep\/two.txt.part" to write, inode \d+\n/);
    expect(stdout).toMatch(
      / process\/started +"copy-tree.wasm" "\/source" "\/target" +program [0-9a-f]{12}\n/,
    );
    const seqs = logged().map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index));
    expect(lines(stdout)).toHaveLength(seqs.length);
  });

  test("combines its filters", () => {
    const all = logged();
    const below = (path: string) => (event: LogLine) => event.subject.path?.startsWith(path) === true;
    expect(logged("--path", "/target/deep")).toEqual(all.filter(below("/target/deep")));
    expect(logged("--path", "target/deep/", "--type", "file/")).toEqual(
      all.filter(below("/target/deep")).filter(({ type }) => type.startsWith("file/")),
    );
    expect(logged("--pid", "0")).toEqual(all.filter(({ pid }) => pid === 0));
    expect(logged("--from", "10", "--to", "20", "--pid", "1")).toEqual(
      all.slice(10, 21).filter(({ pid }) => pid === 1),
    );
    expect(logged("--from", "-3").map(({ seq }) => seq)).toEqual(all.slice(-4).map(({ seq }) => seq));
    expect(logged("--type", "machine/powered-off").map(({ seq }) => seq)).toEqual([all.length - 1]);
  });

  test.each([
    [["--type", "nonsense"], "no type of event begins so"],
    [["--pid", "x"], "a whole number"],
    [["--from", "99999999"], "the log has the events 0 to"],
    [["--from", "5", "--to", "3"], "the end is before the beginning"],
    [["--bogus"], "Unknown option '--bogus'"],
    [["more"], "one word too many"],
  ])("%j is a usage error: %s", (words, why) => {
    const { stdout, stderr, status } = foldos("log", recorded, ...words);
    expect([stdout, status]).toEqual(["", 2]);
    expect(stderr).toContain(why);
    expect(lines(stderr)).toHaveLength(1);
  });

  test("ends in silence when its reader goes away", () => {
    const { status, stdout, stderr } = spawnSync(
      "bash",
      [
        "-c",
        `for i in 1 2 3; do "${process.execPath}" "${foldosPath}" log "${recorded}" | head -n 1; echo "\${PIPESTATUS[0]}"; done`,
      ],
      { encoding: "utf8", timeout: 60_000 },
    );
    expect([status, stderr]).toEqual([0, ""]);
    expect(lines(stdout)).toHaveLength(6);
  });

  test("follows a run that still goes, up to its end", async () => {
    const going = at("going");
    const run = spawn(process.execPath, [foldosPath, "run", "--record", going, guest("sleep"), "1500"], {
      stdio: "ignore",
    });
    let tried: Ran = foldos("info", going);
    for (let trial = 0; trial < 50 && tried.status !== 0; trial += 1) tried = foldos("info", going);
    expect(tried.stdout).toMatch(/is writing it/);
    const { stdout, stderr, status } = foldos("log", going, "--follow", "--type", "machine/");
    expect([stderr, status]).toEqual(["", 0]);
    expect(stdout).toMatch(/machine\/powered-on[^]*machine\/powered-off/);
    run.kill("SIGKILL");
  }, 60_000);

  test("says that nobody writes any more when the run that it follows was cut off, and Ctrl-C ends it before", async () => {
    const cut = at("cut");
    const run = spawn(process.execPath, [foldosPath, "run", "--record", cut, guest("sleep"), "60000"], {
      stdio: "ignore",
    });
    for (let trial = 0; trial < 50 && foldos("info", cut).status !== 0; trial += 1);
    const follower = spawn(process.execPath, [foldosPath, "log", cut, "--follow"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => follower.stdout.once("data", resolve));
    follower.kill("SIGINT");
    expect(
      await new Promise((resolve) => follower.once("exit", (code, signal) => resolve([code, signal]))),
    ).toEqual([0, null]);
    run.kill("SIGKILL");
    await new Promise((resolve) => run.once("exit", resolve));
    const { stderr, status } = foldos("log", cut, "--follow");
    expect([stderr, status]).toEqual([expect.stringMatching(/nobody writes .* any more/), 0]);
    expect(foldos("info", cut).stdout).toMatch(/status +cut off after event \d+; `foldos resume` goes on/);
  }, 60_000);

  test("says to run the program again when the run that it follows was cut off before it began", () => {
    RecordingStore.create(at("unbegun"), "none").close();
    const { stderr, status } = foldos("log", at("unbegun"), "--follow");
    expect([stderr, status]).toEqual([
      `foldos: nobody writes ${at("unbegun")} any more, and its program did not begin; run the program again\n`,
      0,
    ]);
    expect(foldos("info", at("unbegun")).stdout).toMatch(/status +empty: .*; run the program again/);
  });
});

describe("foldos show", () => {
  test("shows the state or a part of it at any moment", () => {
    expect(foldos("show", recorded, "processes/1/status").stdout).toBe('"exited"\n');
    expect(foldos("show", recorded, "20", "processes/1/status").stdout).toBe('"running"\n');
    expect(foldos("show", recorded, "20:7", "processes/1/status").stdout).toBe('"running"\n');
    expect(foldos("show", recorded, "start", "processes").stdout).toBe(
      "nextPid: 1\nprograms: none\nwaitingCount: 0\n",
    );
    expect(foldos("show", recorded, "end", "clock").stdout).toMatch(
      /^boots: 1\nisOn: false\nisVirtual: false\nwallBase: \d+\n$/,
    );
    const state = JSON.parse(foldos("show", recorded, "--json").stdout) as {
      readonly processes: Record<string, { readonly name: string }>;
    };
    expect(state.processes["1"]?.name).toBe("copy-tree.wasm");
    expect(foldos("show", recorded, "3:4").stdout).toBe(foldos("show", recorded, "3").stdout);
    expect(foldos("show", recorded).stdout).not.toMatch(/epoch|items|levels/);
  });

  test.each([
    [["processes/7"], "processes has no 7; it has nextPid, programs, 1"],
    [["end", "clock/isOn/x"], "clock/isOn has no x; it is false"],
    [["99999999"], "the log has the events 0 to"],
    [["3:99999999999999999"], "no guest has so many ticks"],
    [["--stack"], "foldos show REC [MOMENT] --stack PID was expected"],
    [["--memory", "--stack", "1"], "was expected"],
    [["--memory", "1", "0x40", "many"], "LENGTH many: a whole number was expected"],
    [["--stack", "9"], "there is no process 9 then"],
    [["3:x"], "the state has no 3:x"],
    [["99999999:4"], "the log has the events 0 to"],
    [["wrong", "clock"], "the seq of an event was expected"],
  ])("%j is a usage error: %s", (words, why) => {
    const { stdout, stderr, status } = foldos("show", recorded, ...words);
    expect([stdout, status, lines(stderr).length]).toEqual(["", 2, 1]);
    expect(stderr).toContain(why);
  });
});

describe("foldos cat", () => {
  test("prints a file's bytes as they were", () => {
    const two = readFileSync(at("files/source/deep/two.txt"), "utf8");
    expect(foldos("cat", recorded, "end", "/target/deep/two.txt").stdout).toBe(two);
    expect(foldos("cat", recorded, "-1", "/target/deep/two.txt").status).toBe(1);
    const part = "/target/deep/two.txt.part";
    const [written] = logged("--path", part, "--type", "file/written");
    const half = foldos("cat", recorded, String(written?.seq), part).stdout;
    expect(two.startsWith(half) && half.length > 0).toBe(true);
    const inode = foldos("show", recorded, "--json", "files/inodes").stdout;
    const [number] = Object.entries(
      JSON.parse(inode) as Record<string, { names: { name: string }[]; size: number }>,
    ).find(([, { names, size }]) => names[0]?.name === "two.txt" && size === two.length) as [string, unknown];
    expect(foldos("cat", recorded, "end", `inode:${number}`).stdout).toBe(two);
  });

  test.each([
    ["/nothing", "there is no such file at that moment"],
    ["/never-read.txt", "nobody had looked at it by then"],
    ["/target", "a directory has no contents"],
    ["/../etc/passwd", 'it leads out of "/"'],
    ["inode:9999", "there is no such inode"],
    ["/second/one.txt", "nobody had looked into the host's directory"],
  ])("%s cannot be given: %s", (file, why) => {
    const { stdout, stderr, status } = foldos("cat", recorded, "end", file);
    expect([stdout, status]).toEqual(["", 1]);
    expect(stderr).toContain(why);
  });
});

describe("foldos diff", () => {
  test("says what changed between two moments, and the same backward", () => {
    const [created] = logged("--type", "file/created");
    const seq = created?.seq ?? 0;
    const { stdout } = foldos("diff", recorded, String(seq - 1), String(seq));
    expect(stdout).toMatch(/^\+ files\/inodes\/\d+ {2}\{"kind":4/m);
    expect(foldos("diff", recorded, String(seq), String(seq)).stdout).toBe("");
    expect(foldos("diff", recorded, String(seq), String(seq - 1)).stdout).toMatch(/^- files\/inodes\/\d+ /m);
    const json = lines(foldos("diff", recorded, "start", "end", "--json").stdout).map(
      (line) => JSON.parse(line) as { path: string },
    );
    expect(json.map(({ path }) => path)).toContain("processes/1");
  });

  test("wants two moments", () => {
    expect(foldos("diff", recorded, "3")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("between which moments"),
    });
  });
});

describe("foldos info", () => {
  test("says what a recording is", () => {
    const { stdout } = foldos("info", recorded);
    expect(stdout).toMatch(/status +ended in good order/);
    expect(stdout).toMatch(/process 1 +copy-tree.wasm \/source \/target \([0-9a-f]{12}\)\n +exited with 0/);
    const info = JSON.parse(foldos("info", recorded, "--json").stdout) as Record<string, unknown>;
    expect(info).toMatchObject({
      status: "ended",
      writer: null,
      boots: 1,
      events: logged().length,
      processes: [{ exitCode: 0 }],
    });
  });
});

describe("foldos step", () => {
  test("goes forward and back with commands from a pipe", () => {
    const script =
      "n\nb\nn 3\n\ng 20\nb 5\ne\nd 10\np processes/1/name\nw\n/file/created\ng 99999999\nnonsense\ng -5\nend\nn\nq\n";
    const { stdout, stderr, status } = foldosWith(script, "step", recorded);
    expect([stderr, status]).toEqual(["", 0]);
    expect(stdout).toContain("before the first event");
    expect(stdout).toMatch(/\[20 of \d+, \d+%\] b 5\n +15 /);
    expect(stdout).toMatch(/seq +15\n/);
    expect(stdout).toContain('"copy-tree.wasm"\n');
    expect(stdout).toMatch(/file\/created +fd \d+ "\/target\//);
    expect(stdout).toContain("the log has the events 0 to");
    expect(stdout).toContain("there is no command nonsense");
    expect(stdout).toContain("this is the end");
  });

  test("ends with its input", () => {
    expect(foldosWith("n\nn\n", "step", recorded, "end").status).toBe(0);
  });
});
