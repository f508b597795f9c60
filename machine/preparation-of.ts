import { TRANSFORM_VERSION } from "../guests/transform/layout.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import type { RecordingStore } from "../replay/recording-store.ts";
import type { Preparation } from "./program.ts";
import type { RunNote } from "./run-machine.ts";

/** How the programs of a recording are made ready to run. Refuses one whose ticks this Foldos does not count the same. */
export function preparationOf(store: RecordingStore, { scheduler }: KernelState): Preparation {
  if (scheduler === undefined) return { kind: "alone" };
  if (scheduler.transform === TRANSFORM_VERSION) {
    const note = store.note("run") as RunNote | null;
    return { kind: "turns", nans: note?.nans ?? "canonical" };
  }
  throw new RecordingRefused(
    store.path,
    `its programs were prepared by version ${scheduler.transform} of the transform, and this Foldos has version ${TRANSFORM_VERSION}`,
    "look at it with log, show and `replay --fold-only`, or use the Foldos that made it",
  );
}
