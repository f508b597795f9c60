import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ByteWriter } from "../core/byte-writer.ts";
import { newCodecContext } from "../core/event-codec.ts";
import { kernelCodec, type KernelFact } from "../reducers/kernel-event.ts";
import { initialState } from "../reducers/kernel-state.ts";
import { GENESIS, parseGroup, sealGroup } from "./group.ts";
import {
  endOf,
  eventsBetween,
  groupHolding,
  soundEvents,
  soundGroup,
  streamOf,
  verifyGroup,
} from "./log-reader.ts";
import { Recorder } from "./recorder.ts";
import { RecordingStore, STREAM_RECORD_BYTES } from "./recording-store.ts";

const BIG = 2 * STREAM_RECORD_BYTES + 5;

let home = "";
let store = RecordingStore.prototype;

/** Groups of 3, 2 and 1 events; the second brings 10 bytes and many. */
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "foldos-log-"));
  store = RecordingStore.create(join(home, "rec"), "none");
  const recorder = new Recorder({ store, state: initialState() });
  const context = newCodecContext();
  const append = (facts: readonly KernelFact[], bytes: readonly Uint8Array[]): void => {
    const writer = new ByteWriter();
    for (const fact of facts) kernelCodec.append(writer, fact, context, context.at + 1, -1, 1, -1);
    recorder.append(writer.view().slice(), () => bytes);
  };
  const printed = (position: number, length: number): KernelFact => ({
    type: "console/written",
    by: 0,
    stream: 1,
    position,
    length,
  });
  append([{ type: "process/yielded" }, { type: "process/yielded" }, { type: "process/yielded" }], []);
  append([printed(0, 10), printed(10, BIG)], [new Uint8Array(10).fill(1), new Uint8Array(BIG).fill(2)]);
  append([{ type: "process/yielded" }], []);
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true, force: true });
});

const seqs = (from: number, to: number): number[] =>
  [...eventsBetween(store, from, to)].map(({ seq }) => seq);
const groups = () => [...store.groupsFrom(0)].map((record) => soundGroup(store, record));

/** Puts something else in the place of a group's record. */
const replace = (firstSeq: number, change: (record: Uint8Array) => Uint8Array): void => {
  const record = store.groupAt(firstSeq);
  if (record === null) throw new Error("there is a group");
  store.commit(() => store.putGroup(firstSeq, change(record.slice())));
  store.refresh();
};

describe("events", () => {
  test.each([
    [0, 6, [0, 1, 2, 3, 4, 5]],
    [0, 99, [0, 1, 2, 3, 4, 5]],
    [1, 2, [1]],
    [2, 4, [2, 3]],
    [4, 5, [4]],
    [5, 6, [5]],
    [3, 3, []],
    [4, 2, []],
    [6, 9, []],
    [99, 100, []],
  ])("from %d up to %d are read across groups", (from, to, expected) => {
    expect(seqs(from, to)).toEqual(expected);
  });

  test("of an empty recording are none", () => {
    const empty = RecordingStore.create(join(home, "empty"), "none");
    expect([...eventsBetween(empty, 0, 10)]).toEqual([]);
    expect(endOf(empty)).toEqual({ seq: 0, hash: GENESIS });
    expect(groupHolding(empty, 0)).toBeNull();
    empty.close();
  });
});

test.each([
  [0, 0],
  [2, 0],
  [3, 3],
  [4, 3],
  [5, 5],
  [99, 5],
])("event %d stands in the group at %d", (seq, firstSeq) => {
  expect(groupHolding(store, seq)?.header.firstSeq).toBe(firstSeq);
});

test("the end is behind the last event, with the last group's hash", () => {
  expect(endOf(store)).toEqual({ seq: 6, hash: Buffer.from(groups()[2]?.hash ?? []) });
});

test("the bytes of a group come whole, whatever records they stand in", () => {
  const [first, second] = groups();
  if (first === undefined || second === undefined) throw new Error("there are groups");
  expect([...streamOf(store, first)]).toEqual([]);
  const bytes = Buffer.concat([...streamOf(store, second)]);
  expect(bytes.equals(Buffer.concat([Buffer.alloc(10, 1), Buffer.alloc(BIG, 2)]))).toBe(true);
});

describe("verifying", () => {
  const verify = (): void => {
    let hash: Uint8Array = GENESIS;
    let seq = 0;
    for (const group of groups()) {
      verifyGroup(store, group, hash, seq);
      hash = group.hash;
      seq += group.header.count;
    }
  };

  test("passes a recording that nobody changed", () => {
    expect(verify).not.toThrow();
  });

  test("names the group whose bytes of the stream were changed", () => {
    store.commit(() => store.putStream(10, new Uint8Array(STREAM_RECORD_BYTES).fill(3)));
    store.refresh();
    expect(verify).toThrow("the group at event 3 is not what was recorded: its hash differs");
  });

  test("names the first group that follows another one than it did", () => {
    replace(0, (record) => {
      const group = parseGroup(record);
      if (!group.ok) throw new Error("it is a group");
      return sealGroup(GENESIS, { ...group.value.header, pid: 5 }, group.value.body, []).record;
    });
    expect(verify).toThrow("the group at event 3 is not what was recorded");
  });

  test("names the events that are missing", () => {
    const [first, , third] = groups();
    if (first === undefined || third === undefined) throw new Error("there are groups");
    expect(() => verifyGroup(store, third, first.hash, 3)).toThrow("events 3 to 4 are missing");
  });
});

describe("a damaged record is refused, with the path and what to do", () => {
  test("when it is no group", () => {
    replace(3, () => new Uint8Array(40));
    expect(() => seqs(0, 9)).toThrow(
      /rec: a group of events is damaged .*version 2, not 0.*use a copy that was not/,
    );
    expect(seqs(0, 3)).toEqual([0, 1, 2]);
  });

  test("when its events are none", () => {
    replace(3, (record) => {
      record[record.length - 33] = 0xff;
      return record;
    });
    const group = groupHolding(store, 3);
    expect(() => group !== null && soundEvents(store, group)).toThrow("the group at event 3 is damaged");
  });

  test("when bytes of the stream are missing", () => {
    const [, second] = groups();
    if (second === undefined) throw new Error("there is a group");
    const beyond = { ...second, header: { ...second.header, streamStart: 10 + BIG, streamEnd: 20 + BIG } };
    expect(() => [...streamOf(store, beyond)]).toThrow(`the bytes at ${10 + BIG} of the stream are missing`);
  });
});
