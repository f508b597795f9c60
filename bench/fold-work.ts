/** The same recordings folded by our driver, by a loop written by hand, and by redux-toolkit on our reducer. */
import { configureStore, createSlice, type PayloadAction, Tuple } from "@reduxjs/toolkit";
import { ByteReader } from "../core/byte-reader.ts";
import type { Own } from "../core/own.ts";
import { applyEvent } from "../reducers/kernel.ts";
import { kernelCodec, type KernelEvent } from "../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { contextOf } from "../replay/group.ts";
import { HandLoop } from "./hand-loop.ts";
import { HandMachine } from "./hand-machine.ts";
import type { RealRecording } from "./real-recordings.ts";

export function foldRecording({ groups }: RealRecording): KernelState {
  const fold = new Fold(initialState());
  for (const group of groups) {
    const reader = new ByteReader(group.body);
    const context = contextOf(group.header);
    while (reader.offset < reader.end) fold.apply(kernelCodec.decode(reader, context));
  }
  return fold.state;
}

export function loopByHand({ groups }: RealRecording): HandMachine {
  const machine = new HandMachine();
  const loop = new HandLoop(machine);
  for (const group of groups) loop.run(group);
  return machine;
}

/** Hands out the first events of a recording, decoded. */
function forFirst({ groups }: RealRecording, count: number, take: (event: KernelEvent) => void): void {
  let taken = 0;
  for (const group of groups) {
    const reader = new ByteReader(group.body);
    const context = contextOf(group.header);
    for (; reader.offset < reader.end; taken += 1) {
      if (taken === count) return;
      take(kernelCodec.decode(reader, context));
    }
  }
}

function foldFirst(recording: RealRecording, count: number): void {
  const fold = new Fold(initialState());
  forFirst(recording, count, (event) => fold.apply(event));
}

function dispatchFirst(recording: RealRecording, count: number): void {
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
  forFirst(recording, count, (event) => store.dispatch(happened(event)));
}

/** So many of each recording, that the slow peer is done in seconds and the machine is no empty one. */
export const FIRST_EVENTS = 30_000;

/** What a contender does in one turn. */
export const folds = {
  ours: (recordings) => recordings.forEach(foldRecording),
  "by hand": (recordings) => recordings.forEach(loopByHand),
  "ours, the first": (recordings) => recordings.forEach((recording) => foldFirst(recording, FIRST_EVENTS)),
  "toolkit, the first": (recordings) =>
    recordings.forEach((recording) => dispatchFirst(recording, FIRST_EVENTS)),
} satisfies Record<string, (recordings: readonly RealRecording[]) => void>;
