import { produce, produceWithPatches, type Patch, enablePatches } from "immer";
import { beginEpoch, type Own } from "../core/own.ts";
import { applyEvent } from "./kernel.ts";
import type { KernelEvent } from "./kernel-event.ts";
import type { KernelState } from "./kernel-state.ts";

/**
 * The state after one event: pure, by immer, the reference that the fast driver is held to (law P1). The state that goes in
 * stays as it is; the one that comes out is frozen.
 */
export const step = (state: KernelState, event: KernelEvent): KernelState =>
  produce(state, (draft) => applyEvent(draft as unknown as Own<KernelState>, event));

/** As `step`, with what changed as JSON patches (RFC 6902 operations, paths as arrays). */
export function stepWithPatches(
  state: KernelState,
  event: KernelEvent,
): readonly [KernelState, readonly Patch[]] {
  enablePatches();
  const [next, patches] = produceWithPatches(state, (draft) =>
    applyEvent(draft as unknown as Own<KernelState>, event),
  );
  return [next, patches];
}

/**
 * The fast driver: folds in place, copying a record at most once after each snapshot. A snapshot costs nothing: what was
 * written so far is left alone from then on.
 */
export class Fold {
  #state: Own<KernelState>;

  constructor(from: KernelState) {
    this.#state = beginEpoch(from);
  }

  /** The state as it is now, to look at until the next event. */
  get state(): KernelState {
    return this.#state as unknown as KernelState;
  }

  apply(event: KernelEvent): void {
    applyEvent(this.#state, event);
  }

  /** The state as it is now, to keep: nothing that comes later changes it. */
  snapshot(): KernelState {
    const kept = this.#state as unknown as KernelState;
    this.#state = beginEpoch(kept);
    return kept;
  }
}
