import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { errno } from "../core/errno.ts";
import type { Effect } from "../reducers/effects/effect.ts";
import { EffectReleaser } from "./effect-releaser.ts";
import { ReleaseCursor } from "./release-cursor.ts";

let home = "";
let files: number[] = [];
const cursors: ReleaseCursor[] = [];
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-releaser-")));
  files = ["stdout", "stderr"].map((name) => openSync(join(home, name), "w"));
});
afterEach(() => {
  for (const file of files) closeSync(file);
  for (const cursor of cursors.splice(0)) cursor.close();
  rmSync(home, { recursive: true, force: true });
});

const at = (name: string): string => join(home, name);
const text = (name: string): string => readFileSync(at(name), "utf8");

/** The byte stream, as letters: position 0 is "a", 26 is "a" again. */
const letters = {
  copyTo(target: Uint8Array, offset: number, position: number, length: number) {
    for (let index = 0; index < length; index += 1) target[offset + index] = 97 + ((position + index) % 26);
  },
};
const lettersFrom = (position: number, length: number): string => {
  const bytes = new Uint8Array(length);
  letters.copyTo(bytes, 0, position, length);
  return Buffer.from(bytes).toString();
};

function releasing(outputs: (stream: number) => number = (stream) => files[stream - 1] as number) {
  const cursor = new ReleaseCursor(home);
  cursors.push(cursor);
  return { cursor, releaser: new EffectReleaser(cursor, outputs) };
}

const print = (seq: number, stream: number, position: number, length: number, endSeq = seq + 1): Effect => ({
  seq,
  endSeq,
  kind: "print",
  stream,
  position,
  length,
});
const onHost = (seq: number, effect: object): Effect =>
  ({ seq, endSeq: seq + 1, inode: 5, ...effect }) as Effect;

describe("prints", () => {
  test("go out in their order, to their streams", () => {
    const { cursor, releaser } = releasing();
    expect(releaser.release([print(3, 1, 0, 3), print(4, 2, 3, 2), print(7, 1, 5, 10_000)], letters)).toEqual(
      [],
    );
    expect([text("stdout"), text("stderr")]).toEqual([lettersFrom(0, 3) + lettersFrom(5, 10_000), "de"]);
    expect([cursor.seq, cursor.done]).toEqual([8, 0]);
  });

  test("of several events are out when the last one is", () => {
    const { cursor, releaser } = releasing();
    releaser.release([print(3, 1, 0, 3, 9)], letters);
    expect(cursor.seq).toBe(9);
  });

  test("that were released before a crash are not released again", () => {
    const { cursor, releaser } = releasing();
    cursor.move(4, 0);
    releaser.release([print(2, 1, 0, 3), print(3, 1, 3, 3), print(4, 1, 6, 3)], letters);
    expect(text("stdout")).toBe("ghi");
  });

  test.each([0, 1, 4096, 4097, 9_999, 10_000])(
    "go on behind the %d bytes that were out before a crash",
    (done) => {
      const { cursor, releaser } = releasing();
      cursor.move(5, done);
      releaser.release([print(5, 1, 0, 10_000), print(6, 1, 0, 1)], letters);
      expect(text("stdout")).toBe(`${lettersFrom(done, 10_000 - done)}a`);
    },
  );

  test("that are cut off by a crash and grew with later events go on behind what was out", () => {
    const { cursor, releaser } = releasing();
    cursor.move(5, 100);
    releaser.release([print(5, 1, 0, 200, 8)], letters);
    expect([text("stdout"), cursor.seq]).toEqual([lettersFrom(100, 100), 8]);
  });

  test("of nothing move the cursor and print nothing", () => {
    const { cursor, releaser } = releasing();
    releaser.release([print(5, 1, 0, 0)], letters);
    expect([text("stdout"), cursor.seq]).toEqual(["", 6]);
  });
});

describe("a stream that nobody reads any more", () => {
  test("is told once, and what goes there is dropped, while the others go on", () => {
    const { cursor, releaser } = releasing((stream) => (stream === 1 ? 9999 : (files[1] as number)));
    const failures = releaser.release([print(1, 1, 0, 5), print(2, 2, 5, 3), print(3, 1, 8, 5)], letters);
    expect(failures).toMatchObject([
      { kind: "output-closed", errno: errno.badf, effect: { seq: 1, stream: 1 } },
    ]);
    expect([text("stderr"), cursor.seq]).toEqual(["fgh", 4]);
    expect(releaser.release([print(4, 1, 0, 5)], letters)).toEqual([]);
  });
});

