/** Output that nobody reads, at the end of a machine that is stopped or killed; and a printer that somebody ends. */
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
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { FOLDOS, guest, runCommand, showsOurStack } from "./foldos-command.ts";

jest.setTimeout(120_000);

/** More than a pipe and a socket hold, in lines that are all different. */
const text = Array.from({ length: 100_000 }, (_, index) => `${index}\n`).join("");

let home = "";
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "foldos-unread-")));
  writeFileSync(join(home, "text"), text);
  spawnSync("mkfifo", [join(home, "pipe")]);
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

interface Unread {
  readonly child: ChildProcess;
  readonly ended: Promise<readonly [number | null, string | null]>;
  readonly err: () => string;
  /** Reads all that was and will be printed, up to the end of whoever prints. */
  readonly read: () => Promise<string>;
}

/** `cat` of the text into a pipe that is not read yet, as far as that goes. */
async function unread(): Promise<Unread> {
  const held = openSync(join(home, "pipe"), constants.O_RDONLY | constants.O_NONBLOCK);
  const writing = openSync(join(home, "pipe"), "w");
  const err = openSync(join(home, "err"), "w");
  const words = [FOLDOS, "run", "--record", "rec", "--dir", ".::/:ro", guest("cat"), "/text"];
  const child = spawn(process.execPath, words, { cwd: home, stdio: ["ignore", writing, err] });
  closeSync(writing);
  closeSync(err);
  const ended = once(child, "exit") as Promise<[number | null, string | null]>;
  for (let before = ""; before === "" || before !== noted(); ) {
    before = noted();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const read = async (): Promise<string> => {
    const seen = await readToEnd(held);
    closeSync(held);
    return seen;
  };
  return { child, ended, err: () => readFileSync(join(home, "err"), "utf8"), read };
}

/** Reads a pipe that does not block to its end, where nobody has it open for writing any more. */
async function readToEnd(file: number): Promise<string> {
  const parts: Buffer[] = [];
  const buffer = Buffer.alloc(1 << 16);
  for (;;) {
    const count = readNow(file, buffer);
    if (count === 0) return Buffer.concat(parts).toString();
    if (count === null) await new Promise((resolve) => setTimeout(resolve, 1));
    else parts.push(Buffer.from(buffer.subarray(0, count)));
  }
}

/** The number of bytes that were read; 0 at the end, and null if there are none now. */
function readNow(file: number, buffer: Buffer): number | null {
  try {
    return readSync(file, buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    return null;
  }
}

function noted(): string {
  try {
    const note = readFileSync(join(home, "rec", "released"), "hex");
    return /^0*$/.test(note) ? "" : note;
  } catch {
    return "";
  }
}

const resume = () => runCommand(process.execPath, [FOLDOS, "resume", "rec"], { cwd: home });

/** What is printed behind what was read is the rest, and no more. */
function expectTheRest(seen: string, rest: string): void {
  expect([seen.length > 0, seen.length < text.length]).toEqual([true, true]);
  expect(seen + rest === text).toBe(true);
}

test.each([
  ["that has ended", 0, text],
  // More than there is room for between the kernel's thread and the recorder's.
  ["that waits with more", 130, text.repeat(50)],
])(
  "a program %s, stopped while nobody reads, ends with %i, and a resume prints the rest",
  async (_, code, input) => {
    writeFileSync(join(home, "text"), input);
    const { child, ended, err, read } = await unread();
    const from = performance.now();
    child.kill("SIGINT");
    expect(await ended).toEqual([code, null]);
    expect(performance.now() - from).toBeLessThan(10_000);
    expect(err()).toMatch(
      /^foldos: not all that it printed was read; `foldos resume .*rec` prints the rest\n$/,
    );
    const seen = await read();
    const resumed = await resume();
    expect([resumed.code, resumed.err]).toEqual([code, ""]);
    const all = seen + resumed.out;
    expect([seen.length > 0, resumed.out.length > 0, input.startsWith(all)]).toEqual([true, true, true]);
    expect(all.length === input.length).toBe(code === 0);
  },
);

test("a resume does not wait for ever for the printer of a machine that was killed while nobody reads", async () => {
  const { child, ended, read } = await unread();
  child.kill("SIGKILL");
  await ended;
  const resumed = await resume();
  expect([resumed.code, resumed.err]).toEqual([0, ""]);
  expectTheRest(await read(), resumed.out);
});

test("a resume waits for the printer of a machine that was killed, as long as it is read", async () => {
  const { child, ended, read } = await unread();
  child.kill("SIGKILL");
  await ended;
  const [resumed, seen] = await Promise.all([resume(), read()]);
  expect([resumed.code, resumed.err]).toEqual([0, ""]);
  expectTheRest(seen, resumed.out);
});

test("a printer that somebody ends is told with what to do, and nothing is lost", async () => {
  const { ended, err, read } = await unread();
  process.kill(Number(readFileSync(join(home, "rec", "printer"), "utf8").split(" ")[0]), "SIGKILL");
  expect(await ended).toEqual([1, null]);
  expect(err()).toMatch(
    /^foldos: .*rec: the process that prints for it ended \(SIGKILL\); nothing is lost, and `foldos resume .*rec` goes on\n$/,
  );
  expect(showsOurStack(err())).toBe(false);
  const seen = await read();
  const resumed = await resume();
  expect([resumed.code, resumed.err]).toEqual([0, ""]);
  expectTheRest(seen, resumed.out);
});
