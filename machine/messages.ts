/** What the two threads of a machine say to each other besides the log. */
import type { RunnableGuest } from "./program.ts";
import type { ProgramSpec } from "./boot.ts";
import type { MachineSpec } from "./machine-spec.ts";
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
  | { readonly kind: "ended"; readonly seq: number; readonly outcome: ThreadOutcome };

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

/** What the kernel's thread begins with. */
export type ThreadData = {
  readonly path: string;
  readonly shared: SharedMemory;
  readonly guest: RunnableGuest;
  readonly everyEventDurable: boolean;
  readonly devices: DeviceOptions;
} & (
  | { readonly mode: "run"; readonly boot: BootSpec }
  /** Re-runs the guest over the log; goes on live behind its end. */
  | { readonly mode: "resume"; readonly machine: MachineSpec | null }
  /** Re-runs the guest over the log and compares. */
  | { readonly mode: "replay" }
);
