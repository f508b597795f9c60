/** All that is public of Foldos: the pure kernel, recordings, and the machine that makes and replays them. docs/library.md shows each name. */
export { type Decision } from "../reducers/decide/decision.ts";
export { decide } from "../reducers/decide/decide.ts";
export type { Request } from "../reducers/decide/request.ts";
export type { KernelEvent, KernelFact } from "../reducers/kernel-event.ts";
export { initialState, type KernelState } from "../reducers/kernel-state.ts";
export { step, stepWithPatches } from "../reducers/step.ts";
export { importRecording } from "../replay/import-recording.ts";
export { openRecording, type Recording } from "../replay/recording.ts";
export type { RecordingInfo } from "../replay/recording-info.ts";
export { RecordingRefused } from "../replay/recording-refused.ts";
export type { Difference } from "../replay/state-diff.ts";
export { type GuestStack, readMemory, readStack } from "./read-guest.ts";
export { record, type RecordOptions, type RecordResult } from "./record.ts";
export { replay, type ReplayOutcome } from "./replay.ts";
