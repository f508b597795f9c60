import { type MessagePort, Worker } from "node:worker_threads";
import type { ThreadData } from "./messages.ts";
import { YOUNG_GENERATION_MEGABYTES } from "./young-generation.ts";

/** The guest's stack, beside which its memory lies: deep recursion of a guest is a trap of the guest, not our end. */
const STACK_MEGABYTES = 256;

/** What a thread begins to work with, which it is sent when its word is 1. */
export interface ThreadStart {
  readonly data: ThreadData;
  readonly imagePort: MessagePort | null;
}

interface PreparedThread {
  readonly worker: Worker;
  readonly word: Int32Array;
}

let prepared: PreparedThread | null = null;

/** Has a thread load its code while its work is still being made ready. A process that needs none after all may end with it. */
export function prepareKernelThread(): void {
  prepared ??= newThread();
  prepared.worker.unref();
}

/** Starts the thread of a kernel and its guest, which sends images to the port. */
export function startKernelThread(data: ThreadData, imagePort: MessagePort | null): Worker {
  const { worker, word } = prepared ?? newThread();
  prepared = null;
  worker.ref();
  const start: ThreadStart = { data, imagePort };
  worker.postMessage(start, imagePort === null ? [] : [imagePort]);
  Atomics.store(word, 0, 1);
  Atomics.notify(word, 0);
  return worker;
}

/** Flags of this process, as `--input-type`, are not for it. */
function newThread(): PreparedThread {
  const word = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("kernel-thread.js", import.meta.url), {
    workerData: word,
    resourceLimits: { stackSizeMb: STACK_MEGABYTES, maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES },
    execArgv: [],
  });
  return { worker, word };
}
