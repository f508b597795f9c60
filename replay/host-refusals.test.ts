/** Paths of the host that cannot be read or made: each is a refusal that says what, where and what next, and nothing is left behind. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { importRecording } from "./import-recording.ts";
import { openRecording } from "./recording.ts";
import { RecordingRefused } from "./recording-refused.ts";
import { RecordingStore } from "./recording-store.ts";
import { sampleRecording } from "./sample-recording.ts";

const scratch = mkdtempSync(join(tmpdir(), "foldos-test-"));
const at = (name: string): string => join(scratch, name);
const LONG = "x".repeat(300);
/** A name that is short enough for a test's. */
const pathOf = (name: string): string => at(name.replace("long", LONG));

beforeAll(() => {
  sampleRecording(at("rec"), { events: 60, seed: 1, groupEvents: 20, keyframeEvents: 30 }).close();
  const recording = openRecording(at("rec"));
  recording.exportTo(at("whole.foldos"));
  recording.close();
  mkdirSync(at("folder"));
  writeFileSync(at("file"), "as it was");
  symlinkSync("loop", at("loop"));
});

afterAll(() => rmSync(scratch, { recursive: true }));

/** What the work is refused with; beside it everything is as it was. */
function refusal(work: () => unknown): Pick<RecordingRefused, "path" | "what" | "advice"> | null {
  const before = readdirSync(scratch);
  try {
    work();
    return null;
  } catch (error) {
    if (!(error instanceof RecordingRefused)) throw error;
    expect(readdirSync(scratch)).toEqual(before);
    const { path, what, advice } = error;
    return { path, what, advice };
  }
}

describe("a file to import that cannot be read", () => {
  test.each([
    ["none", "there is no such file"],
    ["file/x", "there is no such file"],
    ["folder", "it is a directory"],
    ["loop", "it cannot be read (ELOOP)"],
    ["long", "it cannot be read (ENAMETOOLONG)"],
  ])("%s is refused: %s", (name, what) => {
    const advice = "`foldos export REC FILE` makes one";
    expect(refusal(() => importRecording(pathOf(name), at("new")))).toEqual({
      path: pathOf(name),
      what,
      advice,
    });
  });
});

describe("a place to import to or to export to that cannot be made", () => {
  test.each([
    ["file/x", "ENOTDIR"],
    ["loop/x", "EEXIST"],
    ["long/x", "ENAMETOOLONG"],
  ])("%s is refused with %s", (name, code) => {
    const what = `it cannot be made (${code})`;
    expect(refusal(() => importRecording(at("whole.foldos"), pathOf(name)))).toEqual({
      path: pathOf(name),
      what,
      advice: "give another place",
    });
  });

  test("is refused below /proc, where making directories never ends", () => {
    expect(refusal(() => importRecording(at("whole.foldos"), "/proc/none"))?.what).toBe(
      "it cannot be made (ENOENT)",
    );
    expect(refusal(() => RecordingStore.create("/proc/none/rec", "none"))?.what).toBe(
      "it cannot be made (ENOENT)",
    );
  });

  test.each([
    ["none/x", "ENOENT"],
    ["file/x", "ENOTDIR"],
    ["loop/x", "ELOOP"],
    ["long", "ENAMETOOLONG"],
  ])("an export to %s is refused with %s", (name, code) => {
    const recording = openRecording(at("rec"));
    expect(refusal(() => recording.exportTo(pathOf(name)))).toEqual({
      path: pathOf(name),
      what: `it cannot be written (${code})`,
      advice: "choose another place",
    });
    recording.close();
  });
});

test.each(["file", "folder", "loop"])("nothing is written over: %s", (name) => {
  const recording = openRecording(at("rec"));
  const taken = {
    path: at(name),
    what: "something is there already",
    advice: "choose another path, or remove it",
  };
  expect(refusal(() => recording.exportTo(at(name)))).toEqual(taken);
  expect(refusal(() => importRecording(at("whole.foldos"), at(name)))).toEqual(taken);
  recording.close();
});

describe("a recording of which a part is no file", () => {
  test.each(["data.mdb", "lock.mdb", "released", "writer", "committing"])(
    "is refused: %s is a directory",
    (part) => {
      cpSync(at("rec"), at("changed"), { recursive: true });
      rmSync(join(at("changed"), part), { force: true });
      mkdirSync(join(at("changed"), part));
      const refused = refusal(() => openRecording(at("changed")));
      rmSync(at("changed"), { recursive: true });
      expect(refused).toEqual({
        path: at("changed"),
        what: `its part ${part} is no file`,
        advice: "use a copy that was not changed",
      });
    },
  );

  test("is refused: what should be the directory of who opens it leads elsewhere", () => {
    cpSync(at("rec"), at("changed"), { recursive: true });
    rmSync(at("changed/opening"), { force: true, recursive: true });
    symlinkSync("/tmp", at("changed/opening"));
    const refused = refusal(() => openRecording(at("changed")));
    rmSync(at("changed"), { recursive: true });
    expect(refused?.what).toBe("its part opening is no directory");
  });

  test("is refused: writer is a link to itself", () => {
    cpSync(at("rec"), at("changed"), { recursive: true });
    rmSync(at("changed/writer"), { force: true });
    symlinkSync("writer", at("changed/writer"));
    const refused = refusal(() => openRecording(at("changed")));
    rmSync(at("changed"), { recursive: true });
    expect([refused?.path, refused?.what]).toEqual([at("changed/writer"), "it cannot be read (ELOOP)"]);
  });
});
