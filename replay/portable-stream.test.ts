import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { seededRandom } from "../core/random.ts";
import { exportRecording } from "./export-recording.ts";
import { foldWhole } from "./fold-whole.ts";
import { sha256 } from "./hash.ts";
import { importRecording } from "./import-recording.ts";
import { readReleased, writeReleased } from "./portable-cursor.ts";
import { parseNote } from "./portable-note.ts";
import { GROUP_VERSION } from "./group.ts";
import { frames, MAGIC, STREAM_VERSION } from "./portable-stream.ts";
import { RecordingRefused } from "./recording-refused.ts";
import { RecordingStore } from "./recording-store.ts";
import { sampleRecording } from "./sample-recording.ts";

const folder = mkdtempSync(join(tmpdir(), "foldos-portable-"));
const at = (name: string): string => join(folder, name);
const store = sampleRecording(at("a"), { events: 300, seed: 5, groupEvents: 60, keyframeEvents: 100 });
writeReleased(store.path, { seq: 250, done: 3 });
const counts = exportRecording(store, at("a.stream"));
const stream = readFileSync(at("a.stream"));
const before = readdirSync(folder);

afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Why a changed stream is refused; null if it is not. */
function refusalOf(bytes: Uint8Array): string | null {
  writeFileSync(at("changed"), bytes);
  try {
    importRecording(at("changed"), at("b"));
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(RecordingRefused);
    return (error as RecordingRefused).what;
  } finally {
    rmSync(at("changed"));
  }
}

interface Frame {
  readonly tag: number;
  readonly payload: Buffer;
}

/** The frames of the stream, and a stream of frames with checksums that are right. */
function framesOf(bytes: Buffer): Frame[] {
  const found: Frame[] = [];
  for (let offset = MAGIC.length; offset < bytes.length; ) {
    const length = bytes.readUInt32LE(offset + 1);
    found.push({ tag: bytes[offset] as number, payload: bytes.subarray(offset + 5, offset + 5 + length) });
    offset += 5 + length + 16;
  }
  return found;
}
function streamOf(all: readonly Frame[]): Buffer {
  let checksum = Buffer.from(MAGIC);
  const parts: Buffer[] = [checksum];
  for (const { tag, payload } of all) {
    const head = Buffer.alloc(5);
    head.writeUInt8(tag);
    head.writeUInt32LE(payload.length, 1);
    checksum = Buffer.from(sha256(checksum, head, payload).subarray(0, 16));
    parts.push(head, payload, checksum);
  }
  return Buffer.concat(parts);
}

describe("export and import", () => {
  test("are inverse: the recording that comes back exports to the same bytes, and folds to the same state", () => {
    expect(counts).toEqual({ events: 300, groups: 5, programs: 1 });
    expect(importRecording(at("a.stream"), at("again"))).toEqual(counts);
    const again = RecordingStore.open(at("again"), { write: false });
    exportRecording(again, at("again.stream"));
    expect(readFileSync(at("again.stream")).equals(stream)).toBe(true);
    expect(foldWhole(again, () => {}).hash).toBe(foldWhole(store, () => {}).hash);
    expect(foldWhole(again, () => {}).keyframes).toBeGreaterThan(1);
    expect(readReleased(again.path)).toEqual({ seq: 250, done: 3 });
    expect(again.note("run")).toEqual(store.note("run"));
    again.close();
    rmSync(at("again"), { recursive: true });
    rmSync(at("again.stream"));
  });

  test("never write over what is there", () => {
    expect(() => exportRecording(store, at("a.stream"))).toThrow("something is there already");
    expect(() => importRecording(at("a.stream"), at("a"))).toThrow("something is there already");
    expect(readFileSync(at("a.stream")).equals(stream)).toBe(true);
  });

  test("refuse to export a recording whose program was exchanged", () => {
    const [sha] = readdirSync(store.path).filter((name) => name.endsWith(".wasm"));
    const path = join(store.path, sha as string);
    const program = readFileSync(path);
    writeFileSync(path, "another");
    expect(() => exportRecording(store, at("c.stream"))).toThrow(RecordingRefused);
    writeFileSync(path, program);
    expect(readdirSync(folder).sort()).toEqual([...before].sort());
  });
});

