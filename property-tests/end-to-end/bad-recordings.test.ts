/** Recordings that are cut off, changed, from a newer Foldos, or still being written: each told by each command, and left as it is. */
import {
  closeSync,
  cpSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { open } from "lmdb";
import { seededRandom } from "../../core/random.ts";
import { GROUP_VERSION } from "../../replay/group.ts";
import { FrameWriter, STREAM_VERSION } from "../../replay/portable-stream.ts";
import { RecordingStore } from "../../replay/recording-store.ts";
import { STORE_VERSION } from "../../replay/store-format.ts";
import { guest, newWorkplace, type Ran } from "../../cli/spawn-foldos.ts";
import { foldos as foldosBeside, showsOurStack } from "./foldos-command.ts";

jest.setTimeout(120_000);

const { folder, at, foldos, clear } = newWorkplace();
afterAll(clear);

beforeAll(() => {
  writeFileSync(at("a.txt"), "to be or not to be\n".repeat(400));
  const words = ["--keyframe-events", "20", "--dir", ".::/:copy", guest("word-count"), "/a.txt"];
  expect(foldos("run", "--record", "whole", ...words).status).toBe(0);
  expect(foldos("export", "whole", "whole.foldos").status).toBe(0);
}, 60_000);

/** All bytes of a recording, but for LMDB's lock file, which readers write. */
const contentsOf = (name: string): string =>
  readdirSync(at(name))
    .filter((file) => file !== "lock.mdb" && file !== "opening")
    .map((file) => `${file} ${readFileSync(at(join(name, file))).toString("base64")}`)
    .join("\n");

/** The commands that look, each with what it needs, and those that go on. */
const commands = [
  ["replay"],
  ["replay", "--fold-only"],
  ["resume"],
  ["log"],
  ["show", "end"],
  ["cat", "end", "/a.txt"],
  ["diff", "0", "1"],
  ["info"],
  ["export", "out.foldos"],
] as const;

const run = (recording: string, [command, ...rest]: readonly [string, ...string[]]): Ran =>
  foldos(command, recording, ...rest);

/** Every command refuses it, with 3 and one line that says so; nothing in it is changed, and nothing is left beside it. */
function expectRefused(name: string, what: RegExp): void {
  const before = contentsOf(name);
  const beside = readdirSync(folder).sort();
  for (const words of commands) {
    const { status, stdout, stderr } = run(name, words);
    expect([words, status, stdout]).toEqual([words, 3, ""]);
    expect(stderr).toMatch(what);
    expect([words, stderr.split("\n").length, showsOurStack(stderr)]).toEqual([words, 2, false]);
  }
  expect(contentsOf(name)).toBe(before);
  expect(readdirSync(folder).sort()).toEqual(beside);
}

describe("a recording", () => {
  test.each([
    ["newer", STORE_VERSION + 1, "or a newer one"],
    ["older", STORE_VERSION - 1, "or record the program again"],
  ])("of a %s version is refused by each command, with what to do", async (name, version, advice) => {
    cpSync(at("whole"), at(name), { recursive: true });
    const store = open<Buffer, string>({ path: at(name), maxDbs: 8, encoding: "binary" });
    store.putSync("format", Buffer.from(JSON.stringify({ version })));
    await store.close();
    const refusal = `${name}: it is of version ${version}, and this Foldos reads version ${STORE_VERSION}; use the Foldos that made it, ${advice}`;
    expectRefused(name, new RegExp(refusal));
  });

  test.each([
    ["to nothing", 0],
    ["to a part of a page", 1000],
    ["to half", 0.5],
  ])("that was truncated %s is refused by each command", (_, size) => {
    const name = `short-${size}`;
    cpSync(at("whole"), at(name), { recursive: true });
    const whole = readFileSync(at("whole/data.mdb")).length;
    truncateSync(at(`${name}/data.mdb`), size < 1 ? Math.floor(whole * size) : size);
    expectRefused(name, new RegExp(`${name}: .*; `));
  });

  test("without its program, or with another one, is refused where the program is needed", () => {
    const [file = ""] = readdirSync(at("whole")).filter((each) => each.endsWith(".wasm"));
    cpSync(at("whole"), at("bare"), { recursive: true });
    writeFileSync(at(`bare/${file}`), readFileSync(guest("hello")));
    expect(run("bare", ["replay"])).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/is not the one that ran; use a copy/),
    });
    rmSync(at(`bare/${file}`));
    expect(run("bare", ["replay"])).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/is not beside it; copy the whole directory/),
    });
    expect(run("bare", ["log"]).status).toBe(0);
  });

  test("that was changed anywhere is refused, or what was changed was no part of it", () => {
    const bytes = readFileSync(at("whole/data.mdb"));
    const whole = run("whole", ["replay"]).stdout;
    const random = seededRandom(20_261_125);
    for (let round = 0; round < 12; round += 1) {
      cpSync(at("whole"), at("changed"), { recursive: true });
      const changed = Buffer.from(bytes);
      // Where something stands: most of a young store is empty.
      let place = random.below(bytes.length);
      while (bytes[place] === 0) place = random.below(bytes.length);
      changed[place] = (changed[place] as number) ^ (1 << random.below(8));
      writeFileSync(at("changed/data.mdb"), changed);
      const { status, stdout, stderr } = run("changed", ["replay"]);
      const where = `byte ${place}`;
      expect([where, [0, 3].includes(status ?? -1), showsOurStack(stderr)]).toEqual([where, true, false]);
      if (status === 0) expect([where, stdout]).toEqual([where, whole]);
      expect(readFileSync(at("changed/data.mdb")).equals(changed)).toBe(true);
      rmSync(at("changed"), { recursive: true });
    }
  });

  test("whose events were changed is refused, whichever byte of them it is", () => {
    const bytes = readFileSync(at("whole/data.mdb"));
    const store = RecordingStore.open(at("whole"), { write: false });
    const records = [...store.groupsFrom(0)].map((record) => Buffer.from(record));
    store.close();
    const random = seededRandom(20_261_126);
    for (const record of records.slice(0, 6)) {
      const place = random.below(record.length);
      const changed = Buffer.from(bytes);
      // Pages that LMDB has replaced still hold copies of the record: all of them are changed, and with them the one that counts.
      for (let from = bytes.indexOf(record); from >= 0; from = bytes.indexOf(record, from + 1))
        changed[from + place] = (changed[from + place] as number) ^ 1;
      expect(changed.equals(bytes)).toBe(false);
      cpSync(at("whole"), at("changed"), { recursive: true });
      writeFileSync(at("changed/data.mdb"), changed);
      const { status, stderr } = run("changed", ["replay"]);
      expect([status, showsOurStack(stderr)]).toEqual([3, false]);
      rmSync(at("changed"), { recursive: true });
    }
  });
});

