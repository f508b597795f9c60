import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { judgeEnvironment } from "./judge-environment.ts";
import { RecordingStore } from "./recording-store.ts";

let home = "";
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "foldos-judge-"));
  const store = RecordingStore.create(join(home, "sound"), "group");
  for (let commit = 0; commit < 5; commit += 1)
    store.commit(() => store.putStream(commit * 100_000, new Uint8Array(100_000).fill(7)));
  store.close();
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

const recording = (): string => join(home, "copy");
const data = (): string => join(recording(), "data.mdb");
beforeEach(() => {
  rmSync(recording(), { recursive: true, force: true });
  cpSync(join(home, "sound"), recording(), { recursive: true });
});

const overwrite = (offset: number, bytes: Uint8Array): void => {
  const file = openSync(data(), "r+");
  writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
};

test("a recording that is whole passes, and can be opened", () => {
  expect(() => judgeEnvironment(recording())).not.toThrow();
  const store = RecordingStore.open(recording(), { write: false });
  expect(store.streamAt(450_000)?.bytes.length).toBeGreaterThan(0);
  store.close();
});

describe("before LMDB maps it, a file is refused", () => {
  test.each([1, 4096, 8191, 8192, 20_000, 100_000])("that is cut off at %d bytes", (size) => {
    truncateSync(data(), size);
    expect(() => judgeEnvironment(recording())).toThrow(/is cut off|does not begin as a recording does/);
    expect(() => RecordingStore.open(recording(), { write: false })).toThrow(/is cut off|does not begin/);
  });

  test("that lost its last page", () => {
    const { size } = statSync(data());
    truncateSync(data(), size - 4096);
    expect(() => judgeEnvironment(recording())).toThrow(
      `data.mdb is cut off: it has ${size - 4096} bytes of`,
    );
  });

  test.each([
    ["that is empty", ""],
    ["of text", "not a recording\n".repeat(2000)],
  ])("%s", (_, text) => {
    writeFileSync(data(), text);
    expect(() => judgeEnvironment(recording())).toThrow("data.mdb does not begin as a recording does");
  });

  test("both of whose beginnings were overwritten", () => {
    overwrite(0, new Uint8Array(8192));
    expect(() => judgeEnvironment(recording())).toThrow("does not begin as a recording does");
  });
});

test("that is longer than it has to be, as files are after a crash, it passes", () => {
  truncateSync(data(), statSync(data()).size + 12_345);
  expect(() => judgeEnvironment(recording())).not.toThrow();
});

test("a directory without a recording is told as such", () => {
  mkdirSync(join(home, "empty"), { recursive: true });
  expect(() => RecordingStore.open(join(home, "empty"), { write: false })).toThrow("there is no recording");
});
