/** What the two threads of a machine say to each other besides the log. */
import type { StackFrame } from "../guests/suspendable-guest.ts";
import type { RunnableGuest } from "./program.ts";
import type { ProgramSpec } from "./boot.ts";
import type { MachineSpec } from "./machine-spec.ts";
import type { ForkResult, ForkSpec, ProofResult } from "./fork/fork-spec.ts";
import type { SharedMemory } from "./shared-control.ts";
import type { Standing } from "../reducers/decide/standstill.ts";
import type { Divergence } from "../replay/replay-kernel.ts";

/** News for the kernel's thread. */
export type KernelNews =
  | { readonly kind: "stop"; readonly signal: string; readonly code: number }
  | { readonly kind: "input"; readonly bytes: Uint8Array }
  | { readonly kind: "input-ended" }
  | { readonly kind: "output-closed"; readonly stream: number }
  | { readonly kind: "effect-failed"; readonly inode: number; readonly errno: number; readonly seq: number };

/** From the kernel's thread. */
export type KernelReport =
  | { readonly kind: "wake" }
  | { readonly kind: "want-input" }
  | { readonly kind: "live" }
  | { readonly kind: "stands-still"; readonly standing: readonly Standing[] }
  | {
      readonly kind: "ended";
      readonly seq: number;
      readonly outcome: ThreadOutcome;
      /** What was seen, where that is what the thread was for. */
      readonly look: GuestLook | null;
      readonly fork: ForkResult | null;
      readonly proof: ProofResult | null;
    }
  /** A fork has come to differ from its recording: what is known by now, should it go on for ever. */
  | { readonly kind: "forked"; readonly fork: ForkResult };

/** How a machine's thread ended; `refused` is what a RecordingRefused said. */
export type ThreadOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "diverged"; readonly divergence: Divergence }
  | {
      readonly kind: "refused";
      readonly path: string;
      readonly what: string;
      readonly advice: string;
    }
  | { readonly kind: "bug"; readonly message: string; readonly seq: number };

export interface DeviceOptions {
  readonly clock: "host" | "virtual";
  /** Random bytes follow from it; null for the host's. */
  readonly seed: number | null;
  readonly nameSeed: number;
}

/** What a machine begins as: one program, or several as a machine file has them. */
export type BootSpec =
  | { readonly kind: "program"; readonly program: ProgramSpec }
  | { readonly kind: "machine"; readonly machine: MachineSpec };

/** How often images of guests are taken that take turns. */
export interface ImageSettings {
  /** Events after which one is due. */
  readonly everyEvents: number;
  /** MiB of changed pages a minute at most; 0: no images. */
  readonly mebibytes: number;
}

/** What the kernel's thread begins with. */
export type ThreadData = {
  readonly path: string;
  readonly shared: SharedMemory;
  readonly guest: RunnableGuest;
  readonly everyEventDurable: boolean;
  readonly devices: DeviceOptions;
  readonly images: ImageSettings;
} & (
  | { readonly mode: "run"; readonly boot: BootSpec }
  /** Re-runs the guest over the log; goes on live behind its end. */
  | {
      readonly mode: "resume";
      readonly machine: MachineSpec | null;
      /** The seq of the image that guests begin from; null if they begin anew. */
      readonly imageSeq: number | null;
    }
  /** Re-runs the guest over the log and compares. */
  | { readonly mode: "replay" }
  /** Re-runs the guests from an image up to a moment, and looks into them. */
  | ({ readonly mode: "look"; readonly imageSeq: number | null } & LookSpec)
  /** Re-runs the guests up to a moment, and lets them live from there on, in memory alone. */
  | {
      readonly mode: "fork";
      readonly fork: ForkSpec;
      readonly machine: MachineSpec | null;
      readonly imageSeq: number | null;
    }
  /** Runs the guests from the beginning, booted otherwise, and compares what they are answered with what was recorded. */
  | { readonly mode: "prove"; readonly fork: ForkSpec; readonly boot: BootSpec }
);

/** A moment within a guest's run, and what is asked about guests then. */
export interface LookSpec {
  /** The machine after this event; -1: before the first. */
  readonly event: number;
  /** Ticks that the guest which runs has used since then. */
  readonly ticks: number;
  /** Whether the machine has one guest that was alone. */
  readonly isAlone: boolean;
  readonly asks: readonly GuestAsk[];
}

export type GuestAsk =
  | {
      readonly kind: "memory";
      readonly pid: number;
      readonly address: number;
      readonly length: number;
    }
  | { readonly kind: "stack"; readonly pid: number };

export type GuestAnswer =
  | { readonly kind: "memory"; readonly bytes: Uint8Array }
  | {
      readonly kind: "stack";
      /** The function that it has called and waits for; null if none. */
      readonly call: string | null;
      readonly frames: readonly StackFrame[];
    }
  | { readonly kind: "refused"; readonly why: string };

export interface GuestLook {
  /** The guest that runs then; 0 if none does. */
  readonly pid: number;
  /** Ticks where it can be stopped: those that were asked for, or a few more. */
  readonly ticks: number;
  readonly answers: readonly GuestAnswer[];
}
