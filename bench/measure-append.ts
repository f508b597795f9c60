/** Durable append in groups of 1,000 events, beside writing and syncing the same bytes to a file. */
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { GENESIS, sealGroup } from "../replay/group.ts";
import { initialState } from "../reducers/kernel-state.ts";
import { Recorder } from "../replay/recorder.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { least, type Measured, type Scale } from "./figure.ts";
import { interleaved, ratios, wallMillis } from "./rounds.ts";
import { type Batch, SyntheticMachine } from "./synthetic-machine.ts";
import { usualMachine } from "./synthetic-recording.ts";

const GROUP_EVENTS = 1_000;
const GROUPS_A_TURN = 8;
const LEAST_ROUNDS = 25;

/** The recorder's records and bytes, without the recorder: what is to be on disk, put there by a store. */
function storeAlone(store: RecordingStore): (batch: Batch, stream: Uint8Array) => void {
  let seq = 0;
  let head = 0;
  return ({ body }, stream) => {
    const end = head + stream.length;
    const header = { firstSeq: seq, count: 1, at: 0, pid: 0, streamStart: head, streamEnd: end };
    const { record } = sealGroup(GENESIS, header, body, [stream]);
    store.commit(() => {
      store.putGroup(seq, record);
      store.putStream(head, stream);
    });
    seq += GROUP_EVENTS;
    head = end;
  };
}

export function measureAppend({ rounds, isQuick, folder }: Scale): Measured {
  const times = Math.max(rounds, isQuick ? 5 : LEAST_ROUNDS);
  const machine = new SyntheticMachine(usualMachine);
  const store = RecordingStore.create(join(folder, "recording"), "group");
  const bareStore = RecordingStore.create(join(folder, "store"), "group");
  const recorder = new Recorder({ store, state: initialState() });
  const put = storeAlone(bareStore);
  const file = openSync(join(folder, "bare"), "a");
  const record = ({ body }: Batch, stream: Uint8Array): void => void recorder.append(body, () => [stream]);
  const write = ({ body }: Batch, stream: Uint8Array): void => {
    writeSync(file, body);
    writeSync(file, stream);
    fdatasyncSync(file);
  };
  let batches: { readonly batch: Batch; readonly stream: Uint8Array }[] = [];
  const turn = (append: (batch: Batch, stream: Uint8Array) => void) => () =>
    wallMillis(() => batches.forEach(({ batch, stream }) => append(batch, stream)));
  const costs = { recorder: [] as number[], store: [] as number[], bare: [] as number[] };
  const contenders = { recorder: turn(record), store: turn(put), bare: turn(write) };
  const isWarm = (round: number): boolean => round >= 3;
  for (let round = 0; round < times + 3; round += 1) {
    batches = Array.from({ length: GROUPS_A_TURN }, () => {
      const batch = machine.batch(GROUP_EVENTS);
      return { batch, stream: new Uint8Array(batch.streamBytes) };
    });
    const once = interleaved(1, contenders);
    if (isWarm(round))
      for (const name of ["recorder", "store", "bare"] as const) costs[name].push(...once[name]);
  }
  closeSync(file);
  store.close();
  bareStore.close();
  const against = "a bare append and fdatasync of the same bytes";
  const what = "durable append, groups of 1,000 events, speed";
  return {
    figures: [
      {
        what: `${what}: recorder (decode, fold, hash, index, keyframes)`,
        against,
        unit: "x",
        samples: ratios(costs.bare, costs.recorder),
        floor: null,
      },
      {
        what: `${what}: store (a sealed group and its bytes)`,
        against,
        unit: "x",
        samples: ratios(costs.bare, costs.store),
        floor: least(0.5),
      },
    ],
    notes: [
      "Append: the floor is the store's, which is what appends. The recorder also decodes, folds and indexes the thousand events, which costs about as much as the disk does; a larger group, as a guest that does not wait makes, costs it less for each event.",
    ],
  };
}
