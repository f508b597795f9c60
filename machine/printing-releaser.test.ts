import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { errno } from "../core/errno.ts";
import type { Effect } from "../reducers/effects/effect.ts";
import { type EffectFailure, EffectReleaser } from "./effect-releaser.ts";
import { ModelPrinter } from "./model-printer.ts";
import { PrinterLost } from "./printer.ts";
import { ReleaseCursor } from "./release-cursor.ts";

let home = "";
let file = -1;
const cursors: ReleaseCursor[] = [];
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-releaser-")));
  file = openSync(join(home, "stderr"), "w");
});
afterEach(() => {
  closeSync(file);
  for (const cursor of cursors.splice(0)) cursor.close();
  rmSync(home, { recursive: true, force: true });
});

const at = (name: string): string => join(home, name);

/** A byte stream of letters, of which position 26 is "a" again. */
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

/** Stream 1 goes to a printer, stream 2 to a file. */
function releasing() {
  const cursor = new ReleaseCursor(home);
  cursors.push(cursor);
  const printer = new ModelPrinter([1]);
  const releaser = new EffectReleaser(cursor, () => file, printer);
  const failures: EffectFailure[] = [];
  releaser.listen({ onReleased: (failed) => failures.push(...failed), onLost: () => {} });
  return { cursor, printer, releaser, failures };
}

/** Where the cursor's file stands, as whoever resumes reads it. */
function noted(): readonly number[] {
  const cursor = new ReleaseCursor(home);
  cursors.push(cursor);
  return [cursor.seq, cursor.done];
}

const print = (seq: number, stream: number, position: number, length: number, endSeq = seq + 1): Effect => ({
  seq,
  endSeq,
  kind: "print",
  stream,
  position,
  length,
});
const create = (seq: number, name: string): Effect => ({
  seq,
  endSeq: seq + 1,
  inode: 5,
  kind: "create-file",
  path: at(name),
});

test("a print goes to the printer in pieces, each with the place of the cursor behind it", () => {
  const { cursor, printer, releaser } = releasing();
  releaser.release([print(3, 1, 0, 10_000, 6), print(7, 1, 10_000, 0)], letters);
  expect(printer.waiting.map(({ seq, done, bytes }) => [seq, done, bytes.length])).toEqual([
    [3, 4096, 4096],
    [3, 8192, 4096],
    [6, 0, 1808],
    [8, 0, 0],
  ]);
  expect([cursor.seq, releaser.isIdle]).toEqual([0, false]);
  printer.print(2);
  expect([cursor.seq, cursor.done, releaser.isIdle]).toEqual([3, 8192, false]);
  printer.print();
  expect([cursor.seq, cursor.done, releaser.isIdle]).toEqual([8, 0, true]);
  expect(printer.printed).toBe(lettersFrom(0, 10_000));
});

test("the cursor's file is not written while the printer may write it", () => {
  const { printer, releaser } = releasing();
  releaser.release([print(3, 1, 0, 3), create(4, "f")], letters);
  expect([existsSync(at("f")), noted()]).toEqual([false, [0, 0]]);
  printer.print();
  // The model does not note; the next effect is out, and its note says so.
  expect([existsSync(at("f")), noted(), releaser.isIdle]).toEqual([true, [5, 0], true]);
});

test("whatever is not for the printer waits until all before it is acknowledged, in its order", () => {
  const { printer, releaser } = releasing();
  releaser.release([print(1, 1, 0, 5000), create(2, "f"), print(3, 2, 0, 4), print(4, 1, 9, 2)], letters);
  releaser.release([create(5, "g")], letters);
  const seen = () => [existsSync(at("f")), readFileSync(at("stderr"), "utf8"), existsSync(at("g"))];
  printer.print(1);
  expect(seen()).toEqual([false, "", false]);
  printer.print(1);
  expect([...seen(), printer.waiting.length]).toEqual([true, "abcd", false, 1]);
  printer.print();
  expect([...seen(), releaser.isIdle]).toEqual([true, "abcd", true, true]);
});

