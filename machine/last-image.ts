import { peek } from "../core/table.ts";
import { judgeImage } from "../guests/suspendable/judge-image.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { ImageRefused } from "../replay/image-nodes.ts";
import { ImageReader, type ReadGuest } from "../replay/image-reader.ts";
import { hashBefore } from "../replay/log-reader.ts";
import type { GuestNodes } from "../replay/machine-image.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import type { StoredKeyframe } from "../replay/keyframe-record.ts";
import type { RecordingStore } from "../replay/recording-store.ts";
import { StateLoader } from "../replay/state-loader.ts";
import type { Program, TurnGuest } from "./program.ts";

interface ImageSearch {
  readonly programs: readonly Program[];
  /** Told of each image that could not be used, and why. */
  readonly onBadImage: (seq: number, why: string) => void;
}

interface FoundImage {
  readonly seq: number;
  /** By pid, the nodes of each guest. */
  readonly nodes: ReadonlyMap<number, GuestNodes>;
}

/** The last image at or before a seq that guests can go on from; null if there is none. */
export function lastImage(store: RecordingStore, seq: number, search: ImageSearch): FoundImage | null {
  const guests = search.programs.flatMap(({ guest }) => (guest.kind === "turns" ? guest.guests : []));
  if (guests.length === 0) return null;
  for (const keyframe of store.imagesBefore(seq)) {
    try {
      const image = soundImage(store, keyframe, guests);
      return { seq: keyframe.seq, nodes: new Map([...image].map(([pid, { nodes }]) => [pid, nodes])) };
    } catch (error) {
      if (!(error instanceof ImageRefused) && !(error instanceof RecordingRefused)) throw error;
      search.onBadImage(keyframe.seq, error instanceof RecordingRefused ? error.what : error.message);
    }
  }
  return null;
}

/** The guests of an image. Throws ImageRefused or RecordingRefused if it, or the keyframe that it belongs to, is not sound. */
function soundImage(
  store: RecordingStore,
  keyframe: StoredKeyframe,
  guests: readonly TurnGuest[],
): ReadonlyMap<number, ReadGuest> {
  const { seq } = keyframe;
  const state = new StateLoader(store).keyframeState(seq);
  hashBefore(store, seq);
  const image = new ImageReader(store).read(keyframe);
  for (const [pid, { image: guest }] of image) judgeGuest(state, pid, { guest, guests });
  const running = state.scheduler?.running ?? 0;
  if (running !== 0 && !image.has(running))
    throw new ImageRefused(`process ${running}, which runs, is not in it`);
  return image;
}

interface Judged {
  readonly guest: ReadGuest["image"];
  readonly guests: readonly TurnGuest[];
}

function judgeGuest({ processes, scheduler }: KernelState, pid: number, { guest, guests }: Judged): void {
  const row = peek(processes.rows, pid);
  const task = scheduler === undefined ? null : peek(scheduler.tasks, pid);
  const made = guests.find(({ sha, memoryPages }) => sha === row?.program && memoryPages === row.memoryPages);
  if (row === null || task === null || made === undefined)
    throw new ImageRefused(`it has process ${pid}, which does not live`);
  const why = judgeImage(guest.image, made.transformed.layout);
  if (why !== null) throw new ImageRefused(`process ${pid}: ${why}`);
  // The kernel counted its turns, and heard that it waits: it was told so by the guest that the image is of.
  const ticks = task.status === "running" ? guest.begunAt : guest.image.ticksUsed;
  if (ticks !== task.ticks)
    throw new ImageRefused(`process ${pid} has used ${ticks} ticks in it, and ${task.ticks} were counted`);
  if (task.status === "waiting" && guest.image.status !== "waiting")
    throw new ImageRefused(`process ${pid}, which waits, does not wait in it`);
}
