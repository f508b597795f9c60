import { KernelBug } from "../core/assert.ts";
import { endOf } from "../replay/log-reader.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import type { RecordingStore } from "../replay/recording-store.ts";
import { StateLoader } from "../replay/state-loader.ts";
import { preparationOf } from "./preparation-of.ts";
import { lastImage } from "./last-image.ts";
import type { GuestAsk, GuestLook } from "./messages.ts";
import { recordedPrograms } from "./recorded-programs.ts";
import { replayMachine } from "./replay-machine.ts";

/** What somebody wants to know of guests at a moment of their recording. */
export interface GuestQuestion {
  /** The machine after this event; -1: before the first. */
  readonly event: number;
  /** Ticks that the guest which runs has used since then. */
  readonly ticks: number;
  readonly asks: readonly GuestAsk[];
  readonly onProgress?: (seq: number) => void;
}

/**
 * Runs the guests of a recording again, from the nearest image up to a moment, and looks into them. Throws RecordingRefused where
 * their programs cannot run, or do something else than was recorded.
 */
export async function lookAtGuests(store: RecordingStore, question: GuestQuestion): Promise<GuestLook> {
  const state = new StateLoader(store).stateAt(endOf(store).seq);
  const recorded = preparationOf(store, state);
  const isAlone = recorded.kind === "alone";
  // A program that ran as it is had NaNs as the processor makes them.
  const programs = await recordedPrograms(
    store,
    state,
    isAlone ? { kind: "turns", nans: "native" } : recorded,
  );
  const image = isAlone ? null : lastImage(store, question.event + 1, { programs, onBadImage: () => {} });
  const { event, ticks, asks } = question;
  const { outcome, look } = await replayMachine({
    recording: store.path,
    programs,
    onProgress: question.onProgress ?? (() => {}),
    look: { event, ticks, asks, isAlone, imageSeq: image?.seq ?? null },
  });
  switch (outcome.kind) {
    case "done":
      return look as GuestLook;
    case "diverged":
      throw new RecordingRefused(
        store.path,
        `its guests do something else at event ${outcome.divergence.seq} than was recorded (${outcome.divergence.got})`,
        "`foldos replay` shows more",
      );
    case "refused":
      throw new RecordingRefused(outcome.path, outcome.what, outcome.advice);
    case "bug":
      throw new KernelBug(`at event ${outcome.seq} of ${store.path}: ${outcome.message}`);
  }
}
