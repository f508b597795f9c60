import { descriptorCalls } from "./descriptor-calls.ts";
import { pathCalls } from "./path-calls.ts";
import { pollCalls } from "./poll-call.ts";
import { processCalls } from "./process-calls.ts";
import { transferCalls } from "./transfer-calls.ts";
import type { WasiCall, WasiCalls } from "./wasi-call.ts";

/** All 46 functions of WASI preview 1, by name. */
export const wasiCalls: WasiCalls = {
  ...descriptorCalls,
  ...transferCalls,
  ...pathCalls,
  ...pollCalls,
  ...processCalls,
};

/** The functions in the order of their numbers in recordings: that of their names. */
export const wasiNames: readonly string[] = Object.keys(wasiCalls).sort();

/** A function's number, as recordings have it in refusals. */
export const wasiNumber = (name: string): number => wasiNames.indexOf(name);

export const wasiCallAt = (number: number): WasiCall => wasiCalls[wasiNames[number] as string] as WasiCall;

export const WASI_MODULE = "wasi_snapshot_preview1";
