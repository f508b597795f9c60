import { TRANSFORM_VERSION } from "../guests/transform/layout.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { nanBitsOf } from "../replay/nan-bits.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import type { RecordingStore } from "../replay/recording-store.ts";
import type { Preparation } from "./program.ts";

/** How the programs of a recording are made ready to run. Refuses one whose ticks this Foldos does not count the same. */
export function preparationOf(store: RecordingStore, state: KernelState): Preparation {
  const { scheduler } = state;
  if (scheduler === undefined) return { kind: "alone" };
  if (scheduler.transform === TRANSFORM_VERSION) return { kind: "turns", nans: nanBitsOf(store, state) };
  throw new RecordingRefused(
    store.path,
    `its programs were prepared by version ${scheduler.transform} of the transform, and this Foldos has version ${TRANSFORM_VERSION}`,
    "look at it with log, show and `replay --fold-only`, or use the Foldos that made it",
  );
}
