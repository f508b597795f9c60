import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  rmSync,
} from "node:fs";
import type { Readable } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { HEADER_BYTES, PIPE_BUF } from "./printer-wire.ts";

jest.setTimeout(60_000);

let home = "";
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-printer-")));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const PRINTER = fileURLToPath(new URL("printer-process.js", import.meta.url));
const NOTHING = "0:0";

const message = (seq: number, done: number, stream: number, text: string): Buffer =>
  Buffer.concat([
    Buffer.from(Float64Array.of(seq, done).buffer),
    Buffer.from(Uint32Array.of(stream, text.length).buffer),
    Buffer.from(text),
  ]);

interface Printing {
  readonly child: ChildProcess;
  readonly out: Promise<string>;
  readonly err: Promise<string>;
  readonly answers: Promise<readonly string[]>;
  /** What it noted, as `seq:done`. */
  readonly note: () => string;
}

/** All that comes up to the stream's end, or up to where we close it. */
async function textOf(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  stream.on("data", (part: Buffer) => parts.push(part));
  await once(stream, "close");
  return Buffer.concat(parts).toString("latin1");
}

function answersIn(text: string): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at += 24) {
    const { buffer } = Uint8Array.from(Buffer.from(text.slice(at, at + 24), "latin1"));
    const [seq, done] = new Float64Array(buffer, 0, 2);
    const [stream, error] = new Uint32Array(buffer, 16);
    found.push(`${seq}:${done} ${stream} ${error}`);
  }
  return found;
}

/** A printer whose streams we read, but for the first if it is given. */
function printing(name: string, first: number | "pipe" = "pipe"): Printing {
  const path = join(home, name);
  const noted = openSync(path, "w+");
  const child = spawn(process.execPath, [PRINTER], { stdio: ["pipe", first, "pipe", "pipe", noted] });
  closeSync(noted);
  child.stdin?.on("error", () => {});
  const [, out, err, answers] = child.stdio as readonly (Readable | null)[];
  const note = (): string => {
    const bytes = Uint8Array.from(readFileSync(path)).buffer;
    return bytes.byteLength === 0 ? NOTHING : new Float64Array(bytes).join(":");
  };
  return {
    child,
    out: out ? textOf(out) : Promise.resolve(""),
    err: err ? textOf(err) : Promise.resolve(""),
    answers: answers ? textOf(answers).then(answersIn) : Promise.resolve([]),
    note,
  };
}

test("pieces are printed to their streams, noted, and acknowledged", async () => {
  const { child, out, err, answers, note } = printing("note");
  child.stdin?.end(
    Buffer.concat([
      message(3, 2, 1, "ab"),
      message(4, 0, 2, "c"),
      message(9, 0, 1, ""),
      message(10, 0, 1, "d"),
    ]),
  );
  expect([await out, await err, note()]).toEqual(["abd", "c", "10:0"]);
  expect((await answers).at(-1)).toBe("10:0 0 0");
});

test("what did not come whole is not printed, wherever it was cut", async () => {
  const whole = [message(3, 2, 1, "ab"), message(4, 0, 1, ""), message(5, 0, 1, "c")];
  const bytes = Buffer.concat(whole);
  const ends = whole.map((_, index) => Buffer.concat(whole.slice(0, index + 1)).length);
  const seenAt = async (cut: number): Promise<readonly string[]> => {
    const { child, out, note } = printing(`note-${cut}`);
    // As of a machine that is killed: nobody hears its answers either.
    if (cut % 2 === 0) (child.stdio[3] as Readable).destroy();
    child.stdin?.end(bytes.subarray(0, cut));
    return [await out, note()];
  };
  const cuts = Array.from({ length: bytes.length + 1 }, (_, cut) => cut);
  for (const some of cuts.filter((cut) => cut % 4 === 0)) {
    const four = cuts.slice(some, some + 4);
    const wanted = four.map((cut) => {
      const count = ends.filter((end) => end <= cut).length;
      return [["", "ab", "ab", "abc"][count], [NOTHING, "3:2", "4:0", "5:0"][count]];
    });
    expect(await Promise.all(four.map(seenAt))).toEqual(wanted);
  }
});

describe("a stream whose reader has gone", () => {
  test("is told at once with the host's error, and dropped; what is for others is printed", async () => {
    const { child, err, answers, note } = printing("note");
    (child.stdout as Readable).destroy();
    child.stdin?.end(Buffer.concat([message(3, 0, 1, "ab"), message(4, 0, 2, "c"), message(5, 0, 1, "d")]));
    expect([await err, note()]).toEqual(["c", "5:0"]);
    expect(await answers).toEqual(["3:0 1 32", "5:0 0 0"]);
  });

  test("keeps what is due, if nobody hears that it has gone", async () => {
    const { child, err, note } = printing("note");
    (child.stdout as Readable).destroy();
    (child.stdio[3] as Readable).destroy();
    child.stdin?.end(Buffer.concat([message(3, 0, 2, "c"), message(4, 0, 1, "ab"), message(5, 0, 2, "d")]));
    expect([await err, note()]).toEqual(["c", "3:0"]);
  });
});

describe("a pipe that nobody reads", () => {
  const PIECES = 40;
  const pieces = Array.from({ length: PIECES }, (_, index) =>
    message(index + 1, 0, 1, String.fromCharCode(65 + index).repeat(PIPE_BUF)),
  );

  async function blocked() {
    spawnSync("mkfifo", [join(home, "pipe")]);
    const reading = openSync(join(home, "pipe"), constants.O_RDONLY | constants.O_NONBLOCK);
    const writing = openSync(join(home, "pipe"), "w");
    const started = printing("note", writing);
    closeSync(writing);
    started.child.stdin?.end(Buffer.concat(pieces));
    // A pipe holds 16 pages on Linux.
    for (let before = ""; before !== started.note() || before === NOTHING; ) {
      before = started.note();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return { ...started, reading };
  }

  function readAll(reading: number): string {
    const buffer = Buffer.alloc(1 << 20);
    try {
      const count = readSync(reading, buffer);
      return buffer.toString("latin1", 0, count) + (count > 0 ? readAll(reading) : "");
    } catch {
      return "";
    }
  }

  test("holds its printer, which goes on when it is read, though its machine has gone", async () => {
    const { child, note, reading } = await blocked();
    (child.stdio[3] as Readable).destroy();
    const ended = once(child, "exit");
    let seen = "";
    while (child.exitCode === null) {
      seen += readAll(reading);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await ended;
    seen += readAll(reading);
    closeSync(reading);
    expect([seen.length, note()]).toEqual([PIECES * PIPE_BUF, `${PIECES}:0`]);
    expect(seen).toBe(pieces.map((piece) => piece.toString("latin1", HEADER_BYTES)).join(""));
  });

  test("has what was noted and no more, when its printer is killed", async () => {
    const { child, note, reading } = await blocked();
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    const count = Number(note().split(":")[0]);
    expect(count).toBeLessThan(PIECES);
    expect(readAll(reading).length).toBe(count * PIPE_BUF);
    closeSync(reading);
  });
});

test("signals that end a machine do not end its printer", async () => {
  const { child, out, answers, note } = printing("note");
  child.stdin?.write(message(3, 0, 1, "ab"));
  await once(child.stdout as Readable, "data");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE"] as const) child.kill(signal);
  child.stdin?.end(message(4, 0, 1, "c"));
  expect([(await out).endsWith("c"), note(), (await answers).at(-1)]).toEqual([true, "4:0", "4:0 0 0"]);
});