test("a print that was partly out before a crash goes on there", () => {
  const { cursor, printer, releaser } = releasing();
  cursor.move(5, 100);
  releaser.release([print(4, 1, 0, 9), print(5, 1, 0, 200, 8)], letters);
  printer.print();
  expect([printer.printed, cursor.seq]).toEqual([lettersFrom(100, 100), 8]);
});

test("no more than a mebibyte is on its way, the rest follows as it is acknowledged, and it is not ready before", () => {
  const { printer, releaser } = releasing();
  const length = 3 << 20;
  releaser.release([print(1, 1, 0, length), print(2, 1, length, 1)], letters);
  const onItsWay = () => printer.waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
  let most = 0;
  while (!releaser.isIdle) {
    most = Math.max(most, onItsWay());
    if (printer.printed.length < 2 << 20) expect(releaser.isReady).toBe(false);
    printer.print(7);
  }
  expect([most > 900_000, most <= 1 << 20, releaser.isReady]).toEqual([true, true, true]);
  expect(printer.printed).toBe(lettersFrom(0, length + 1));
});

test("many small prints are held by their number too", () => {
  const { printer, releaser } = releasing();
  releaser.release(
    Array.from({ length: 60_000 }, (_, seq) => print(seq, 1, seq, 1)),
    letters,
  );
  expect([printer.waiting.length < 50_000, releaser.isReady]).toEqual([true, false]);
  while (!releaser.isIdle) printer.print(1000);
  expect(printer.printed).toBe(lettersFrom(0, 60_000));
});

test("a stream that is closed is told once, with its effect; its prints are passed over, and others go on", () => {
  const { cursor, printer, releaser, failures } = releasing();
  releaser.release([print(1, 1, 0, 5000), print(2, 1, 0, 5), create(3, "f")], letters);
  printer.fail(errno.pipe);
  expect(failures).toMatchObject([
    { kind: "output-closed", errno: errno.pipe, effect: { seq: 1, stream: 1 } },
  ]);
  expect(existsSync(at("f"))).toBe(false);
  printer.print();
  expect([existsSync(at("f")), cursor.seq]).toEqual([true, 4]);
  expect(releaser.release([print(4, 1, 0, 5)], letters)).toEqual([]);
  expect([printer.waiting.length, cursor.seq, failures.length]).toEqual([0, 5, 1]);
});

test("changes that fail while they wait are told when they are tried", () => {
  const { printer, releaser, failures } = releasing();
  const change: Effect = { seq: 2, endSeq: 3, inode: 5, kind: "remove-directory", path: at("stderr") };
  expect(releaser.release([print(1, 1, 0, 5), change], letters)).toEqual([]);
  printer.print();
  expect(failures).toMatchObject([{ kind: "host", effect: { seq: 2 } }]);
});

test("without its printer nothing is released any more, and who waits hears of it", async () => {
  const { printer, releaser } = releasing();
  releaser.release([print(1, 1, 0, 5), create(2, "f")], letters);
  const waiting = releaser.untilIdle();
  printer.lose(new PrinterLost("rec", "ended (SIGKILL)"));
  await expect(waiting).rejects.toThrow(
    "rec: the process that prints for it ended (SIGKILL); nothing is lost, and `foldos resume rec` goes on",
  );
  releaser.release([create(3, "g")], letters);
  expect([existsSync(at("f")), existsSync(at("g")), noted(), releaser.isReady]).toEqual([
    false,
    false,
    [0, 0],
    false,
  ]);
});

test("events without effects are passed over only when nothing is on its way to the printer", () => {
  const { cursor, printer, releaser } = releasing();
  releaser.release([print(3, 1, 0, 10)], letters);
  releaser.passOver(40);
  expect([cursor.seq, noted()]).toEqual([0, [0, 0]]);
  printer.print();
  releaser.passOver(40);
  expect([cursor.seq, noted()]).toEqual([40, [40, 0]]);
});
