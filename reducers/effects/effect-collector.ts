import { get } from "../../core/table.ts";
import type { KernelEvent } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import type { Effect } from "./effect.ts";
import { effectOf } from "./effect-of.ts";

type WriteEffect = Extract<Effect, { kind: "write" }>;

/** Collects the effects of events as they are folded; writes that go on where the last one ended become one with it. */
export class EffectCollector {
  readonly effects: Effect[] = [];
  /** The effect that was collected last, if it is a write that may go on. */
  #open: { -readonly [Key in keyof WriteEffect]: WriteEffect[Key] } | null = null;

  /** Takes an event, with the state after it. */
  take(state: KernelState, event: KernelEvent): void {
    switch (event.type) {
      case "file/read":
      case "file/read-at":
      case "clock/read":
      case "file/seeked":
        return;
      case "file/written":
      case "file/written-at":
        if (this.#goesOn(state, event)) return;
        break;
      default:
        break;
    }
    const effect = effectOf(state, event);
    if (effect === null) return;
    this.#open = effect.kind === "write" ? { ...effect } : null;
    this.effects.push(this.#open ?? effect);
  }

  #goesOn(
    state: KernelState,
    event: Extract<KernelEvent, { type: "file/written" | "file/written-at" }>,
  ): boolean {
    const open = this.#open;
    if (open === null || event.offset !== open.offset + open.length) return false;
    if (
      event.position !== open.position + open.length ||
      get(state.files.opens, event.open).inode !== open.inode
    )
      return false;
    open.length += event.length;
    open.endSeq = event.seq + 1;
    return true;
  }
}
