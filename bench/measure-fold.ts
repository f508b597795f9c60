/** Folding recordings of real programs from their bytes, beside a loop written by hand and beside redux-toolkit. */
import { configureStore, createSlice, type PayloadAction, Tuple } from "@reduxjs/toolkit";
import { ByteReader } from "../core/byte-reader.ts";
import type { Own } from "../core/own.ts";
import { peek, sizeOf } from "../core/table.ts";
import { applyEvent } from "../reducers/kernel.ts";
import { kernelCodec, type KernelEvent } from "../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { contextOf } from "../replay/group.ts";
import { type Figure, least, type Measured, type Scale } from "./figure.ts";
import { applyByHand } from "./hand-apply.ts";
import { HandLoop } from "./hand-loop.ts";
import { HandMachine } from "./hand-machine.ts";
import { recordReal, type RealRecording } from "./real-recordings.ts";
import { cpuMillis, interleaved, ratios } from "./rounds.ts";

function foldRecording({ groups }: RealRecording): KernelState {
  const fold = new Fold(initialState());
  for (const group of groups) {
    const reader = new ByteReader(group.body);
    const context = contextOf(group.header);
    while (reader.offset < reader.end) fold.apply(kernelCodec.decode(reader, context));
  }
  return fold.state;
}

function loopByHand({ groups }: RealRecording): HandMachine {
  const machine = new HandMachine();
  const loop = new HandLoop(machine);
  for (const group of groups) loop.run(group);
  return machine;
}

function* eventsOf({ groups }: RealRecording): Generator<KernelEvent> {
  for (const group of groups) {
    const reader = new ByteReader(group.body);
    const context = contextOf(group.header);
    while (reader.offset < reader.end) yield kernelCodec.decode(reader, context);
  }
}

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

function foldByToolkit(events: readonly KernelEvent[]): void {
  const slice = createSlice({
    name: "machine",
    initialState: initialState(),
    reducers: {
      happened(draft, { payload }: PayloadAction<KernelEvent>) {
        applyEvent(draft as unknown as Own<KernelState>, payload);
      },
    },
  });
  const store = configureStore({
    reducer: slice.reducer,
    middleware: () => new Tuple(),
    devTools: false,
    enhancers: () => new Tuple(),
  });
  const { happened } = slice.actions;
  for (const event of events) store.dispatch(happened(event));
}

/** So many of each recording, that the slow peer is done in seconds and the machine is no empty one. */
const TOOLKIT_EVENTS = 30_000;

function measureToolkit(recordings: readonly RealRecording[], rounds: number): Figure {
  const starts = recordings.map((recording) => {
    const events: KernelEvent[] = [];
    for (const event of eventsOf(recording)) {
      if (events.push(event) === TOOLKIT_EVENTS) break;
    }
    return events;
  });
  const times = 5;
  const costs = interleaved(rounds, {
    ours: () =>
      cpuMillis(() => {
        for (let time = 0; time < times; time += 1) {
          for (const events of starts) {
            const fold = new Fold(initialState());
            for (const event of events) fold.apply(event);
          }
        }
      }) / times,
    toolkit: () => cpuMillis(() => starts.forEach(foldByToolkit)),
  });
  return {
    what: `bulk fold of the first ${TOOLKIT_EVENTS.toLocaleString("en")} events of each, decoded before, speed`,
    against: "redux-toolkit createSlice on the same reducer, no middleware",
    unit: "x",
    samples: ratios(costs.toolkit, costs.ours),
    floor: least(50),
  };
}

export function measureFold({ rounds, isQuick, folder }: Scale): Measured {
  const recordings = recordReal(folder, isQuick);
  const decoded = recordings.map((recording) => [...eventsOf(recording)]);
  const total = recordings.reduce((sum, { events }) => sum + events, 0);
  recordings.forEach((recording) => compare(foldRecording(recording), loopByHand(recording)));
  const costs = interleaved(rounds + 2, {
    ours: () => cpuMillis(() => recordings.forEach(foldRecording)),
    bytes: () => cpuMillis(() => recordings.forEach(loopByHand)),
    events: () =>
      cpuMillis(() => {
        for (const events of decoded) {
          const machine = new HandMachine();
          for (const event of events) applyByHand(machine, event);
        }
      }),
  });
  // The first two rounds compile.
  const [ours, bytes, events] = [costs.ours.slice(2), costs.bytes.slice(2), costs.events.slice(2)];
  const what = `bulk fold of ${total.toLocaleString("en")} events of real programs, decoding included, speed`;
  const perSecond = ours.map((millis) => total / millis / 1000);
  return {
    figures: [
      {
        what,
        against: "a loop written by hand, decoding by hand included",
        unit: "x",
        samples: ratios(bytes, ours),
        floor: least(0.4),
      },
      {
        what,
        against: "a loop written by hand over decoded events",
        unit: "x",
        samples: ratios(events, ours),
        floor: null,
      },
      { what, against: "-", unit: "M events/s CPU", samples: perSecond, floor: null },
      measureToolkit(recordings, rounds),
    ],
    notes: [
      `Real programs: ${recordings.map(({ name, events: count }) => `${name} (${count.toLocaleString("en")} events)`).join(", ")}. Folding is measured in processor time.`,
    ],
  };
}