describe("changes of the host's files", () => {
  test("are carried out in their order, each by its name", () => {
    const { cursor, releaser } = releasing();
    const failures = releaser.release(
      [
        onHost(1, { kind: "create-directory", path: at("d") }),
        onHost(2, { kind: "create-file", path: at("d/f") }),
        onHost(3, { kind: "write", path: at("d/f"), offset: 2, position: 0, length: 3 }),
        onHost(4, { kind: "resize", path: at("d/f"), size: 4 }),
        onHost(5, { kind: "link", path: at("d/g"), existing: at("d/f") }),
        onHost(6, { kind: "rename", path: at("h"), from: at("d/g") }),
        onHost(7, { kind: "remove-file", path: at("d/f") }),
        onHost(8, { kind: "create-symlink", path: at("d/l"), target: "../h" }),
        onHost(9, { kind: "remove-file", path: at("d/l") }),
        onHost(10, { kind: "remove-directory", path: at("d") }),
        onHost(11, { kind: "set-times", path: at("h"), accessed: null, modified: 7 }),
        onHost(12, { kind: "sync", path: at("h") }),
      ],
      letters,
    );
    releaser.close();
    expect([failures, text("h"), existsSync(at("d")), cursor.seq]).toEqual([[], "\0\0ab", false, 13]);
  });

  test("that fail are told with the host's errno, and the next ones go on", () => {
    const { cursor, releaser } = releasing();
    const failures = releaser.release(
      [
        onHost(1, { kind: "write", path: at("none"), offset: 0, position: 0, length: 3 }),
        onHost(2, { kind: "create-file", path: at("f") }),
      ],
      letters,
    );
    releaser.close();
    expect(failures).toMatchObject([{ kind: "host", errno: errno.noent, effect: { seq: 1, inode: 5 } }]);
    expect([existsSync(at("f")), cursor.seq]).toEqual([true, 3]);
  });

  test("that were carried out before a crash are passed over, and the last one may come again", () => {
    const before = releasing();
    const effects = [
      onHost(1, { kind: "create-file", path: at("f") }),
      onHost(2, { kind: "rename", path: at("g"), from: at("f") }),
    ];
    before.releaser.release(effects, letters);
    before.cursor.move(2, 0);
    const after = releasing();
    expect([after.releaser.release(effects, letters), existsSync(at("g"))]).toEqual([[], true]);
    before.releaser.close();
    after.releaser.close();
  });
});

describe("a print that left, and whose note did not", () => {
  test.each([
    ["whole", 10],
    ["in part", 4],
    ["not at all", 0],
  ])("%s is not printed again to a file", (_, left) => {
    const before = releasing();
    before.releaser.release([print(1, 1, 0, 20)], letters);
    // Here the process was killed, behind a write and before its note.
    writeSync(files[0] as number, lettersFrom(20, left));
    const after = releasing();
    after.releaser.release([print(1, 1, 0, 20), print(2, 1, 20, 10), print(3, 1, 30, 10)], letters);
    expect(text("stdout")).toBe(lettersFrom(0, 40));
    expect([after.cursor.seq, after.cursor.done]).toEqual([4, 0]);
  });

  test("is told from what others wrote into the file, and from another file", () => {
    releasing().releaser.release([print(1, 1, 0, 20)], letters);
    writeSync(files[0] as number, "Killed\n");
    const other = openSync(at("other"), "w");
    releasing((stream) => (stream === 1 ? other : (files[1] as number))).releaser.release(
      [print(2, 1, 20, 5)],
      letters,
    );
    releasing().releaser.release([print(3, 1, 25, 5)], letters);
    closeSync(other);
    expect(text("other")).toBe(lettersFrom(20, 5));
    expect(text("stdout")).toBe(`${lettersFrom(0, 20)}Killed\n${lettersFrom(25, 5)}`);
  });
});

test("events without effects are passed over, and what lies before is never released again", () => {
  const { cursor, releaser } = releasing();
  releaser.passOver(40);
  expect([cursor.seq, cursor.done]).toEqual([40, 0]);
  releaser.passOver(7);
  expect(cursor.seq).toBe(40);
  expect(releaser.release([print(30, 1, 0, 3)], letters)).toEqual([]);
  expect(text("stdout")).toBe("");
  releaser.release([print(50, 1, 0, 3)], letters);
  expect([text("stdout"), cursor.seq]).toEqual(["abc", 51]);
});