describe("an exported recording", () => {
  const expectNotImported = (name: string, what: RegExp): void => {
    const beside = readdirSync(folder).sort();
    const { status, stdout, stderr } = foldos("import", name, "imported");
    expect([status, stdout, showsOurStack(stderr)]).toEqual([3, "", false]);
    expect(stderr).toMatch(what);
    expect(readdirSync(folder).sort()).toEqual(beside);
  };

  test("of a newer version is refused with what to do", () => {
    const file = openSync(at("newer.foldos"), "w");
    new FrameWriter(file).frame("header", Uint8Array.of(STREAM_VERSION + 1, GROUP_VERSION));
    closeSync(file);
    expectNotImported(
      "newer.foldos",
      /newer\.foldos: at byte \d+: it is of version 5\.2, and this Foldos reads 4\.2; use the Foldos that made it/,
    );
  });

  test("that was cut off or changed anywhere is refused with where, and nothing of it is kept", () => {
    const bytes = readFileSync(at("whole.foldos"));
    for (let part = 0; part < 5; part += 1) {
      const place = Math.floor(((part + 0.5) * bytes.length) / 5);
      writeFileSync(at("changed.foldos"), bytes.subarray(0, place));
      expectNotImported("changed.foldos", /changed\.foldos: at byte \d+: the file is cut off/);
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] as number) ^ 16;
      writeFileSync(at("changed.foldos"), changed);
      expectNotImported("changed.foldos", /changed\.foldos: at byte \d+: /);
    }
  });
});

test("a recording that another process writes can be looked at, and not be written by a second one", async () => {
  let looked = false;
  const ran = await foldosBeside(["run", "--record", "busy", guest("spin")], {
    cwd: folder,
    onStarted: (child) => {
      child.stdout?.once("data", () => {
        try {
          const pid = child.pid ?? 0;
          const resumed = foldos("resume", "busy");
          expect([resumed.status, resumed.stdout]).toEqual([3, ""]);
          expect(resumed.stderr).toMatch(
            `busy: process ${pid} is writing it; wait until it ends; reading is possible meanwhile`,
          );
          expect(foldos("run", "--record", "busy", guest("hello"))).toMatchObject({ status: 2, stdout: "" });
          expect(foldos("import", "whole.foldos", "busy")).toMatchObject({ status: 3, stdout: "" });
          expect(foldos("info", "busy").stdout).toMatch(`process ${pid} is writing it`);
          expect(foldos("replay", "busy").stdout).toMatch(/^([\d,]+) events, \1 equal\n$/);
          looked = true;
        } finally {
          child.kill("SIGINT");
        }
      });
    },
  });
  expect([looked, ran.code, ran.err]).toEqual([true, 130, ""]);
  expect(foldos("replay", "busy").status).toBe(0);
});
