/** The library as its users have it: the examples of docs/library.md run, each in a process of its own. */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { importRecording, openRecording, type Recording } from "./foldos.ts";

jest.setTimeout(60_000);

const root = fileURLToPath(new URL("../../", import.meta.url));
const home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-library-")));
const at = (name: string): string => join(home, name);
afterAll(() => rmSync(home, { recursive: true }));

const chapters = readFileSync(join(root, "docs/library.md"), "utf8").split(/^### /m);

/** The example below a heading of docs/library.md; its import is in the prelude. */
function example(name: string): string {
  const chapter = chapters.find((text) => text.startsWith(`\`${name}`));
  const code = /^```js\n([^]*?)^```/m.exec(chapter ?? "")?.[1];
  if (code === undefined) throw new Error(`docs/library.md has no example of ${name}`);
  return code.replace(/^import .*\n/gm, "");
}

const prelude = `import { importRecording, openRecording, readMemory, readStack, record, RecordingRefused, replay } from ${JSON.stringify(
  new URL("./foldos.js", import.meta.url).href,
)};\n`;

/** Runs a script that uses the library; it has to end by itself. */
function inChild(...script: readonly string[]): { readonly out: string; readonly err: string } {
  const words = ["--input-type=module", "--eval", prelude + script.join("\n")];
  const { stdout, stderr, signal } = spawnSync(process.execPath, words, {
    cwd: home,
    encoding: "utf8",
    input: "",
    timeout: 30_000,
  });
  expect(signal).toBe(null);
  return { out: stdout, err: stderr };
}

const copying = `await record({
  program: "copy-tree.wasm", recording: ".foldos/first", args: ["/from", "/"], seed: 7, clock: "virtual",
  env: { A: "1" }, directories: [{ host: "data", guest: "/", mode: "copy" }],
});`;

beforeAll(() => {
  const guests = { sort: "word-count", sleep: "sleep", "copy-tree": "copy-tree", trap: "trap" };
  for (const [name, guest] of Object.entries(guests))
    copyFileSync(join(root, "property-tests/guests/prebuilt", `${guest}.wasm`), at(`${name}.wasm`));
  mkdirSync(at("data/from"), { recursive: true });
  mkdirSync(at("recordings"));
  writeFileSync(at("data/names.txt"), "ada grace ada\n");
  for (let file = 0; file < 8; file += 1) writeFileSync(at(`data/from/${file}`), `${file}`);
  writeFileSync(at("data/from/out.js"), "out();\n");
  mkdirSync(at(".foldos"));
  expect(inChild(copying)).toEqual({ out: "9 files, 1 directories, 0 links, 15 bytes\n", err: "" });
  symlinkSync("first", at(".foldos/last"));
});

describe("the examples of docs/library.md", () => {
  test("record a program, and replay it equal", () => {
    const recorded = inChild(example("record("), "console.log(exitCode, events > 20);");
    expect(recorded).toEqual({
      out: "1 lines, 3 words, 2 different\n     2 ada\n     1 grace\n0 true\n",
      err: "",
    });
    const replayed = inChild(example("replay("), example("ReplayOutcome"));
    expect(replayed).toEqual({ out: expect.stringMatching(/^(\d+) events, \1 equal\n$/), err: "" });
  });

  test("end a program by a signal, and tell how it ended", () => {
    const { out, err } = inChild(
      example("RecordOptions"),
      example("RecordResult"),
      "console.log(result.status, result.exitCode, result.failures);",
    );
    expect([out.split("\n").at(-2), err]).toEqual([expect.stringMatching(/^(exited|killed) \d+ 0$/), ""]);
  });

  test("look at a recording", () => {
    const opened = inChild(example("openRecording("));
    expect(opened.out.split("\n").slice(0, 2)).toEqual(["0 machine/powered-on", "1 console/attached"]);
    expect(opened.err).toBe("");
    const looked = inChild(
      'const recording = openRecording(".foldos/last");',
      example("Recording`"),
      "console.log(before, text);",
      example("RecordingInfo"),
      example("Difference"),
    );
    expect(looked.err).toBe("");
    expect(looked.out).toMatch(/^\d+ out\(\);\n\n/);
    expect(looked.out.split("\n").length).toBeGreaterThan(3);
  });

  test("carry a recording elsewhere, and tell what is none", () => {
    const recording = openRecording(at(".foldos/last"));
    const exported = recording.exportTo(at("bug-123.foldos"));
    recording.close();
    expect(inChild(example("importRecording("), example("RecordingRefused"))).toEqual({
      out: "",
      err: "there is no recording\n",
    });
    expect(importRecording(at("bug-123.foldos"), at("again"))).toEqual(exported);
    expect(openRecording(at("recordings/bug-123")).verify()).toEqual(openRecording(at("again")).verify());
  });
});

/** Every member of a recording that reads. */
const members: Readonly<Record<string, (recording: Recording) => unknown>> = {
  info: (recording) => recording.info(),
  events: (recording) => [...recording.events()],
  stateAt: (recording) => recording.stateAt("end"),
  diff: (recording) => recording.diff(1, 2),
  readFile: (recording) => recording.readFile("end", "/out.js"),
  verify: (recording) => recording.verify(),
  exportTo: (recording) => recording.exportTo(at("late.foldos")),
  refresh: (recording) => recording.refresh(),
};

describe("a recording that is open", () => {
  test("tells what it is, what happened, and what stood where", () => {
    const recording = openRecording(at(".foldos/last"));
    const { eventCount } = recording;
    expect(recording.info()).toMatchObject({
      path: at(".foldos/last"),
      status: "ended",
      events: eventCount,
      processes: [{ pid: 1, name: "copy-tree.wasm", args: ["copy-tree.wasm", "/from", "/"], exitCode: 0 }],
    });
    const events = [...recording.events()];
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: eventCount }, (_, seq) => seq));
    expect([...recording.events(3, 5)]).toEqual(events.slice(3, 5));
    expect([...recording.events(eventCount, eventCount)]).toEqual([]);
    for (const [from, to] of [[NaN], [0, NaN], [0.5], [-1], [5, 3], [0, eventCount + 1]] as const)
      expect(() => recording.events(from, to)).toThrow(RangeError);
    expect(() => recording.events("3" as never)).toThrow(TypeError);
    expect(recording.stateAt("start").seq).toBe(0);
    expect(recording.stateAt("end").clock.isOn).toBe(false);
    expect(recording.diff("start", 0)).toContainEqual({
      path: "clock/isOn",
      before: false,
      after: true,
    });
    expect(recording.diff(5, 5)).toEqual([]);
    expect(Buffer.from(recording.readFile("end", "/out.js")).toString()).toBe("out();\n");
    expect(() => recording.readFile("end", "/none")).toThrow(RangeError);
    for (const moment of [eventCount, NaN, 1.5, -1, "soon"])
      expect(() => recording.stateAt(moment)).toThrow(RangeError);
    expect(() => recording.diff("end", null as never)).toThrow(TypeError);
    expect(() => recording.readFile("end", 5 as never)).toThrow(TypeError);
    expect(recording.verify()).toMatchObject({ events: eventCount });
    recording.refresh();
    expect(recording.eventCount).toBe(eventCount);
    recording.close();
  });

  test.each(Object.keys(members))("is not to be read once it was closed: %s", (name) => {
    const recording = openRecording(at(".foldos/last"));
    recording.close();
    recording.close();
    const what = `${at(".foldos/last")} was closed; openRecording opens it again`;
    expect(() => members[name]?.(recording)).toThrow(new TypeError(what));
    expect(existsSync(at("late.foldos"))).toBe(false);
  });

  test("may be closed by whoever loops over its events", () => {
    const recording = openRecording(at(".foldos/last"));
    const events = recording.events();
    events.next();
    recording.close();
    expect(() => events.next()).toThrow("was closed");
  });
});

