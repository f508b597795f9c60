import { TRANSFORM_VERSION } from "../guests/transform/layout.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import type { RunnableGuest } from "./program.ts";

/** How the guests of a recording run. Refuses one whose ticks this Foldos does not count the same. */
export function kindOfGuest(recording: string, { scheduler }: KernelState): RunnableGuest["kind"] {
  if (scheduler === undefined) return "alone";
  if (scheduler.transform === TRANSFORM_VERSION) return "turns";
  throw new RecordingRefused(
    recording,
    `its programs were prepared by version ${scheduler.transform} of the transform, and this Foldos has version ${TRANSFORM_VERSION}`,
    "look at it with log, show and `replay --fold-only`, or use the Foldos that made it",
  );
}
