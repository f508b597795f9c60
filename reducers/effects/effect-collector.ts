import { get } from "../../core/table.ts";
import type { KernelEvent } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import type { Effect } from "./effect.ts";
import { effectOf } from "./effect-of.ts";

type Growing = Extract<Effect, { kind: "write" | "print" }>;
type Written = Extract<KernelEvent, { type: "file/written" | "file/written-at" }>;

/**
 * Collects the effects of events as they are folded; writes and prints that go on where the last one ended become one with it.
 * Where it begins, and which bytes it begins with, does not depend on how many follow.
 */
export class EffectCollector {
  readonly effects: Effect[] = [];
  /** The effect that was collected last, if it is one that may go on. */
  #open: (Growing & { length: number; endSeq: number }) | null = null;

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
      case "console/written":
        if (this.#open?.kind === "print" && this.#open.stream === event.stream && this.#grows(event)) return;
        break;
      default:
        break;
    }
    const effect = effectOf(state, event);
    if (effect === null) return;
    this.#open = effect.kind === "write" || effect.kind === "print" ? { ...effect } : null;
    this.effects.push(this.#open ?? effect);
  }

  #goesOn(state: KernelState, event: Written): boolean {
    const open = this.#open;
    if (open?.kind !== "write" || event.offset !== open.offset + open.length) return false;
    return get(state.files.opens, event.open).inode === open.inode && this.#grows(event);
  }

  /** Takes an event's bytes into the open effect, if they stand behind its own. */
  #grows(event: { readonly seq: number; readonly position: number; readonly length: number }): boolean {
    const open = this.#open;
    if (open === null || event.position !== open.position + open.length) return false;
    open.length += event.length;
    open.endSeq = event.seq + 1;
    return true;
  }
}