describe("record", () => {
  /** What a script's one call of record is refused with. */
  const refusal = (options: string, meanwhile = ""): string =>
    inChild(
      'import { rmdirSync } from "node:fs";',
      `const recorded = record(${options});`,
      meanwhile,
      "await recorded.then(() => console.log('recorded'), (error) => console.log(String(error)));",
    ).out;

  test("refuses a directory that goes away before the machine has it, and leaves no recording behind", () => {
    mkdirSync(at("brief"));
    const options = `{ program: "sort.wasm", recording: "none", directories: [{ host: "brief", guest: "/" }] }`;
    expect(refusal(options, 'rmdirSync("brief");')).toBe(
      `RecordingRefused: ${at("brief")}: the directory that the program was to have is not there any more; put it back, and run the program again\n`,
    );
    expect(existsSync(at("none"))).toBe(false);
  });

  test("refuses a place where something is, and a program that is none", () => {
    const to = (recording: string): string => `{ program: "sort.wasm", recording: "${recording}" }`;
    expect(refusal(to(".foldos/first"))).toMatch(/^RecordingRefused: .*a recording is there already/);
    expect(refusal(to("data"))).toMatch(/^RecordingRefused: .*the directory is not empty/);
    expect(refusal(to("sort.wasm"))).toMatch(/^RecordingRefused: .*it cannot be made \(ENOTDIR\)/);
    expect(refusal(`{ program: "data/names.txt", recording: "none" }`)).toMatch(
      /^TypeError: data\/names.txt: /,
    );
    expect(refusal(`{ program: "none.wasm", recording: "none" }`)).toMatch(
      /^TypeError: .*there is no such file/,
    );
  });

  test("tells of a trap with its stack", () => {
    const script = 'const result = await record({ program: "trap.wasm", recording: "trapped" });';
    const { out } = inChild(script, "console.log(result.status, result.exitCode, result.stack.length > 0);");
    expect(out.split("\n").at(-2)).toBe("trapped 134 true");
  });
});

