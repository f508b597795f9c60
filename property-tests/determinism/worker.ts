/** A process of a campaign: performs one task at a time, under whatever node and flags it was started with. */
import { RecordingRefused } from "../../replay/recording-refused.ts";
import { TaskPerformer } from "./perform-task.ts";
import type { FromWorker, ToWorker } from "./task.ts";

let performer: TaskPerformer | null = null;

async function hear(message: ToWorker): Promise<void> {
  if ("campaign" in message) performer = await TaskPerformer.begin(message.campaign);
  else if (performer !== null) tell({ answer: await performer.perform(message.task) });
}

const tell = (message: FromWorker): void => {
  process.send?.(message);
};

const inWords = (error: Error): string =>
  error instanceof RecordingRefused ? error.message : (error.stack ?? String(error));

// The campaign decides where an interruption stops it, and ends its workers.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
let last: Promise<void> = Promise.resolve();
process.on("message", (message: ToWorker) => {
  last = last.then(() => hear(message)).catch((error: Error) => tell({ error: inWords(error) }));
});
