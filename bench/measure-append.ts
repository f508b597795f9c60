/** Durable append in groups of 1,000 events, beside writing and syncing the same bytes to a file. */
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { GENESIS, sealGroup } from "../replay/group.ts";
import { initialState } from "../reducers/kernel-state.ts";
import { Recorder } from "../replay/recorder.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { least, type Measured, type Scale } from "./figure.ts";
import { ratios, wallMillis } from "./rounds.ts";
import { type Batch, SyntheticMachine } from "./synthetic-machine.ts";
import { usualMachine } from "./synthetic-recording.ts";

const GROUP_EVENTS = 1_000;
const GROUPS_A_TURN = 8;
const LEAST_ROUNDS = 25;
const COLD_ROUNDS = 3;

type Append = (batch: Batch, stream: Uint8Array) => void;

/** The recorder's records and bytes, without the recorder: what is to be on disk, put there by a store. */
function storeAlone(store: RecordingStore): Append {
  let seq = 0;
  let head = 0;
  return ({ body }, stream) => {
    const end = head + stream.length;
    const header = { firstSeq: seq, count: 1, at: 0, pid: 0, by: 0, streamStart: head, streamEnd: end };
    const { record } = sealGroup(GENESIS, header, body, [stream]);
    store.commit(() => {
      store.putGroup(seq, record);
      store.putStream(head, stream);
    });
    seq += GROUP_EVENTS;
    head = end;
  };
}

/** The speed of appending, as a ratio to writing and syncing the same bytes, in turns; who begins changes from round to round. */
function speeds(append: Append, path: string, rounds: number): readonly number[] {
  const machine = new SyntheticMachine(usualMachine);
  const file = openSync(path, "a");
  const write: Append = ({ body }, stream) => {
    writeSync(file, body);
    writeSync(file, stream);
    fdatasyncSync(file);
  };
  const costs = { append: [] as number[], write: [] as number[] };
  for (let round = 0; round < rounds + COLD_ROUNDS; round += 1) {
    const batches = Array.from({ length: GROUPS_A_TURN }, () => {
      const batch = machine.batch(GROUP_EVENTS);
      return { batch, stream: new Uint8Array(batch.streamBytes) };
    });
    const turn = (put: Append) => () =>
      wallMillis(() => batches.forEach(({ batch, stream }) => put(batch, stream)));
    const contenders = { append: turn(append), write: turn(write) };
    const order = round % 2 === 0 ? (["append", "write"] as const) : (["write", "append"] as const);
    for (const name of order) {
      const cost = contenders[name]();
      if (round >= COLD_ROUNDS) costs[name].push(cost);
    }
  }
  closeSync(file);
  return ratios(costs.write, costs.append);
}

export function measureAppend({ rounds, isQuick, folder }: Scale): Measured {
  const times = Math.max(rounds, isQuick ? 5 : LEAST_ROUNDS);
  const bareStore = RecordingStore.create(join(folder, "store"), "group");
  const alone = speeds(storeAlone(bareStore), join(folder, "beside-store"), times);
  bareStore.close();
  const store = RecordingStore.create(join(folder, "recording"), "group");
  const recorder = new Recorder({ store, state: initialState() });
  const record: Append = ({ body }, stream) => void recorder.append(body, () => [stream]);
  const recorded = speeds(record, join(folder, "beside-recording"), times);
  store.close();
  const against = "a bare append and fdatasync of the same bytes";
  const what = "durable append, groups of 1,000 events, speed";
  return {
    figures: [
      {
        what: `${what}: recorder (decode, fold, hash, index, keyframes)`,
        against,
        unit: "x",
        samples: recorded,
        floor: null,
      },
      {
        what: `${what}: store (a sealed group and its bytes)`,
        against,
        unit: "x",
        samples: alone,
        floor: least(0.5),
      },
    ],
    notes: [
      "Append: the floor is the store's, which is what appends. The recorder also decodes, folds and indexes the thousand events, which costs more than the disk does; a larger group, as a guest that does not wait makes, costs it less for each event.",
    ],
  };
}
