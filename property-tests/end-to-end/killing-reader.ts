/**
 * Reads what `foldos` prints through a pipe, and kills it with SIGKILL as soon as it has read a piece, over and over, until a resumed
 * run comes to its end: `node killing-reader.js FOLDOS.js PROGRAM.wasm [ARGS...]`, in an empty directory. Prints as JSON what all of
 * them printed, how often it killed, and how the last one ended. Every second kill comes some hundred microseconds later, to meet
 * what happens then.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync, readSync } from "node:fs";

const PIPE = "pipe";
const RECORDING = "rec";
const [foldos = "", ...words] = process.argv.slice(2);

interface Printed {
  readonly pieces: Buffer[];
  kills: number;
}

/** Starts a process with the pipe as its standard output; returns it, and where the pipe is read. */
function started(command: readonly string[]): { readonly child: ChildProcess; readonly reading: number } {
  const held = openSync(PIPE, constants.O_RDONLY | constants.O_NONBLOCK);
  const writing = openSync(PIPE, "w");
  const reading = openSync(PIPE, "r");
  const child = spawn(process.execPath, [foldos, ...command], { stdio: ["ignore", writing, "inherit"] });
  closeSync(held);
  closeSync(writing);
  return { child, reading };
}

/** Reads up to the end of what anybody writes. */
function readAndKill(reading: number, child: ChildProcess, printed: Printed): void {
  const buffer = Buffer.alloc(1 << 16);
  for (let isAlive = true; ; ) {
    const count = readSync(reading, buffer);
    if (count > 0 && isAlive) killAfter(child, printed.kills % 2 === 0 ? 0 : (printed.kills * 61) % 900);
    isAlive &&= count === 0;
    if (count === 0) return;
    printed.pieces.push(Buffer.from(buffer.subarray(0, count)));
  }
}

function killAfter(child: ChildProcess, micros: number): void {
  const end = performance.now() + micros / 1000;
  while (performance.now() < end);
  child.kill("SIGKILL");
}

async function main(): Promise<void> {
  spawnSync("mkfifo", [PIPE]);
  const printed: Printed = { pieces: [], kills: 0 };
  for (let command: readonly string[] = ["run", "--record", RECORDING, ...words]; ; ) {
    const { child, reading } = started(command);
    const ended = once(child, "exit");
    readAndKill(reading, child, printed);
    closeSync(reading);
    const [code, signal] = (await ended) as [number | null, string | null];
    command = ["resume", RECORDING];
    if (signal !== "SIGKILL") return report(printed, code);
    printed.kills += 1;
  }
}

function report({ pieces, kills }: Printed, code: number | null): void {
  const out = Buffer.concat(pieces).toString("latin1");
  process.stdout.write(JSON.stringify({ out, kills, code }));
}

await main();
