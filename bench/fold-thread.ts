/** The thread of a FoldContender. */
import { workerData } from "node:worker_threads";
import { type ContenderData, word } from "./fold-contender.ts";
import { folds } from "./fold-work.ts";
import { cpuMillis } from "./rounds.ts";

const { name, times, recordings, ...shared } = workerData as ContenderData;
const words = new Int32Array(shared.words);
const millis = new Float64Array(shared.millis);

for (let turns = 0; ; turns += 1) {
  Atomics.wait(words, word.turns, turns);
  const cost = cpuMillis(() => {
    for (let time = 0; time < times; time += 1) folds[name](recordings);
  });
  millis[0] = cost / times;
  Atomics.add(words, word.done, 1);
  Atomics.notify(words, word.done);
}
