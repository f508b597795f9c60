/**
 * The tour that `npm start` gives: records a real program (esbuild, 20 MB of Go built for WASI) at real work, replays it with
 * every step compared, kills a second run in the middle and goes on from where its power was cut.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { demoProject } from "./demo-project.ts";
import { eventsIn } from "./events-in.ts";
import { exitCode } from "./exit-codes.ts";

const HERE = join(".foldos", "start");
const FOLDOS = fileURLToPath(new URL("../bin/foldos.js", import.meta.url));
const WATCH_MILLIS = 5;
const TICK_MILLIS = 1000;
const INTERRUPTED = 130;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** A command as a user would type it. */
const shown = (words: readonly string[]): string =>
  `foldos ${words.map((word) => (word.startsWith("/") && existsSync(word) ? relative(".", word) : word)).join(" ")}`;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly seconds: number;
}

/** Ctrl-C ends what runs at the moment, and then the tour. */
class Interrupted extends Error {}
let isInterrupted = false;
let running: ChildProcess | null = null;

function interrupt(): void {
  isInterrupted = true;
  running?.kill("SIGTERM");
}

/** Seconds that go by, written over each other, where somebody sits before a terminal. */
function tickFrom(began: number): () => void {
  if (!process.stdout.isTTY) return () => {};
  const timer = setInterval(() => {
    process.stdout.write(`\r  ${((performance.now() - began) / 1000).toFixed(0)} s ...\x1b[K`);
  }, TICK_MILLIS);
  return () => {
    clearInterval(timer);
    process.stdout.write("\r\x1b[K");
  };
}

function launch(words: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const began = performance.now();
  if (isInterrupted) throw new Interrupted();
  const child = spawn(process.execPath, [FOLDOS, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  running = child;
  const stopTicking = tickFrom(began);
  let output = "";
  child.stdout?.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr?.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      stopTicking();
      running = null;
      if (isInterrupted) reject(new Interrupted());
      else resolve({ code, output, seconds: (performance.now() - began) / 1000 });
    });
  });
  return { child, ended };
}

async function step(title: string, words: readonly string[]): Promise<Ended> {
  say(`\n${title}\n  $ ${shown(words)}`);
  const result = await launch(words).ended;
  for (const line of result.output.trim().split("\n")) if (line.trim() !== "") say(`    ${line.trim()}`);
  say(`  ${result.seconds.toFixed(1)} s`);
  if (result.code !== 0) throw new Error(`\`${shown(words)}\` ended with ${result.code}`);
  return result;
}

/** A fresh copy of the project in a folder of its own. */
function makeProject(name: string): string {
  const folder = join(HERE, name);
  mkdirSync(join(folder, "src"), { recursive: true });
  for (const [path, text] of Object.entries(demoProject)) writeFileSync(join(folder, path), text);
  return folder;
}

function runWords(folder: string, recording: string, esbuild: string): readonly string[] {
  const bundle = ["--bundle", "/src/main.ts", "--outfile=/bundle.js", "--sourcemap", "--log-level=warning"];
  return ["run", "--dir", `${folder}::/`, "--record", recording, esbuild, ...bundle];
}

/** Runs a command and kills it, by SIGKILL, once its recording has so many events. */
async function killedAt(words: readonly string[], recording: string, events: number): Promise<number> {
  say(`\nA second run, killed in the middle (SIGKILL, as if the power had gone)\n  $ ${shown(words)}`);
  const { child, ended } = launch(words);
  const timer = setInterval(() => {
    if (eventsIn(recording) >= events) child.kill("SIGKILL");
  }, WATCH_MILLIS);
  await ended.finally(() => clearInterval(timer));
  return eventsIn(recording);
}

async function tour(): Promise<void> {
  const began = performance.now();
  rmSync(HERE, { recursive: true, force: true });
  const esbuild = createRequire(import.meta.url).resolve("@esbuild/wasi-preview1/esbuild.wasm");
  const [first, second] = [makeProject("first"), makeProject("second")];
  const [whole, cut] = [join(HERE, "whole"), join(HERE, "cut")];
  say("Foldos: the machine is a list of events; everything else is a fold over it.");
  say("A tour with a real program, esbuild: 20 MB of Go, as npm has it. Less than half a minute.");
  await step("Recording esbuild, which bundles a small TypeScript project", runWords(first, whole, esbuild));
  const bundle = readFileSync(join(first, "bundle.js"));
  const events = eventsIn(whole);
  say(`  ${bundle.length} bytes of bundle.js, ${events} events`);
  await step("Replaying it: the program runs again over its log, and every step is compared", [
    "replay",
    whole,
  ]);
  const reached = await killedAt(runWords(second, cut, esbuild), cut, Math.ceil(events * 0.6));
  const isThere = existsSync(join(second, "bundle.js"));
  say(`  killed at event ${reached} of ${events}; bundle.js is ${isThere ? "there already" : "not there"}`);
  await step("Power on again", ["resume", cut]);
  if (!bundle.equals(readFileSync(join(second, "bundle.js"))))
    throw new Error("the resumed run made another bundle.js");
  say("  bundle.js is the same to the byte");
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  say(`
Done in ${seconds} s: recorded all ${events} events of a run and replayed it with every one equal; cut the power of another
at event ${reached}, and it went on from there to the same output. Files and recordings are in ${HERE}.`);
  sayWhatNext(whole);
}

function sayWhatNext(recording: string): void {
  const foldos = `node ${relative(".", FOLDOS)}`;
  const next = [
    [`log ${recording} --type file/opened`, "which files it opened"],
    [`cat ${recording} end /bundle.js`, "what it wrote, out of the recording"],
    [`step ${recording}`, "forward and back, event by event"],
    [
      "run property-tests/guests/prebuilt/hello.wasm",
      "another program; `--dir .::/` grants it this directory",
    ],
    ["help", "all commands"],
  ] as const;
  const width = Math.max(...next.map(([words]) => words.length));
  say(`\nWhat to type next (\`npm link\` makes \`foldos\` of \`${foldos}\`; README.md has more):`);
  for (const [words, what] of next) say(`  ${foldos} ${words.padEnd(width)}   ${what}`);
}

process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
try {
  await tour();
} catch (error) {
  if (error instanceof Interrupted) {
    process.stderr.write("foldos: the tour was stopped; `npm start` begins it anew\n");
    process.exit(INTERRUPTED);
  }
  process.stderr.write(`foldos: the tour stopped: ${(error as Error).message}\n`);
  process.exitCode = exitCode.failed;
}
