import { initialState } from "../reducers/kernel-state.ts";
import { Recorder } from "../replay/recorder.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { SyntheticMachine, type SyntheticOptions } from "./synthetic-machine.ts";

/** The mix that the figures on long recordings are made of: some 5,000 files, 800 of them open. */
export const usualMachine: SyntheticOptions = { seed: 1, processes: 200, filesEach: 32, writeBytes: 64 };

interface RecordingOptions {
  readonly path: string;
  readonly events: number;
  readonly groupEvents: number;
  readonly machine?: SyntheticOptions;
}

export interface Recorded {
  readonly events: number;
  readonly streamBytes: number;
}

/** Writes a recording of a synthetic machine by the recorder itself; nothing is synced on the way. */
export function recordSynthetic(options: RecordingOptions): Recorded {
  const machine = new SyntheticMachine(options.machine ?? usualMachine);
  const store = RecordingStore.create(options.path, "none");
  const recorder = new Recorder({ store, state: initialState() });
  while (recorder.state.seq < options.events) {
    const { body, streamBytes } = machine.batch(options.groupEvents);
    recorder.append(body, () => (streamBytes === 0 ? [] : [new Uint8Array(streamBytes)]));
  }
  recorder.keyframe();
  const { seq: events, head: streamBytes } = recorder.state;
  store.close();
  return { events, streamBytes };
}
