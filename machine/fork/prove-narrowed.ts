/** Proves that a machine does with fewer grants what it did: it is run again under them, with all that was recorded from outside. */
import { KernelBug } from "../../core/assert.ts";
import { endOf } from "../../replay/log-reader.ts";
import type { RecordingStore } from "../../replay/recording-store.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import type { MachineSpec } from "../machine-spec.ts";
import type { ThreadData } from "../messages.ts";
import { preparationOf } from "../preparation-of.ts";
import { guestOf } from "../programs-of.ts";
import { recordedPrograms } from "../recorded-programs.ts";
import { newSharedMemory } from "../shared-control.ts";
import type { ProofResult } from "./fork-spec.ts";
import { runFork } from "./run-fork.ts";

const SECONDS = 60;

/** Throws RecordingRefused where its programs cannot run, or have not come to an end in time. */
export async function proveNarrowed(
  store: RecordingStore,
  machine: MachineSpec,
  seconds = SECONDS,
): Promise<ProofResult> {
  const state = new StateLoader(store).stateAt(endOf(store).seq);
  const preparation = preparationOf(store, state);
  // A machine takes turns, also of a program that ran by itself.
  const turns = preparation.kind === "turns" ? preparation : ({ kind: "turns", nans: "canonical" } as const);
  const programs = await recordedPrograms(store, state, turns);
  const data: ThreadData = {
    mode: "prove",
    fork: { event: -1, capability: 0, isAlone: false, most: 0 },
    boot: { kind: "machine", machine },
    path: store.path,
    shared: newSharedMemory(),
    guest: guestOf(programs),
    everyEventDurable: false,
    devices: { clock: "virtual", seed: 0, nameSeed: 0 },
    images: { everyEvents: 0, mebibytes: 0 },
  };
  const { proof } = await runFork(data, seconds);
  if (proof === null) throw new KernelBug(`the narrowed machine of ${store.path} came to no end`);
  return proof;
}
