/** Folding recordings of real programs from their bytes, beside a loop written by hand and beside redux-toolkit. */
import { peek, sizeOf } from "../core/table.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { least, type Measured, type Scale } from "./figure.ts";
import { FoldContender } from "./fold-contender.ts";
import { FIRST_EVENTS, foldRecording, loopByHand } from "./fold-work.ts";
import type { HandMachine } from "./hand-machine.ts";
import { recordReal } from "./real-recordings.ts";
import { interleaved, ratios } from "./rounds.ts";

/** The first rounds compile. */
const COMPILING_ROUNDS = 2;

/** The peers are peers only if they come to the same state. */
function compare(state: KernelState, machine: HandMachine): void {
  const pairs: [string, number, number][] = [
    ["seq", state.seq, machine.seq],
    ["head", state.head, machine.head],
    ["inodes", sizeOf(state.files.inodes), machine.inodes.size],
    ["open files", sizeOf(state.files.opens), machine.opens.size],
    ["console bytes", state.console.outputBytes, machine.outputBytes],
  ];
  for (const [id, inode] of machine.inodes) {
    const ours = peek(state.files.inodes, id);
    pairs.push([`size of inode ${id}`, ours?.size ?? -1, inode.size]);
    pairs.push([`time of inode ${id}`, ours?.modifiedNanos ?? -1, inode.modifiedNanos]);
    pairs.push([`chunks of inode ${id}`, ours === null ? -1 : sizeOf(ours.chunks), inode.chunks.size]);
    pairs.push([
      `names in inode ${id}`,
      ours?.entries ? sizeOf(ours.entries.entries) : 0,
      inode.entries?.size ?? 0,
    ]);
  }
  const different = pairs.find(([, ours, theirs]) => ours !== theirs);
  if (different !== undefined) throw new Error(`the loop by hand differs: ${different.join(" ")}`);
}

export async function measureFold({ rounds, isQuick, folder }: Scale): Promise<Measured> {
  const recordings = recordReal(folder, isQuick);
  const total = recordings.reduce((sum, { events }) => sum + events, 0);
  recordings.forEach((recording) => compare(foldRecording(recording), loopByHand(recording)));
  const contenders = {
    ours: new FoldContender("ours", recordings),
    byHand: new FoldContender("by hand", recordings),
    oursFirst: new FoldContender("ours, the first", recordings, 5),
    toolkitFirst: new FoldContender("toolkit, the first", recordings),
  };
  const all = Object.values(contenders);
  const costs = interleaved(rounds + COMPILING_ROUNDS, {
    ours: () => contenders.ours.turn(),
    byHand: () => contenders.byHand.turn(),
    oursFirst: () => contenders.oursFirst.turn(),
    toolkitFirst: () => contenders.toolkitFirst.turn(),
  });
  await Promise.all(all.map((contender) => contender.end()));
  const compiled = (samples: readonly number[]): readonly number[] => samples.slice(COMPILING_ROUNDS);
  const what = `bulk fold of ${total.toLocaleString("en")} events of real programs, decoding included, speed`;
  const first = FIRST_EVENTS.toLocaleString("en");
  return {
    figures: [
      {
        what,
        against: "a loop written by hand, decoding by hand included",
        unit: "x",
        samples: compiled(ratios(costs.byHand, costs.ours)),
        floor: least(0.4),
      },
      {
        what,
        against: "-",
        unit: "M events/s CPU",
        samples: compiled(costs.ours).map((millis) => total / millis / 1000),
        floor: null,
      },
      {
        what: `bulk fold of the first ${first} events of each, decoding included, speed`,
        against: "redux-toolkit createSlice on the same reducer, no middleware",
        unit: "x",
        samples: compiled(ratios(costs.toolkitFirst, costs.oursFirst)),
        floor: least(50),
      },
    ],
    notes: [
      `Real programs: ${recordings.map(({ name, events }) => `${name} (${events.toLocaleString("en")} events)`).join(", ")}. Folding is measured in processor time; each contender has a thread, a heap and compiled code of its own.`,
    ],
  };
}
