import { closeSync, fsyncSync, linkSync, lstatSync, openSync, rmSync } from "node:fs";
import { ByteWriter } from "../core/byte-writer.ts";
import { rowsOf } from "../core/table.ts";
import { GENESIS, GROUP_VERSION } from "./group.ts";
import { endOf, soundGroup, streamOf, verifyGroup } from "./log-reader.ts";
import { asUnwritable } from "./host-refused.ts";
import { readReleased } from "./portable-cursor.ts";
import { FrameWriter, STREAM_VERSION } from "./portable-stream.ts";
import { programsOfNote } from "./portable-machine.ts";
import { RecordingRefused } from "./recording-refused.ts";
import type { RecordingStore } from "./recording-store.ts";
import { StateLoader } from "./state-loader.ts";

export interface Exported {
  readonly events: number;
  readonly groups: number;
  readonly programs: number;
}

/** Writes a recording as a portable stream to a new file, which is there whole or not at all. Verifies it on the way. */
export function exportRecording(store: RecordingStore, target: string): Exported {
  refuseExisting(target);
  const temporary = `${target}.exporting-${process.pid}`;
  const file = openNew(temporary, target);
  try {
    const exported = writeStream(store, new FrameWriter(file));
    fsyncSync(file);
    // A link, unlike a rename, never takes the place of a file that appeared meanwhile.
    linkSync(temporary, target);
    return exported;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") refuseExisting(target);
    throw asUnwritable(target, error);
  } finally {
    closeSync(file);
    rmSync(temporary, { force: true });
  }
}

function openNew(temporary: string, target: string): number {
  try {
    return openSync(temporary, "wx");
  } catch (error) {
    throw asUnwritable(target, error);
  }
}

/** Nothing that is there is ever written over, and be it a link that leads nowhere. */
export function refuseExisting(path: string): void {
  if (isThere(path))
    throw new RecordingRefused(path, "something is there already", "choose another path, or remove it");
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // There is no way to it: whoever makes it is told why.
    return false;
  }
}

function writeStream(store: RecordingStore, writer: FrameWriter): Exported {
  // Read before the log's end: what has left the machine is then always in the part that is exported.
  const released = readReleased(store.path);
  const end = endOf(store).seq;
  writer.frame("header", uints(STREAM_VERSION, GROUP_VERSION));
  const note = store.note("run");
  writer.frame("note", Buffer.from(JSON.stringify(note)));
  if (released !== null) writer.frame("released", uints(released.seq, released.done));
  const programs = programsOf(store, end, note);
  for (const sha of programs) writer.frame("program", Buffer.from(sha, "hex"), store.program(sha));
  const groups = writeGroups(store, writer, end);
  writer.frame("end", uints(end, groups, programs.length));
  return { events: end, groups, programs: programs.length };
}

function writeGroups(store: RecordingStore, writer: FrameWriter, end: number): number {
  let groups = 0;
  let seq = 0;
  let hash: Uint8Array = GENESIS;
  for (const record of store.groupsFrom(0)) {
    const group = soundGroup(store, record);
    if (group.header.firstSeq >= end) break;
    verifyGroup(store, group, hash, seq);
    writer.frame("group", uints(record.length), record, ...streamOf(store, group));
    hash = group.hash;
    seq += group.header.count;
    groups += 1;
  }
  return groups;
}

/** The programs that ran, and those that are to run yet. */
function programsOf(store: RecordingStore, end: number, note: unknown): readonly string[] {
  const { processes } = new StateLoader(store).stateAt(end);
  const ran = [...rowsOf(processes.rows)].map(([, { program }]) => program);
  return [...new Set([...ran, ...programsOfNote(note)])];
}

function uints(...values: readonly number[]): Uint8Array {
  const writer = new ByteWriter(64);
  for (const value of values) writer.uint(value);
  return writer.view().slice();
}
