import { existsSync } from "node:fs";
import { join } from "node:path";
import { endOf } from "../replay/log-reader.ts";
import { RecordingStore } from "../replay/recording-store.ts";

/** How many events of a recording are durable, also while somebody writes it; 0 as long as there is none to open. */
export function eventsIn(recording: string): number {
  if (!existsSync(join(recording, "data.mdb"))) return 0;
  try {
    const store = RecordingStore.open(recording, { write: false });
    const { seq } = endOf(store);
    store.close();
    return seq;
  } catch {
    return 0;
  }
}
