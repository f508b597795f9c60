/**
 * What stands outside the machine and tells it something. A device answers with facts; bytes that a fact names come with it.
 * Each has a host side and a pure model, and the machine cannot tell which it has.
 */
import type { KernelFact } from "../reducers/kernel-event.ts";
import type { Demand } from "../reducers/decide/decision.ts";
import type { KernelState } from "../reducers/kernel-state.ts";

/** Kernel time. */
export interface ClockDevice {
  readonly kind: "host" | "virtual";
  /** Whole microseconds since the machine was first booted; never less than before. */
  now(): number;
  /** Microseconds since 1970-01-01T00:00Z. */
  wall(): number;
}

export interface EntropyDevice {
  fill(bytes: Uint8Array): void;
}

/** A fact from outside; one that names bytes leaves `position` to the machine, which puts them at the stream's head. */
export interface DeviceFact {
  readonly fact: KernelFact;
  readonly bytes: Uint8Array | null;
}

/** Directories of the host: answers what the kernel does not know yet. */
export interface DirectoryDevice {
  answer(state: KernelState, demand: Demand): readonly DeviceFact[];
}

/** What the console brings: bytes, the end of input, or nothing yet. */
export type ConsoleInput =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "ended" }
  | null;

export interface ConsoleDevice {
  /** What has arrived and was not taken yet. */
  take(): ConsoleInput;
  /** What became of the streams and was not told yet: that nobody reads an output any more. */
  news(): readonly KernelFact[];
}
