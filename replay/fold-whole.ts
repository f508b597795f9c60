import { StatePages } from "../core/state-pages.ts";
import { kernelInvariants } from "../reducers/kernel-invariants.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { GENESIS } from "./group.ts";
import { hex, sha256 } from "./hash.ts";
import { ImageVerifier } from "./image-verifier.ts";
import { soundEvents, soundGroup, verifyGroup } from "./log-reader.ts";
import { RecordingRefused } from "./recording-refused.ts";
import type { RecordingStore } from "./recording-store.ts";

interface Folded {
  readonly events: number;
  readonly keyframes: number;
  /** The hash of the state at the end, in hexadecimal. */
  readonly hash: string;
}

/**
 * Folds a recording from its first event on, and compares every group's hash and every keyframe's. At each keyframe, and at the
 * end, the kernel's invariants are checked (docs/decisions/0008): a log can be unharmed and still be of no machine. Of images it is
 * seen whether they are as they were written, not whether guests were so: that takes running them.
 */
export function foldWhole(store: RecordingStore, onProgress: (seq: number) => void): Folded {
  const fold = new Fold(initialState());
  const pages = new StatePages(sha256, null);
  const images = new ImageVerifier(store);
  let hash = GENESIS;
  let keyframes = 0;
  for (const record of store.groupsFrom(0)) {
    const group = soundGroup(store, record);
    verifyGroup(store, group, hash, fold.state.seq);
    hash = group.hash.slice() as typeof hash;
    for (const event of soundEvents(store, group)) fold.apply(event);
    const { seq } = fold.state;
    const keyframe = store.keyframeAt(seq);
    if (keyframe?.seq === seq) {
      if (Buffer.compare(pages.write(fold.snapshot()), keyframe.address) !== 0) {
        throw new RecordingRefused(
          store.path,
          `the keyframe at event ${seq} is of another state`,
          "it was changed, or a version of Foldos folds otherwise",
        );
      }
      refuseBroken(store, fold.state);
      images.look(keyframe);
      keyframes += 1;
    }
    onProgress(seq);
  }
  refuseBroken(store, fold.state);
  images.judge();
  return { events: fold.state.seq, keyframes, hash: hex(pages.write(fold.snapshot())) };
}

/** Refuses a state that no machine comes to, by the invariant that it breaks. */
function refuseBroken(store: RecordingStore, state: KernelState): void {
  const broken = Object.entries(kernelInvariants).find(([, holds]) => !holds(state));
  if (broken === undefined) return;
  throw new RecordingRefused(
    store.path,
    `the state at event ${state.seq} breaks the invariant ${broken[0]}`,
    "no machine comes to it: the log was made by hand, or a version of Foldos has a bug; please report it",
  );
}
