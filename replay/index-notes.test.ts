import { describe, expect, test } from "@jest/globals";
import { kernelEvents, type KernelEvent } from "../reducers/kernel-event.ts";
import { type IndexKind, IndexNotes, mayHold } from "./index-notes.ts";

/** Fields of events by what they name. A new event that has one of them is covered as it is declared. */
const named: Readonly<Record<string, IndexKind>> = {
  inode: "inode",
  directory: "inode",
  toDirectory: "inode",
  replaced: "inode",
  firstInode: "inode",
  open: "open",
  by: "capability",
  errno: "errno",
};

/** An event of a type, with another number in each of its fields. */
function sample(type: KernelEvent["type"]): KernelEvent {
  const event: Record<string, unknown> = { type, seq: 0, at: 0, cause: -1, pid: 90_001, call: -1 };
  Object.entries(kernelEvents[type].fields).forEach(([name, field], index) => {
    const { kind, words } = field as { readonly kind: string; readonly words?: readonly string[] };
    if (kind === "choice") event[name] = words?.[0];
    else if (kind === "texts") event[name] = ["a", "b", "c"];
    else if (kind === "uints") event[name] = [4, 4, 4];
    else if (kind === "text") event[name] = "text";
    else if (kind === "flag") event[name] = true;
    else event[name] = 1000 + index * 10;
  });
  return event as unknown as KernelEvent;
}

const notesOf = (...events: readonly KernelEvent[]): Uint8Array => {
  const notes = new IndexNotes();
  for (const event of events) notes.take(event);
  return notes.encode();
};

const types = Object.keys(kernelEvents) as KernelEvent["type"][];

describe("all that an event names is in the notes of its group", () => {
  test.each(types)("%s", (type) => {
    const event = sample(type);
    const bytes = notesOf(sample("process/yielded"), event, sample("file/read"), event);
    expect(mayHold(bytes, "type", [kernelEvents[type].tag])).toBe(true);
    expect(mayHold(bytes, "pid", [1, 90_001])).toBe(true);
    for (const [name, kind] of Object.entries(named)) {
      const value = (event as unknown as Record<string, number | undefined>)[name];
      if (value !== undefined) expect([name, mayHold(bytes, kind, [value])]).toEqual([name, true]);
    }
  });

  test("and so are the inodes that a listing gives to names", () => {
    const event = sample("host/directory-listed") as Extract<KernelEvent, { type: "host/directory-listed" }>;
    for (let index = 0; index < 3; index += 1)
      expect(mayHold(notesOf(event), "inode", [event.firstInode + index])).toBe(true);
  });
});

test("what does not occur is not in the notes", () => {
  const bytes = notesOf(sample("file/opened"));
  expect(mayHold(bytes, "type", [kernelEvents["clock/read"].tag])).toBe(false);
  for (const kind of ["pid", "inode", "open", "capability", "errno"] as const)
    expect(mayHold(bytes, kind, [77])).toBe(false);
});

test("a group with too many values of a kind may hold any", () => {
  const events = Array.from({ length: 600 }, (_, index) => ({ ...sample("file/resized"), inode: index + 1 }));
  expect(mayHold(notesOf(...events), "inode", [100_000])).toBe(true);
  expect(mayHold(notesOf(...events), "errno", [1])).toBe(false);
});

test("notes that cannot be read rule nothing out", () => {
  const bytes = notesOf(sample("file/opened"));
  for (let size = 0; size < bytes.length; size += 1)
    expect(mayHold(bytes.subarray(0, size), "errno", [1])).toBe(true);
});
