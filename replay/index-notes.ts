/**
 * What the index says of a group: which types, processes, inodes, open files, capabilities and errnos occur in it. It never says "no"
 * of what is there: notes are written for ever. (Reads and writes name the open file; `file/opened` says which inode it is of.)
 */
import { ByteReader, MalformedBytes } from "../core/byte-reader.ts";
import { ByteWriter } from "../core/byte-writer.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import { kernelEvents } from "../reducers/kernel-event.ts";
import type { RecordingStore } from "./recording-store.ts";

export type IndexKind = "type" | "pid" | "inode" | "open" | "capability" | "errno";

const valueKinds = ["pid", "inode", "open", "capability", "errno"] as const;
type ValueKind = (typeof valueKinds)[number];

/** A group with more values of a kind is always looked into. */
const MAX_VALUES = 512;
const TOO_MANY = MAX_VALUES + 1;

export class IndexNotes {
  readonly #types = new Set<KernelEvent["type"]>();
  readonly #values: Record<ValueKind, Set<number>> = {
    pid: new Set(),
    inode: new Set(),
    open: new Set(),
    capability: new Set(),
    errno: new Set(),
  };

  /** What was noted last: events come in runs, and comparing is cheaper than looking into a set. */
  #pid = -1;
  #capability = -1;
  #open = -1;

  take(event: KernelEvent): void {
    this.#types.add(event.type);
    if (event.pid !== this.#pid) {
      this.#pid = event.pid;
      this.#note("pid", event.pid);
    }
    switch (event.type) {
      case "file/read":
      case "file/read-at":
      case "file/written":
      case "file/written-at":
        if (event.by === this.#capability && event.open === this.#open) return;
        this.#capability = event.by;
        this.#open = event.open;
        return this.#noteFields(event);
      case "clock/read":
        return;
      default:
        this.#noteFields(event);
    }
  }

  #noteFields(event: KernelEvent): void {
    if ("inode" in event) this.#note("inode", event.inode);
    if ("directory" in event) this.#note("inode", event.directory);
    if ("toDirectory" in event) this.#note("inode", event.toDirectory);
    if ("replaced" in event && event.replaced !== 0) this.#note("inode", event.replaced);
    if ("firstInode" in event) this.#noteListed(event.firstInode, event.names.length);
    if ("open" in event) this.#note("open", event.open);
    if (event.type === "capability/closed" && event.object === "file") this.#note("open", event.target);
    if ("by" in event) this.#note("capability", event.by);
    if ("errno" in event) this.#note("errno", event.errno);
  }

  #noteListed(firstInode: number, count: number): void {
    for (let index = 0; index < Math.min(count, TOO_MANY); index += 1)
      this.#note("inode", firstInode + index);
  }

  #note(kind: ValueKind, value: number): void {
    const values = this.#values[kind];
    if (values.size <= MAX_VALUES) values.add(value);
  }

  /** The notes as bytes: for each kind, how many values and which; one more than the most stands for too many. */
  encode(): Uint8Array {
    const writer = new ByteWriter(256);
    const types = Array.from(this.#types, (type) => kernelEvents[type].tag);
    writeValues(writer, types);
    for (const kind of valueKinds) {
      const values = this.#values[kind];
      if (values.size > MAX_VALUES) writer.uint(TOO_MANY);
      else writeValues(writer, [...values]);
    }
    return writer.view().slice();
  }
}

function writeValues(writer: ByteWriter, values: number[]): void {
  writer.uint(values.length);
  let before = 0;
  for (const value of values.sort((left, right) => left - right)) {
    writer.sint(value - before);
    before = value;
  }
}

/** Whether one of the values may occur in the group that has these notes. Notes that cannot be read rule nothing out. */
export function mayHold(notes: Uint8Array, kind: IndexKind, values: readonly number[]): boolean {
  const reader = new ByteReader(notes);
  try {
    for (const each of ["type", ...valueKinds] as const) {
      const count = reader.uint();
      if (count === TOO_MANY && each === kind) return true;
      let value = 0;
      for (let left = count === TOO_MANY ? 0 : count; left > 0; left -= 1) {
        value += reader.sint();
        if (each === kind && values.includes(value)) return true;
      }
      if (each === kind) return false;
    }
    return false;
  } catch (error) {
    if (error instanceof MalformedBytes) return true;
    throw error;
  }
}

/** The first seqs of the groups, from a seq on, in which one of the values of a kind may occur. */
export function* groupsWith(
  store: RecordingStore,
  kind: IndexKind,
  values: readonly number[],
  from: number,
): Generator<number> {
  for (const { firstSeq, notes } of store.notesFrom(from)) if (mayHold(notes, kind, values)) yield firstSeq;
}
