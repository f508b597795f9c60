/** What the index says of a group: in which groups a type, process, inode, capability or errno occurs. */
import type { KernelEvent } from "../reducers/kernel-event.ts";
import { kernelEvents } from "../reducers/kernel-event.ts";
import type { RecordingStore } from "./recording-store.ts";

export type IndexKind = "type" | "pid" | "inode" | "capability" | "errno";

/** Beyond so many different values of a kind a group is noted under none: looking into it is cheaper than the notes. */
const MAX_VALUES = 512;
/** Nor is one with more values than one for so many events, if they are more than a few: the notes would be as large as the group. */
const EVENTS_A_VALUE = 32;
const FEW_VALUES = 16;
/** The value under which a group with too many values of a kind is found. */
export const MANY = Number.MAX_SAFE_INTEGER - 1;

export class IndexNotes {
  readonly #types = new Set<KernelEvent["type"]>();
  readonly #values: Record<Exclude<IndexKind, "type">, Set<number>> = {
    pid: new Set(),
    inode: new Set(),
    capability: new Set(),
    errno: new Set(),
  };

  take(event: KernelEvent): void {
    this.#types.add(event.type);
    this.#values.pid.add(event.pid);
    switch (event.type) {
      case "file/read":
      case "file/read-at":
      case "file/written":
      case "file/written-at":
      case "console/written":
        return this.#note("capability", event.by);
      case "clock/read":
        return;
      default:
        this.#noteFields(event);
    }
  }

  #noteFields(event: KernelEvent): void {
    if ("inode" in event) this.#note("inode", event.inode);
    if ("directory" in event) this.#note("inode", event.directory);
    if ("by" in event) this.#note("capability", event.by);
    if ("errno" in event) this.#note("errno", event.errno);
  }

  #note(kind: Exclude<IndexKind, "type">, value: number): void {
    const values = this.#values[kind];
    if (values.size <= MAX_VALUES) values.add(value);
  }

  /** Writes the notes; called within the group's transaction. */
  write(store: RecordingStore, firstSeq: number, count: number): void {
    const most = Math.min(MAX_VALUES, Math.max(FEW_VALUES, Math.floor(count / EVENTS_A_VALUE)));
    for (const type of this.#types) store.putIndex("type", kernelEvents[type].tag, firstSeq);
    for (const [kind, values] of Object.entries(this.#values)) {
      if (values.size > most) store.putIndex(kind, MANY, firstSeq);
      else for (const value of values) store.putIndex(kind, value, firstSeq);
    }
  }
}
