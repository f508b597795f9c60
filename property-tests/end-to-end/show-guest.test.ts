/** Looking into guests: `foldos show --memory` and `--stack`, at events and between them, is what a direct run has there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type Ended, foldos, guest, showsOurStack } from "./foldos-command.ts";
import { memoryBehindPrints, PRINTS, spokenProgram, TEXT, TEXT_AT, TURNS } from "./spoken-program.ts";

jest.setTimeout(120_000);

let cwd = "";
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "foldos-show-"));
  writeFileSync(join(cwd, "spoken.wasm"), spokenProgram());
  const words = ["run", "--clock", "virtual", "--seed", "1", "--record"];
  const process = { program: "spoken.wasm" };
  const machine = {
    version: 1,
    clock: "virtual",
    scheduler: { quantum: 60 },
    processes: { one: process, two: process },
  };
  writeFileSync(join(cwd, "machine.json"), JSON.stringify(machine));
  const made = [
    await foldos([...words, "lone", "spoken.wasm"], { cwd }),
    await foldos([...words, "turning", "--quantum", "60", "--keyframe-events", "3", "spoken.wasm"], { cwd }),
    await foldos(["boot", "--record", "booted", "machine.json"], { cwd }),
  ];
  expect(made.map(({ code, out, err }) => [code, out, err])).toEqual([
    [0, TEXT.repeat(PRINTS), ""],
    [0, TEXT.repeat(PRINTS), ""],
    [0, TEXT.repeat(2 * PRINTS), ""],
  ]);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const show = (...words: readonly string[]): Promise<Ended> => foldos(["show", ...words], { cwd });

async function shown(...words: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await show(...words, "--json");
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out) as Record<string, unknown>;
}

type Logged = { readonly seq: number; readonly pid: number; readonly type: string };

const logs = new Map<string, Promise<readonly Logged[]>>();

function logOf(recording: string): Promise<readonly Logged[]> {
  const known = logs.get(recording);
  if (known !== undefined) return known;
  const log = foldos(["log", recording, "--json"], { cwd }).then(({ out }) =>
    out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Logged),
  );
  logs.set(recording, log);
  return log;
}

const seqsOf = async (recording: string, type: string, of: number): Promise<readonly number[]> =>
  (await logOf(recording)).filter((event) => event.type === type && event.pid === of).map(({ seq }) => seq);

const printsOf = (recording: string, pid: number): Promise<readonly number[]> =>
  seqsOf(recording, "console/written", pid);

const SEEN = 256;
const cases = [
  ["lone", 1],
  ["turning", 1],
  ["booted", 1],
  ["booted", 2],
] as const;

describe.each(cases)("of the recording %s, process %d", (recording, pid) => {
  test("has the memory behind each print that it has without us", async () => {
    const prints = await printsOf(recording, pid);
    const memories = memoryBehindPrints();
    expect([prints.length, memories.length]).toEqual([PRINTS, PRINTS]);
    for (const place of [0, 4]) {
      const found = await shown(recording, `${prints[place]}`, "--memory", `${pid}`, "0", `${SEEN}`);
      expect(found).toMatchObject({
        moment: `${prints[place]}`,
        kind: "memory",
        pid,
        address: 0,
        length: SEEN,
      });
      expect(found["bytes"]).toBe(memories[place]?.subarray(0, SEEN).toString("hex"));
    }
  });

  test("has the stack that its source says, at a print and some ticks behind it", async () => {
    const [, , print] = await printsOf(recording, pid);
    type Frame = { name: string; values: readonly { local: number; type: string; value: number }[] };
    const framesAt = async (moment: string) =>
      (await shown(recording, moment, "--stack", `${pid}`))["frames"] as Frame[];
    const at = await framesAt(`${print}`);
    expect(at.map(({ name }) => name)).toEqual(["inner", "outer", "_start"]);
    expect(at[0]?.values).toContainEqual({ local: 0, type: "i32", value: 2 });
    const later = await framesAt(`${print}:20`);
    const latest = await framesAt(`${print}:40`);
    const turns = [later, latest].map(
      (frames) => frames[0]?.values.find(({ local }) => local === 1)?.value ?? -1,
    );
    expect(later.map(({ name }) => name)).toEqual(["inner", "outer", "_start"]);
    expect([
      (turns[0] as number) < TURNS,
      (turns[1] as number) < (turns[0] as number),
      (turns[1] as number) > 0,
    ]).toEqual([true, true, true]);
  });
});

test("bytes are shown as they are, and as people read them", async () => {
  const [print = 0] = await printsOf("turning", 1);
  const ask = ["--memory", "1", `0x${TEXT_AT.toString(16)}`, `${TEXT.length}`];
  expect((await show("turning", `${print}`, ...ask, "--raw")).out).toBe(TEXT);
  expect((await show("turning", `${print}`, ...ask)).out).toBe(
    "00000040  6b 6e 6f 77 6e 20 74 65  78 74 0a                 |known text.|\n",
  );
  const { code, out } = await show("turning", `${print}`, "--stack", "1");
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/^#0 +inner {2}at 0x[0-9a-f]+\n +local 0 +i32 +0\n/),
  ]);
  expect((await show("turning", `${print}`, "--memory", "1", "0", "0", "--raw")).out).toBe("");
  for (const words of [
    ["--memory", "turning", `${print}`, ...ask.slice(1)],
    ["turning", "--memory", `${print}`, ...ask.slice(1)],
  ])
    expect((await show(...words, "--raw")).out).toBe(TEXT);
});

test("a guest that waits says for what, and its stack is that of its call", async () => {
  const machine = {
    version: 1,
    clock: "virtual",
    processes: {
      reader: { program: guest("cat"), stdin: { pipe: "p" } },
      writer: { program: "spoken.wasm", stdout: { pipe: "p" } },
    },
    pipes: { p: {} },
  };
  writeFileSync(join(cwd, "piped.json"), JSON.stringify(machine));
  expect((await foldos(["boot", "--record", "piped", "piped.json"], { cwd })).out).toBe(TEXT.repeat(PRINTS));
  const [waits] = await seqsOf("piped", "process/suspended", 1);
  const found = await shown("piped", `${waits}`, "--stack", "1");
  expect([found["call"], (found["frames"] as readonly unknown[]).length > 1]).toEqual(["fd_read", true]);
  const { out } = await show("piped", `${waits}`, "--stack", "1");
  expect(out).toMatch(/^ +waits for fd_read\n#0 /);
});

describe("what cannot be shown is refused, and it is said why", () => {
  const refusals: readonly (readonly [words: string, why: string])[] = [
    ["turning PRINT --stack 9", "there is no process 9 then"],
    ["turning end --stack 1", "process 1 has ended by then"],
    ["lone end --memory 1 0 1", "process 1 has ended by then"],
    ["turning PRINT:1000000 --stack 1", "ticks up to its next call or its end, not 1000000"],
    ["lone PRINT:1000000 --stack 1", "ticks up to its next call or its end, not 1000000"],
    ["turning end:5 --stack 1", "no guest runs after event"],
    ["turning PRINT --memory 1 65530 7", "the memory of process 1 has 65536 bytes then"],
    ["turning PRINT --memory 1 0 9000000000", "at most 268435456 bytes"],
    ["turning start --stack 1", "there is no process 1 then"],
    [
      "turning --memory",
      "PID, ADDRESS and LENGTH are missing; foldos show REC [MOMENT] --memory PID ADDRESS LENGTH was expected",
    ],
    ["turning PRINT --memory 1 0", "LENGTH is missing; foldos show REC [MOMENT] --memory PID ADDRESS"],
    ["turning PRINT --memory 1", "ADDRESS and LENGTH are missing; foldos show REC [MOMENT] --memory PID"],
    ["turning --memory 1 0", "LENGTH is missing; foldos show REC [MOMENT] --memory PID ADDRESS LENGTH"],
    ["turning PRINT --stack", "PID is missing; foldos show REC [MOMENT] --stack PID was expected"],
    ["turning -2 --memory --json 1 0", "LENGTH is missing"],
    ["turning --stack", "PID is missing; foldos show REC [MOMENT] --stack PID was expected"],
    [
      "turning PRINT 1 2 3 --stack",
      "2: one word too many; foldos show REC [MOMENT] --stack PID was expected",
    ],
    ["turning PRINT --memory 1 0 4 5", "5: one word too many"],
    ["turning PRINT 1 0 4 --memory --stack", "was expected"],
    ["turning PRINT --memory 1 zero 4", "ADDRESS zero: a whole number was expected, as 4096 or 0x1000"],
    ["turning PRINT --memory 1 0 -4", "LENGTH"],
    ["turning 999999 --stack 1", "the log has the events 0 to"],
  ];

  test.each(refusals)("%s: %s", async (words, why) => {
    const [recording = ""] = words.split(" ");
    const [, print] = await printsOf(recording, 1);
    const { code, out, err } = await show(...words.replace("PRINT", `${print}`).split(" "));
    expect([code, out, showsOurStack(err)]).toEqual([2, "", false]);
    expect(err).toContain(why);
  });
});
