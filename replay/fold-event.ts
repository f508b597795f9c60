import { KernelBug } from "../core/assert.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { Fold } from "../reducers/step.ts";

/** Folds an event of a recording; a promise of ours that breaks on the way is told with the place where it broke. */
export function foldEvent(fold: Fold, event: KernelEvent, recording: string): void {
  try {
    fold.apply(event);
  } catch (error) {
    if (!(error instanceof KernelBug)) throw error;
    throw new KernelBug(`at event ${event.seq} of ${recording}: ${error.message}`);
  }
}