describe("a stream from outside", () => {
  test("is refused with one byte changed, wherever it is, and nothing is kept", () => {
    const random = seededRandom(2);
    for (let trial = 0; trial < 150; trial += 1) {
      const bytes = Buffer.from(stream);
      const offset = trial < 40 ? trial : random.below(bytes.length);
      bytes[offset] = (bytes[offset] as number) ^ (1 << random.below(8));
      expect([offset, refusalOf(bytes)]).toEqual([offset, expect.stringMatching(/^at byte \d+: /)]);
    }
    expect(readdirSync(folder)).toEqual(before);
  });

  test("is refused when it is cut off anywhere, or goes on behind its end", () => {
    const random = seededRandom(4);
    for (let trial = 0; trial < 60; trial += 1) {
      const length = trial < 10 ? trial : random.below(stream.length);
      expect(refusalOf(stream.subarray(0, length))).toBe(`at byte ${length}: the file is cut off`);
    }
    expect(refusalOf(Buffer.concat([stream, Buffer.from("x")]))).toBe(
      `at byte ${stream.length}: more bytes behind the end`,
    );
    expect(readdirSync(folder)).toEqual(before);
  });

  test("is refused when frames are left out, doubled or exchanged, though all checksums are right", () => {
    const all = framesOf(stream);
    expect(streamOf(all).equals(stream)).toBe(true);
    for (let index = 0; index < all.length; index += 1) {
      const isOptional = all[index]?.tag === frames.released.tag;
      if (!isOptional)
        expect(refusalOf(streamOf(all.filter((_, other) => other !== index)))).toContain("at byte");
      const doubled = [...all.slice(0, index + 1), ...all.slice(index)];
      expect(refusalOf(streamOf(doubled))).toContain("at byte");
    }
    const exchanged = all.map(
      (frame, index) => (index === 5 ? all[6] : index === 6 ? all[5] : frame) as Frame,
    );
    expect(refusalOf(streamOf(exchanged))).toContain("at byte");
  });

  test("is refused when a byte of any payload is changed and its checksum made to fit", () => {
    const random = seededRandom(6);
    const all = framesOf(stream);
    for (let trial = 0; trial < 120; trial += 1) {
      const picked = random.below(all.length);
      const frame = all[picked] as Frame;
      const payload = Buffer.from(frame.payload);
      const offset = random.below(payload.length);
      payload[offset] = (payload[offset] as number) ^ (1 << random.below(8));
      const isJudged = frame.tag !== frames.note.tag && frame.tag !== frames.released.tag;
      if (isJudged)
        expect([
          picked,
          offset,
          refusalOf(streamOf(all.map((each, index) => (index === picked ? { ...frame, payload } : each)))),
        ]).toEqual([picked, offset, expect.stringContaining("at byte")]);
    }
    expect(existsSync(at("b"))).toBe(false);
  });

  test("may claim any length and gets no memory for it", () => {
    const bytes = Buffer.from(stream.subarray(0, MAGIC.length + 5));
    bytes.writeUInt32LE(0xffff_ffff, MAGIC.length + 1);
    expect(refusalOf(bytes)).toBe("at byte 9: a header of 4294967295 bytes, and 64 are allowed");
  });

  test("of a newer version is refused with what to do", () => {
    const all = framesOf(stream);
    const newer = [{ tag: 1, payload: Buffer.from([STREAM_VERSION + 1, GROUP_VERSION]) }, ...all.slice(1)];
    expect(refusalOf(streamOf(newer))).toBe("at byte 13: it is of version 5.2, and this Foldos reads 4.2");
    expect(refusalOf(Buffer.from("#!/bin/sh\necho hello\n"))).toBe(
      "at byte 0: no exported recording begins so",
    );
  });
});

describe("the note of a stream", () => {
  const note = {
    devices: { clock: "host", seed: 4, nameSeed: 3 },
    durability: "group",
    keyframeEvents: 9,
    inputFile: "1:2",
  };
  const parse = (value: unknown) => parseNote(Buffer.from(JSON.stringify(value))).ok;

  test("is taken as a run writes it, or as null", () => {
    expect([note, null, { ...note, inputFile: null }].map(parse)).toEqual([true, true, true]);
  });

  test.each([
    ["another field", { ...note, more: 1 }],
    ["a field missing", { ...note, durability: undefined }],
    ["a clock that is none", { ...note, devices: { ...note.devices, clock: "moon" } }],
    ["a negative seed", { ...note, devices: { ...note.devices, seed: -1 } }],
    ["no events between keyframes", { ...note, keyframeEvents: 0 }],
    ["a path", { ...note, inputFile: "/etc/passwd" }],
    ["a list", [note]],
    ["a text", "note"],
  ])("is refused with %s", (_, value) => {
    expect(parse(value)).toBe(false);
  });

  test("is refused as bytes that are no JSON", () => {
    expect([parseNote(Buffer.from("{")).ok, parseNote(Buffer.from([0xff])).ok]).toEqual([false, false]);
  });
});
