import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { seededRandom } from "../core/random.ts";
import { StatePages } from "../core/state-pages.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { initialState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { hex, sha256 } from "./hash.ts";
import { eventsBetween } from "./log-reader.ts";
import type { RecordingStore } from "./recording-store.ts";
import { sampleRecording } from "./sample-recording.ts";
import { Timeline } from "./timeline.ts";
import { TimelineMarks } from "./timeline-marks.ts";

const folder = mkdtempSync(join(tmpdir(), "foldos-timeline-"));
const EVENTS = 5000;
const store = sampleRecording(join(folder, "a"), {
  events: EVENTS,
  seed: 7,
  groupEvents: 700,
  keyframeEvents: 1500,
});
const statePages = new StatePages(sha256, null);
const hashOf = (state: KernelState): string => hex(statePages.write(state));

/** The hash of the state before each event, by folding from the first. */
function foldedHashes(of: RecordingStore): readonly string[] {
  const fold = new Fold(initialState());
  const hashes = [hashOf(fold.snapshot())];
  for (const event of eventsBetween(of, 0, EVENTS)) {
    fold.apply(event);
    hashes.push(hashOf(fold.snapshot()));
  }
  return hashes;
}
const hashes = foldedHashes(store);

afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a timeline (law P3)", () => {
  test("reaches the state of the fold from event 0 at any moment, in any order of jumps", () => {
    const timeline = new Timeline(store);
    const random = seededRandom(1);
    for (let jump = 0; jump < 80; jump += 1) {
      const moment = random.below(EVENTS + 1) - 1;
      expect([moment, hashOf(timeline.seek(moment))]).toEqual([moment, hashes[moment + 1]]);
      expect(timeline.event?.seq ?? -1).toBe(moment);
    }
  });

  test("steps back and forward over every event between, with the event of each moment", () => {
    const timeline = new Timeline(store);
    timeline.seek(2100);
    for (let moment = 2099; moment >= 1400; moment -= 1) {
      expect(timeline.stepBack()).toBe(1);
      expect([timeline.moment, timeline.event?.seq, timeline.state.seq]).toEqual([
        moment,
        moment,
        moment + 1,
      ]);
    }
    expect(hashOf(timeline.state)).toBe(hashes[1401]);
    expect(timeline.stepForward(700)).toBe(700);
    expect(hashOf(timeline.state)).toBe(hashes[2101]);
  });

  test("goes no further than the log's ends", () => {
    const timeline = new Timeline(store);
    expect([timeline.moment, timeline.event, timeline.stepBack()]).toEqual([-1, null, 0]);
    timeline.seek(EVENTS - 3);
    expect(timeline.stepForward(10)).toBe(2);
    expect(timeline.stepForward()).toBe(0);
    expect(timeline.stepBack(EVENTS * 2)).toBe(EVENTS);
    expect(hashOf(timeline.state)).toBe(hashes[0]);
    expect(() => timeline.seek(EVENTS)).toThrow(RangeError);
    expect(() => timeline.seek(-2)).toThrow(RangeError);
  });

  test("names the events before the cursor, oldest first", () => {
    const timeline = new Timeline(store);
    timeline.seek(1026);
    expect(timeline.eventsBefore(5).map(({ seq }) => seq)).toEqual([1022, 1023, 1024, 1025, 1026]);
    timeline.seek(1);
    expect(timeline.eventsBefore(5).map(({ seq }) => seq)).toEqual([0, 1]);
  });

  test("keeps states that it gave as they were, whatever is sought later", () => {
    const timeline = new Timeline(store, 4);
    const kept = [0, 700, 1400, 4999].map((moment) => [moment, timeline.seek(moment)] as const);
    for (let moment = 4999; moment > 0; moment -= 111) timeline.seek(moment);
    for (const [moment, state] of kept) expect(hashOf(state)).toBe(hashes[moment + 1]);
  });

  test("is right with a budget of one mark, too", () => {
    const timeline = new Timeline(store, 1);
    for (const moment of [4000, 10, 3999, 3000, 2999, 4999]) {
      expect(hashOf(timeline.seek(moment))).toBe(hashes[moment + 1]);
    }
  });
});

describe("marks", () => {
  const mark = (seq: number) => ({
    state: { ...initialState(), seq },
    place: { seq, at: 0, pid: 0, by: 0, head: 0, group: -1, offset: 0 },
  });

  test("stay within their budget, dense near the cursor and sparse far from it", () => {
    const marks = new TimelineMarks(300);
    const cursor = 256 * 2000;
    for (let index = 4000; index >= 0; index -= 1) marks.add(mark(index * 256), cursor);
    expect(marks.size).toBeLessThanOrEqual(300);
    const gapAt = (seq: number): number => seq - (marks.before(seq)?.state.seq ?? 0);
    expect(gapAt(cursor + 256)).toBeLessThanOrEqual(256);
    expect(gapAt(cursor + 256 * 1999)).toBeLessThanOrEqual(256 * 1024);
  });

  test("are found by the last one at or before a seq", () => {
    const marks = new TimelineMarks(10);
    for (const seq of [512, 256, 1024, 512]) marks.add(mark(seq), 0);
    expect(marks.size).toBe(3);
    expect([255, 256, 511, 512, 1023, 5000].map((seq) => marks.before(seq)?.state.seq ?? null)).toEqual([
      null,
      256,
      256,
      512,
      512,
      1024,
    ]);
  });
});
