import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ReleaseCursor } from "./release-cursor.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "foldos-cursor-"));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const read = (): readonly [number, number] => {
  const cursor = new ReleaseCursor(home);
  const place = [cursor.seq, cursor.done] as const;
  cursor.close();
  return place;
};

test("a new cursor stands before the first effect, and has its room on the disk already", () => {
  expect(read()).toEqual([0, 0]);
  expect(statSync(join(home, "released")).size).toBe(48);
});

test("a cursor that is opened again stands where it was moved to, also without having been closed", () => {
  const cursor = new ReleaseCursor(home);
  for (const [seq, done] of [
    [5, 0],
    [5, 4096],
    [2 ** 53 - 1, 2 ** 40],
  ] as const) {
    cursor.move(seq, done);
    expect([cursor.seq, cursor.done]).toEqual([seq, done]);
    expect(read()).toEqual([seq, done]);
  }
  cursor.close();
});

test("moving never makes the file larger", () => {
  const cursor = new ReleaseCursor(home);
  for (let seq = 0; seq < 1000; seq += 1) cursor.move(seq, seq);
  cursor.close();
  expect(statSync(join(home, "released")).size).toBe(48);
});

test("a cursor that lost its file's end stands at the last place that is whole, or at the start", () => {
  const cursor = new ReleaseCursor(home);
  cursor.move(7, 9);
  cursor.close();
  truncateSync(join(home, "released"), 8);
  expect(read()).toEqual([7, 0]);
  truncateSync(join(home, "released"), 0);
  expect(read()).toEqual([0, 0]);
});

test.each([
  ["a fraction", [1.5, 0]],
  ["below nothing", [-1, 0]],
  ["no number", [Number.NaN, 0]],
  ["beyond the safe integers", [0, 2 ** 60]],
])("a cursor that says %s is damaged, and nothing is released by it", (_, words) => {
  writeFileSync(join(home, "released"), Buffer.from(Float64Array.from(words).buffer));
  expect(() => new ReleaseCursor(home)).toThrow('its file "released" is damaged');
});
