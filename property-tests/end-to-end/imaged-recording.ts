/** Recordings with images of guests, looked at and damaged from outside; and commands that are killed on their way. */
import type { ChildProcess } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { exitCode } from "../../cli/exit-codes.ts";
import { sizeOf } from "../../core/table.ts";
import { endOf } from "../../replay/log-reader.ts";
import { RecordingStore } from "../../replay/recording-store.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import { type Ended, foldos } from "./foldos-command.ts";

/** Events in front of which images stand. */
export function imagesIn(recording: string): readonly number[] {
  const store = RecordingStore.open(recording, { write: false });
  try {
    return [...store.keyframesFrom(0)].filter(({ image }) => image !== null).map(({ seq }) => seq);
  } finally {
    store.close();
  }
}

function changeStore(recording: string, change: (store: RecordingStore) => void): void {
  const store = RecordingStore.open(recording, { write: true, durability: "none" });
  try {
    store.commit(() => change(store));
  } finally {
    store.close();
  }
}

/** Changes a byte of the root of the image at each of these seqs: it is the last node of the pack that it is in. */
export function damageImages(recording: string, seqs: readonly number[]): void {
  changeStore(recording, (store) => {
    for (const { seq, image } of store.keyframesFrom(0)) {
      if (image === null || !seqs.includes(seq)) continue;
      const pack = store.packAt(image.number);
      if (pack === null) throw new Error(`the image at event ${seq} is in no pack`);
      const bytes = pack.bytes.slice();
      bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
      store.putPack(pack.first, bytes);
    }
  });
}

/** Makes the first group of the log unreadable: nothing can be run again from the start. */
export function damageBeginning(recording: string): void {
  changeStore(recording, (store) => store.putGroup(0, new Uint8Array([1, 2, 3])));
}

/**
 * Kills a command once a recording's data are so long and its program has begun: the file grows before what makes it grow is
 * committed, and one that was killed before its program is durable has nothing to go on with.
 */
export function killAtSize(recording: string, bytes: number): (child: ChildProcess) => void {
  const data = join(recording, "data.mdb");
  return (child) => {
    const timer = setInterval(() => {
      if ((statSync(data, { throwIfNoEntry: false })?.size ?? 0) < bytes || !hasBegun(recording)) return;
      clearInterval(timer);
      child.kill("SIGKILL");
    }, 1);
    child.once("exit", () => clearInterval(timer));
  };
}

/** Kills a command once it has printed so often. */
export function killAtOutput(times: number): (child: ChildProcess) => void {
  return (child) => {
    let left = times;
    child.stdout?.on("data", () => {
      left -= 1;
      if (left === 0) child.kill("SIGKILL");
    });
  };
}

function hasBegun(recording: string): boolean {
  const store = RecordingStore.open(recording, { write: false });
  try {
    return sizeOf(new StateLoader(store).stateAt(endOf(store).seq).processes.rows) > 0;
  } finally {
    store.close();
  }
}

export interface Resumed {
  /** What all of them printed. */
  readonly out: string;
  readonly code: number | null;
  readonly kills: number;
}

/** Runs a command, and resumes its recording "rec" each time that it was killed, up to its end. */
export async function resumedToEnd(
  words: readonly string[],
  cwd: string,
  kill: (nth: number) => ((child: ChildProcess) => void) | undefined,
): Promise<Resumed> {
  let out = "";
  for (let kills = 0, command = words; ; kills += 1) {
    const onStarted = kill(kills);
    const ended: Ended = await foldos(command, { cwd, ...(onStarted === undefined ? {} : { onStarted }) });
    out += ended.out;
    if (ended.signal !== "SIGKILL") {
      if (ended.code === exitCode.divergence)
        throw new Error(`foldos ${command[0]}, after ${kills} kills: ${ended.err}`);
      return { out, code: ended.code, kills };
    }
    command = ["resume", "rec"];
  }
}

export const infoOf = async (cwd: string, recording = "rec") =>
  JSON.parse((await foldos(["info", "--json", recording], { cwd })).out) as {
    readonly events: number;
    readonly images: number;
    readonly lastImage: number | null;
  };

/** All is compared, images too. */
export async function replays(cwd: string): Promise<void> {
  const { code, out, err } = await foldos(["replay", "rec"], { cwd });
  expect([code, err, /^([\d,]+) events, \1 equal\n$/.test(out)]).toEqual([0, "", true]);
}
