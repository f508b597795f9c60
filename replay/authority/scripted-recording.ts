/** A recording for tests, of events that were folded without a machine: what they brought in bytes is zeros. */
import { writeFileSync } from "node:fs";
import { ByteWriter } from "../../core/byte-writer.ts";
import { newCodecContext } from "../../core/event-codec.ts";
import { kernelCodec, type KernelEvent } from "../../reducers/kernel-event.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { hex, sha256 } from "../hash.ts";
import { Recorder } from "../recorder.ts";
import { RecordingStore } from "../recording-store.ts";

interface ScriptedOptions {
  /** Events of a group. */
  readonly groupEvents: number;
  readonly keyframeEvents: number;
}

const program = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

/** Writes the recording and leaves it open for reading. */
export function scriptedRecording(
  path: string,
  events: readonly KernelEvent[],
  { groupEvents, keyframeEvents }: ScriptedOptions,
): RecordingStore {
  const store = RecordingStore.create(path, "none");
  writeFileSync(store.programPath(hex(sha256(program))), program);
  store.setNote("run", {
    devices: { clock: "virtual", seed: null, nameSeed: 3 },
    durability: "none",
    keyframeEvents,
    inputFile: null,
  });
  const recorder = new Recorder({ store, state: initialState(), keyframeEvents });
  const context = newCodecContext();
  for (let from = 0; from < events.length; from += groupEvents) {
    const writer = new ByteWriter();
    const head = context.head;
    for (const event of events.slice(from, from + groupEvents)) kernelCodec.encode(writer, event, context);
    const added = context.head - head;
    recorder.append(writer.view().slice(), () => (added === 0 ? [] : [new Uint8Array(added)]));
  }
  return store;
}
