import { preparationOf } from "../machine/preparation-of.ts";
import { compileProgram, type Program } from "../machine/program.ts";
import { replayMachine } from "../machine/replay-machine.ts";
import { programsOf } from "../machine/programs-of.ts";
import { endOf } from "../replay/log-reader.ts";
import { foldWhole } from "../replay/fold-whole.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { StateLoader } from "../replay/state-loader.ts";
import type { Divergence } from "../replay/replay-kernel.ts";
import { exitCode } from "./exit-codes.ts";
import { formatEvent } from "./format-event.ts";
import { parseWords } from "./look-at.ts";
import { recordingPath } from "./recordings.ts";
import { sound } from "./run.ts";

const grouped = (count: number): string => count.toLocaleString("en-US");

/** Re-runs a recording and compares every step; `--fold-only` folds it without its guest. */
export async function replay(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words, {
    command: "replay",
    options: { "fold-only": "boolean", json: "boolean" },
    most: 1,
  });
  const path = recordingPath(positionals[0], "replay");
  const store = RecordingStore.open(path, { write: false, thorough: true });
  try {
    const end = endOf(store);
    if (values["fold-only"] === true) {
      const folded = foldWhole(store, progressTo(end.seq));
      return say(
        values.json,
        { events: folded.events, keyframes: folded.keyframes, hash: folded.hash },
        `${grouped(folded.events)} events folded, ${grouped(folded.keyframes)} keyframes equal, state ${folded.hash.slice(0, 16)}`,
      );
    }
    return await verify(path, store, end.seq, values.json === true);
  } finally {
    store.close();
  }
}

async function verify(path: string, store: RecordingStore, end: number, json: boolean): Promise<number> {
  const state = new StateLoader(store).stateAt(end);
  const preparation = preparationOf(store, state);
  const programs: Program[] = [];
  for (const { sha, memoryPages } of programsOf(state, null)) {
    const name = `${sha.slice(0, 12)}.wasm`;
    programs.push(sound(name, await compileProgram(path, store.program(sha), memoryPages, preparation)));
  }
  const { outcome, seq } = await replayMachine({ recording: path, programs, onProgress: progressTo(end) });
  switch (outcome.kind) {
    case "done":
      return say(json, { events: end, equal: seq }, `${grouped(end)} events, ${grouped(seq)} equal`);
    case "diverged":
      showDivergence(path, outcome.divergence, json);
      return exitCode.divergence;
    case "refused":
      throw new RecordingRefused(outcome.path, outcome.what, outcome.advice);
    case "bug":
      process.stderr.write(
        `foldos: this is our bug, at event ${outcome.seq} of ${path}: ${outcome.message}\n`,
      );
      return exitCode.bug;
  }
}

function say(json: boolean | undefined, value: unknown, text: string): number {
  process.stdout.write(json === true ? `${JSON.stringify(value)}\n` : `${text}\n`);
  return exitCode.done;
}

/** A line on a terminal that says how far it is; nothing elsewhere. */
function progressTo(end: number): (seq: number) => void {
  return (seq) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${grouped(seq)} of ${grouped(end)} events\x1b[K\r`);
  };
}

function showDivergence(path: string, divergence: Divergence, json: boolean): void {
  if (json) return void process.stdout.write(`${JSON.stringify({ divergence })}\n`);
  const { seq, expected, got, before } = divergence;
  const lines = [`${path} diverges at event ${seq}`, "the events before:"];
  for (const event of before) lines.push(`  ${formatEvent(event)}`);
  lines.push(
    `expected: ${expected === null ? "the state of the keyframe" : formatEvent(expected)}`,
    `got:      ${got}`,
  );
  process.stdout.write(`${lines.join("\n")}\n`);
}