describe("readStack and readMemory", () => {
  const look = `await record({ program: "trap.wasm", recording: at, clock: "virtual" }); const show = async (what) => {
    try { console.log(JSON.stringify(await what())); } catch (error) { console.log(error.name + ": " + error.message); } };`;

  test("look into a program between two events, as it was run by itself", () => {
    const { out, err } = inChild(
      `const at = "recordings/looked";`,
      look,
      `const { frames, call } = await readStack(at, "13:5", 1);`,
      `console.log(call, frames.map(({ name }) => name).slice(0, 3).join(" "));`,
      `const word = frames.find(({ name }) => name === "main").values.find(({ local }) => local === 1).value;`,
      `const bytes = await readMemory(at, 13, { pid: 1, address: word, length: 4 });`,
      `const name = await readMemory(at, 13, { pid: 1, address: new DataView(bytes.buffer).getUint32(bytes.byteOffset, true), length: 9 });`,
      `console.log(Buffer.from(name).toString());`,
    );
    expect([err, out]).toEqual(["", "about to trap\nnull fflush main __main_void\ntrap.wasm\n"]);
  });

  test("say what is not there", () => {
    const { out } = inChild(
      `const at = "recordings/looked-2";`,
      look,
      `await show(() => readStack(at, "13:5000", 1));`,
      `await show(() => readStack(at, "end", 1));`,
      `await show(() => readStack(at, 13, 2));`,
      `await show(() => readMemory(at, 13, { pid: 1, address: 2 ** 40, length: 1 }));`,
      `await show(() => readMemory(at, 13, { pid: 1, address: -1, length: 1 }));`,
      `await show(() => readMemory(at, 13, { pid: 1, address: "x", length: 1 }));`,
    );
    expect(out.trim().split("\n")).toEqual([
      "about to trap",
      "RangeError: after event 13, process 1 has 8 ticks up to its next call or its end, not 5000",
      "RangeError: process 1 has ended by then",
      "RangeError: there is no process 2 then",
      expect.stringMatching(/^RangeError: the memory of process 1 has \d+ bytes then$/),
      "RangeError: address -1: a whole number from 0 on was expected",
      "TypeError: address is a number, not string",
    ]);
  });
});
