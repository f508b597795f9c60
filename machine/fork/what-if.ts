/** What would have happened, had a capability been revoked at a moment of a recording (law G3). The recording stays as it is. */
import { KernelBug } from "../../core/assert.ts";
import { endOf } from "../../replay/log-reader.ts";
import type { RecordingStore } from "../../replay/recording-store.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import { GroupReader } from "../../replay/group-reader.ts";
import { RecordedEvents } from "../../replay/authority/recorded-events.ts";
import { lastImage } from "../last-image.ts";
import type { ThreadData } from "../messages.ts";
import { preparationOf } from "../preparation-of.ts";
import { guestOf } from "../programs-of.ts";
import { recordedPrograms } from "../recorded-programs.ts";
import type { RunNote } from "../run-machine.ts";
import { newSharedMemory } from "../shared-control.ts";
import type { ForkResult, ForkSpec } from "./fork-spec.ts";
import { runFork } from "./run-fork.ts";
import { settledMoment } from "./settled-moment.ts";

export interface WhatIf {
  /** The machine after this event. */
  readonly event: number;
  readonly capability: number;
  /** Effects that are told at most. */
  readonly most?: number;
  /** Seconds after which a fork that still runs is ended. */
  readonly seconds?: number;
}

const MOST = 100;
const SECONDS = 60;

/** Forks a recording. Throws RecordingRefused where its programs cannot run, or nobody holds the capability then. */
export async function whatIf(store: RecordingStore, asked: WhatIf): Promise<ForkResult> {
  const state = new StateLoader(store).stateAt(endOf(store).seq);
  const preparation = preparationOf(store, state);
  const programs = await recordedPrograms(store, state, preparation);
  const isAlone = preparation.kind === "alone";
  const recorded = new RecordedEvents(new GroupReader(store));
  const event = settledMoment(asked.event, (seq) => recorded.eventAt(seq));
  const image = isAlone ? null : lastImage(store, event + 1, { programs, onBadImage: () => {} });
  const note = store.note("run") as RunNote | null;
  const fork: ForkSpec = { event, capability: asked.capability, isAlone, most: asked.most ?? MOST };
  const data: ThreadData = {
    mode: "fork",
    fork,
    machine: note?.machine ?? null,
    imageSeq: image?.seq ?? null,
    path: store.path,
    shared: newSharedMemory(),
    guest: guestOf(programs),
    everyEventDurable: false,
    devices: { clock: "virtual", seed: 0, nameSeed: 0 },
    images: { everyEvents: 0, mebibytes: 0 },
  };
  const { result } = await runFork(data, asked.seconds ?? SECONDS);
  if (result === null) throw new KernelBug(`a fork of ${store.path} after event ${event} came to no end`);
  return result;
}
