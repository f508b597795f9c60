import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import { type EventFilter, EventScan, typesOf } from "./event-filter.ts";
import { eventsBetween } from "./log-reader.ts";
import { sampleRecording } from "./sample-recording.ts";
import { Timeline } from "./timeline.ts";

const folder = mkdtempSync(join(tmpdir(), "foldos-filter-"));
const EVENTS = 3000;
const store = sampleRecording(join(folder, "a"), {
  events: EVENTS,
  seed: 3,
  groupEvents: 40,
  keyframeEvents: 300,
});
const all: readonly KernelEvent[] = [...eventsBetween(store, 0, EVENTS)];
const any: EventFilter = { pid: null, type: null, path: null, from: 0, to: EVENTS - 1 };
const found = (filter: Partial<EventFilter>) => [
  ...new EventScan(new Timeline(store), { ...any, ...filter }).next(),
];
const seqs = (filter: Partial<EventFilter>): readonly number[] => found(filter).map(({ event }) => event.seq);
const expected = (isWanted: (event: KernelEvent) => boolean): readonly number[] =>
  all.filter(isWanted).map(({ seq }) => seq);

afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a filter", () => {
  test("of nothing finds every event", () => {
    expect(seqs({})).toEqual(all.map(({ seq }) => seq));
  });

  test("of a type finds what a look at every event finds, though it skips groups", () => {
    expect(seqs({ type: "file/created" })).toEqual(expected(({ type }) => type === "file/created"));
    expect(seqs({ type: "machine/" })).toEqual([0]);
    expect(seqs({ type: "capability/", from: 1000, to: 2000 })).toEqual(
      expected(({ type, seq }) => type.startsWith("capability/") && seq >= 1000 && seq <= 2000),
    );
  });

  test("of a process finds its events alone", () => {
    expect(seqs({ pid: 1 })).toEqual(expected(({ pid }) => pid === 1));
    expect(seqs({ pid: 7 })).toEqual([]);
  });

  test("of a path finds what is about the file, by name or by descriptor", () => {
    const created = all.filter((event) => event.type === "file/created")[20] as Extract<
      KernelEvent,
      { type: "file/created" }
    >;
    // Ids of open files come again, so what an id is about is followed from event to event.
    const inodes = new Map<number, number>();
    const about = expected((event) => {
      if (event.type === "file/opened") inodes.set(event.open, event.inode);
      if ("inode" in event) return event.inode === created.inode;
      if ("open" in event) return inodes.get(event.open) === created.inode;
      return event.type === "capability/closed" && inodes.get(event.target) === created.inode;
    });
    expect(about.length).toBeGreaterThan(2);
    expect(seqs({ path: `/${created.name}` })).toEqual(about);
    expect(seqs({ path: created.name, type: "file/created" })).toEqual([created.seq]);
    expect(found({ path: created.name, type: "file/opened" })[0]?.subject.path).toBe(`/${created.name}`);
  });

  test("finds the same behind a keyframe as from the first event on", () => {
    const late = found({ from: 2500, type: "file/written" });
    const whole = found({ type: "file/written" }).filter(({ event }) => event.seq >= 2500);
    expect(late).toEqual(whole);
  });

  test("goes on where the log had ended", () => {
    const timeline = new Timeline(store);
    const scan = new EventScan(timeline, any);
    const first: number[] = [];
    for (const { event } of scan.next()) {
      first.push(event.seq);
      if (first.length === 1234) break;
    }
    const rest = [...scan.next()].map(({ event }) => event.seq);
    expect([...first, ...rest]).toEqual(all.map(({ seq }) => seq));
  });

  test("of a word stands for one type, or for all that begin with it", () => {
    expect(typesOf("file/read")).toEqual(["file/read"]);
    expect(typesOf("name/")).toEqual(["name/linked", "name/unlinked", "name/renamed"]);
    expect(typesOf("nonsense")).toEqual([]);
  });
});
