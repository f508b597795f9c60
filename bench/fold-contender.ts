/** A contender on a thread of its own: its peers have no part in its heap, nor in what V8 has learnt of its code. */
import { Worker } from "node:worker_threads";
import type { folds } from "./fold-work.ts";
import type { RealRecording } from "./real-recordings.ts";

/** Words that both threads share. */
export const word = { turns: 0, done: 1, size: 2 } as const;

export interface ContenderData {
  readonly name: keyof typeof folds;
  /** How often the work is done in one turn. */
  readonly times: number;
  readonly recordings: readonly RealRecording[];
  readonly words: SharedArrayBuffer;
  /** What the last turn cost, for each time. */
  readonly millis: SharedArrayBuffer;
}

export class FoldContender {
  readonly #worker: Worker;
  readonly #words: Int32Array;
  readonly #millis: Float64Array;

  constructor(name: keyof typeof folds, recordings: readonly RealRecording[], times = 1) {
    const words = new SharedArrayBuffer(word.size * 4);
    const millis = new SharedArrayBuffer(8);
    this.#words = new Int32Array(words);
    this.#millis = new Float64Array(millis);
    const workerData: ContenderData = { name, times, recordings, words, millis };
    this.#worker = new Worker(new URL("fold-thread.js", import.meta.url), { workerData });
  }

  /** Lets it work, and waits; returns the processor time of the whole process, in which nobody else works. */
  turn(): number {
    const turns = Atomics.add(this.#words, word.turns, 1) + 1;
    Atomics.notify(this.#words, word.turns);
    for (let done = turns - 1; done !== turns; done = Atomics.load(this.#words, word.done))
      Atomics.wait(this.#words, word.done, done);
    return this.#millis[0] ?? Number.NaN;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
