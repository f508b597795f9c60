import { type MessagePort, Worker } from "node:worker_threads";
import type { ThreadData } from "./messages.ts";
import { YOUNG_GENERATION_MEGABYTES } from "./young-generation.ts";

/** The guest's stack, beside which its memory lies: deep recursion of a guest is a trap of the guest, not our end. */
const STACK_MEGABYTES = 256;

/** Starts the thread of a kernel and its guest, which sends images to the port. Flags of this process, as `--input-type`, are not for it. */
export const startKernelThread = (data: ThreadData, imagePort: MessagePort | null): Worker =>
  new Worker(new URL("kernel-thread.js", import.meta.url), {
    workerData: { ...data, imagePort },
    transferList: imagePort === null ? [] : [imagePort],
    resourceLimits: { stackSizeMb: STACK_MEGABYTES, maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES },
    execArgv: [],
  });
