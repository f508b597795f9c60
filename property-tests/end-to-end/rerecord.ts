/** Recordings that nobody made: with other events than a machine had, or fewer, and sealed as if they had been recorded so. */
import { writeFileSync } from "node:fs";
import { ByteWriter } from "../../core/byte-writer.ts";
import { newCodecContext } from "../../core/event-codec.ts";
import { rowsOf } from "../../core/table.ts";
import { kernelCodec, type KernelEvent } from "../../reducers/kernel-event.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { endOf, eventsBetween } from "../../replay/log-reader.ts";
import { Recorder } from "../../replay/recorder.ts";
import { RecordingStore } from "../../replay/recording-store.ts";
import { StreamReader } from "../../replay/stream-reader.ts";

/** Writes a recording's events into a new one, changed, in one group. Its stream is what the changed events name. */
export function rerecord(
  from: string,
  to: string,
  change: (events: readonly KernelEvent[]) => readonly KernelEvent[],
): void {
  const source = RecordingStore.open(from, { write: false });
  const target = RecordingStore.create(to, "none");
  try {
    const writer = new ByteWriter();
    const context = newCodecContext();
    for (const event of change([...eventsBetween(source, 0, endOf(source).seq)]))
      kernelCodec.encode(writer, event, context);
    const bytes = new Uint8Array(context.head);
    if (context.head > 0) new StreamReader(source).copyTo(bytes, 0, 0, context.head);
    const recorder = new Recorder({ store: target, state: initialState() });
    recorder.append(writer.view().slice(), () => (bytes.length === 0 ? [] : [bytes]));
    for (const [, { program }] of rowsOf(recorder.state.processes.rows))
      writeFileSync(target.programPath(program), source.program(program));
    target.setNote("run", source.note("run"));
  } finally {
    source.close();
    target.close();
  }
}
