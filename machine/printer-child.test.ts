import { spawnSync } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { errno } from "../core/errno.ts";
import { printerFile } from "./earlier-printer.ts";
import type { Note, PrinterLost } from "./printer.ts";
import { PrinterChild } from "./printer-child.ts";
import { ReleaseCursor } from "./release-cursor.ts";

let home = "";
const files: number[] = [];
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-child-")));
  spawnSync("mkfifo", [join(home, "pipe")]);
});
afterEach(() => {
  for (const file of files.splice(0)) closeSync(file);
  rmSync(home, { recursive: true, force: true });
});

function opened(name: string, flags: string | number): number {
  const file = openSync(join(home, name), flags);
  files.push(file);
  return file;
}

/** The two ends of a pipe; the end that is read does not block. */
function pipe(): readonly [number, number] {
  const reading = opened("pipe", constants.O_RDONLY | constants.O_NONBLOCK);
  return [reading, opened("pipe", "w")];
}

function listening(printer: PrinterChild) {
  const notes: Note[] = [];
  const closed: number[] = [];
  let lost: PrinterLost | null = null;
  let wake = (): void => {};
  printer.listen({
    onPrinted: (note) => (notes.push(note), wake()),
    onClosed: (_, code) => closed.push(code),
    onLost: (error) => ((lost = error), wake()),
  });
  const heard = (): Promise<void> => new Promise((resolve) => (wake = resolve));
  return { notes, closed, heard, lost: () => lost };
}

const piece = (seq: number, stream: number, text: string) => ({
  seq,
  done: 0,
  stream,
  bytes: Buffer.from(text),
});

test("it prints to what somebody reads, and not to files and devices", () => {
  const [, writing] = pipe();
  const cursor = new ReleaseCursor(home);
  const serves = (descriptor: number): boolean =>
    new PrinterChild({ recording: home, cursor, outputs: () => descriptor }).serves(1);
  expect([writing, opened("file", "w"), opened("../../dev/null", "w"), 9999].map(serves)).toEqual([
    true,
    false,
    false,
    false,
  ]);
  cursor.close();
});

test("its process begins with the first piece, is named beside the lock, and ends when all is acknowledged", async () => {
  const [reading, writing] = pipe();
  const cursor = new ReleaseCursor(home);
  const printer = new PrinterChild({ recording: home, cursor, outputs: () => writing });
  const { notes, heard, lost } = listening(printer);
  expect(existsSync(printerFile(home))).toBe(false);
  const first = heard();
  printer.send([piece(3, 1, "ab"), piece(4, 2, "c")]);
  expect(readFileSync(printerFile(home), "utf8")).toMatch(/^\d+ \d+$/);
  await first;
  await printer.end();
  const buffer = Buffer.alloc(10);
  expect(buffer.toString("latin1", 0, readSync(reading, buffer))).toBe("abc");
  expect([notes.at(-1), lost(), existsSync(printerFile(home))]).toEqual([{ seq: 4, done: 0 }, null, false]);
  const after = new ReleaseCursor(home);
  expect(after.seq).toBe(4);
  after.close();
  cursor.close();
});

test("a stream whose reader has gone is told by WASI's errno", async () => {
  const [reading, writing] = pipe();
  closeSync(reading);
  files.splice(files.indexOf(reading), 1);
  const cursor = new ReleaseCursor(home);
  const printer = new PrinterChild({ recording: home, cursor, outputs: () => writing });
  const { notes, closed, heard } = listening(printer);
  const first = heard();
  printer.send([piece(3, 1, "ab")]);
  await first;
  await printer.end();
  expect([closed, notes]).toEqual([[errno.pipe], [{ seq: 3, done: 0 }]]);
  cursor.close();
});

test("one that cannot be started is told, with what to do, and gets nothing more", async () => {
  const [, writing] = pipe();
  const cursor = new ReleaseCursor(home);
  const printer = new PrinterChild({ recording: home, cursor, outputs: () => writing });
  const { heard, lost } = listening(printer);
  const first = heard();
  const node = process.execPath;
  process.execPath = join(home, "none");
  printer.send([piece(3, 1, "ab")]);
  process.execPath = node;
  printer.send([piece(4, 1, "c")]);
  await first;
  expect(String(lost())).toMatch(
    /prints for it could not be started \(.*ENOENT.*\); nothing is lost, and `foldos resume .*` goes on$/,
  );
  await printer.end();
  cursor.close();
});
