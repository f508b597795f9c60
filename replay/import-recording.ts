import { closeSync, fstatSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { KernelBug } from "../core/assert.ts";
import { ByteReader, MalformedBytes } from "../core/byte-reader.ts";
import { initialState } from "../reducers/kernel-state.ts";
import { type Exported, refuseExisting } from "./export-recording.ts";
import { asUnreadable, asUnwritable } from "./host-refused.ts";
import { makePlace } from "./make-place.ts";
import { GROUP_VERSION } from "./group.ts";
import { hex, sha256 } from "./hash.ts";
import { writeReleased } from "./portable-cursor.ts";
import { parsePortableGroup } from "./portable-group.ts";
import { parseNote } from "./portable-note.ts";
import { type Frame, type FrameName, FrameReader, STREAM_VERSION } from "./portable-stream.ts";
import { DEFAULT_KEYFRAME_EVENTS, Recorder } from "./recorder.ts";
import { RecordingRefused } from "./recording-refused.ts";
import { RecordingStore } from "./recording-store.ts";
import { otherVersionAdvice } from "./store-format.ts";
import { syncPath } from "./sync-path.ts";

/** Under this name a recording notes that it was made elsewhere: whoever resumes it is asked whether the host is to be touched. */
export const IMPORTED_NOTE = "imported";

const SHA_BYTES = 32;
const SOURCE_ADVICE = "`foldos export REC FILE` makes one";

/** Makes a recording from a portable stream, all of which is judged; nothing is kept of one that is refused. */
export function importRecording(source: string, target: string): Exported {
  refuseExisting(target);
  const temporary = `${target}.importing-${process.pid}`;
  const file = openSource(source);
  try {
    makePlace(dirname(target), target);
    const imported = new Import(new FrameReader(file, source), temporary).run();
    // From here on the recording is there.
    refuseExisting(target);
    renameSync(temporary, target);
    syncPath(dirname(target));
    return imported;
  } catch (error) {
    discard(temporary);
    const isOfSource = (error as NodeJS.ErrnoException).syscall === "read";
    throw isOfSource ? asUnreadable(source, error, SOURCE_ADVICE) : asUnwritable(target, error);
  } finally {
    closeSync(file);
  }
}

function openSource(source: string): number {
  let file = -1;
  try {
    file = openSync(source, "r");
    if (!fstatSync(file).isDirectory()) return file;
  } catch (error) {
    throw asUnreadable(source, error, SOURCE_ADVICE);
  }
  closeSync(file);
  throw new RecordingRefused(source, "it is a directory", SOURCE_ADVICE);
}

/** Takes away what was half made; where it could not be made at all there is nothing to take away. */
function discard(temporary: string): void {
  try {
    rmSync(temporary, { recursive: true, force: true });
  } catch {
    // What went wrong before this is what the user is told.
  }
}

class Import {
  readonly #reader: FrameReader;
  readonly #path: string;
  readonly #programs = new Set<string>();
  #frame: Frame;
  #groups = 0;

  constructor(reader: FrameReader, path: string) {
    this.#reader = reader;
    this.#path = path;
    this.#frame = reader.frame();
  }

  run(): Exported {
    this.#judgeHeader();
    const note = parseNote(this.#take("note").payload);
    if (!note.ok) throw this.#refuse(0, note.error);
    this.#next();
    const store = RecordingStore.create(this.#path, "none");
    try {
      if (note.value !== null) store.setNote("run", note.value);
      store.setNote(IMPORTED_NOTE, true);
      const recorder = new Recorder({
        store,
        state: initialState(),
        keyframeEvents: note.value?.keyframeEvents ?? DEFAULT_KEYFRAME_EVENTS,
      });
      const released = this.#frame.name === "released" ? this.#uints("released", 2) : null;
      while (this.#frame.name === "program") this.#keepProgram();
      while (this.#frame.name === "group") this.#keepGroup(recorder);
      if (released !== null) this.#keepReleased(released, recorder.state.seq);
      this.#judgeEnd(recorder.state.seq);
      recorder.keyframe();
      return { events: recorder.state.seq, groups: this.#groups, programs: this.#programs.size };
    } finally {
      store.close();
      for (const name of readdirSync(this.#path)) syncPath(join(this.#path, name));
      syncPath(this.#path);
    }
  }

  #next(): void {
    this.#frame = this.#reader.frame();
  }

  #take(name: FrameName): Frame {
    if (this.#frame.name === name) return this.#frame;
    throw this.#refuse(0, `a ${name} was expected, not a ${this.#frame.name}`);
  }

  #refuse(within: number, what: string, advice?: string): Error {
    return this.#reader.refuse(this.#frame.offset + within, what, advice);
  }

  /** The numbers of a frame, and on to the next frame unless this is the last. */
  #uints(name: FrameName, count: number): readonly number[] {
    const reader = new ByteReader(this.#take(name).payload);
    try {
      const values = Array.from({ length: count }, () => reader.uint());
      if (reader.offset !== reader.end) reader.refuse("no more numbers");
      if (name === "released") this.#next();
      return values;
    } catch (error) {
      if (error instanceof MalformedBytes) throw this.#refuse(error.offset, error.message);
      throw error;
    }
  }

  #judgeHeader(): void {
    const { offset } = this.#frame;
    const [stream, group] = this.#uints("header", 2);
    if (stream === STREAM_VERSION && group === GROUP_VERSION) return this.#next();
    // What follows is not read: a newer version may have frames that this one does not know.
    const what = `it is of version ${stream}.${group}, and this Foldos reads ${STREAM_VERSION}.${GROUP_VERSION}`;
    throw this.#reader.refuse(offset, what, otherVersionAdvice(stream as number, STREAM_VERSION));
  }

  #keepProgram(): void {
    const { payload } = this.#frame;
    const sha = hex(payload.subarray(0, SHA_BYTES));
    const bytes = payload.subarray(SHA_BYTES);
    if (hex(sha256(bytes)) !== sha)
      throw this.#refuse(0, "a program that is not the one that it is said to be");
    if (this.#programs.has(sha)) throw this.#refuse(0, "a program for the second time");
    this.#programs.add(sha);
    writeFileSync(join(this.#path, `${sha}.wasm`), bytes);
    this.#next();
  }

  #keepGroup(recorder: Recorder): void {
    const judged = parsePortableGroup(this.#frame.payload, recorder);
    if (!judged.ok) throw this.#refuse(judged.error.offset, judged.error.what);
    const { group, record, bytes } = judged.value;
    try {
      recorder.appendGroup(group, record, bytes);
    } catch (error) {
      const isTheirs =
        error instanceof KernelBug || error instanceof TypeError || error instanceof RangeError;
      if (isTheirs) throw this.#refuse(0, `events that no machine can have had (${error.message})`);
      throw error;
    }
    this.#groups += 1;
    this.#next();
  }

  #keepReleased([seq = 0, done = 0]: readonly number[], end: number): void {
    if (seq > end) throw this.#refuse(0, `effects up to event ${seq} are said to be out, of ${end}`);
    writeReleased(this.#path, { seq, done });
  }

  #judgeEnd(seq: number): void {
    const { offset } = this.#frame;
    const [events, groups, programs] = this.#uints("end", 3);
    if (events !== seq || groups !== this.#groups || programs !== this.#programs.size) {
      throw this.#reader.refuse(
        offset,
        `an end after ${events} events in ${groups} groups, not ${seq} in ${this.#groups}`,
      );
    }
    this.#reader.end();
  }
}
