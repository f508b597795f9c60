/**
 * The data file of a recording as the disk has it behind each commit. They are made by committing the groups of a finished
 * recording once more, one by one, into a store of their own: the same code, the same transactions, the same pages.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { initialState } from "../../reducers/kernel-state.ts";
import { foldWhole } from "../../replay/fold-whole.ts";
import { soundGroup, streamOf } from "../../replay/log-reader.ts";
import { Recorder } from "../../replay/recorder.ts";
import { RecordingRefused } from "../../replay/recording-refused.ts";
import { RecordingStore } from "../../replay/recording-store.ts";

/** So many events lie between keyframes, so that a small recording has several. */
const KEYFRAME_EVENTS = 40;

export interface CommitImage {
  readonly bytes: Buffer;
  /** Events that are durable by this commit. */
  readonly events: number;
}

export interface CommitImages {
  /** The first is that of a store in which nothing has happened, the last that of the whole recording. */
  readonly images: readonly CommitImage[];
  /** The hash of the state, by the seq that a log ends with. */
  readonly hashes: ReadonlyMap<number, string>;
}

/** Commits the groups of a recording again, into a new store at `scratch`. */
export function commitImages(recording: string, scratch: string): CommitImages {
  const source = RecordingStore.open(recording, { write: false });
  const store = RecordingStore.create(scratch, "group");
  const images: CommitImage[] = [];
  const hashes = new Map<number, string>();
  const recorder = new Recorder({ store, state: initialState(), keyframeEvents: KEYFRAME_EVENTS });
  const take = (): void => {
    const events = recorder.state.seq;
    images.push({ bytes: readFileSync(join(scratch, "data.mdb")), events });
    store.refresh();
    hashes.set(events, foldWhole(store, () => {}).hash);
  };
  try {
    store.setNote("run", { ...(source.note("run") as object), keyframeEvents: KEYFRAME_EVENTS });
    take();
    for (const record of source.groupsFrom(0)) {
      const group = soundGroup(source, record);
      recorder.appendGroup(group, record, Buffer.concat([...streamOf(source, group)]));
      take();
    }
    recorder.keyframe();
    take();
    return { images, hashes };
  } finally {
    source.close();
    store.close();
  }
}

/** What reading a data file comes to. */
export type Verdict =
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "sound"; readonly events: number; readonly hash: string };

/** Opens what lies at a path and folds all of it, every hash compared. */
export function verdictOn(recording: string): Verdict {
  try {
    const store = RecordingStore.open(recording, { write: false, thorough: true });
    try {
      return { kind: "sound", ...foldWhole(store, () => {}) };
    } finally {
      store.close();
    }
  } catch (error) {
    if (error instanceof RecordingRefused) return { kind: "refused", why: error.message };
    throw error;
  }
}
