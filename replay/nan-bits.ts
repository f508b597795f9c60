import type { KernelState } from "../reducers/kernel-state.ts";
import type { RecordingStore } from "./recording-store.ts";

/** Whether NaNs have the same bits everywhere, or those that the processor gives them: another kind may give others. */
export type NanBits = "canonical" | "native";

/** What the programs of a recording saw. One that ran as it is had what the processor gave. */
export function nanBitsOf(store: RecordingStore, { scheduler }: KernelState): NanBits {
  const note = store.note("run") as { readonly nans?: NanBits } | null;
  return scheduler === undefined ? "native" : (note?.nans ?? "canonical");
}
