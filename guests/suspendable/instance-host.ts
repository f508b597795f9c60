import type { PendingCall, Values } from "./process-image.ts";

/** What a call to the outside answers when its caller has to wait. */
export const SUSPEND: unique symbol = Symbol("suspend");

/** Who answers the calls of a process. What it throws ends the process, which cannot catch it. */
export interface InstanceHost {
  readonly call: (index: number, args: readonly (number | bigint)[]) => Values | typeof SUSPEND;
  /** Ticks are used up: more of them, or 0 to have the process written down. */
  readonly refill?: () => number;
}

export type RunEnd =
  | { readonly kind: "returned"; readonly values: Values }
  /** Its ticks are used up. */
  | { readonly kind: "preempted" }
  /** It waits for the answer of this call: see answer. */
  | { readonly kind: "waiting"; readonly call: PendingCall }
  | { readonly kind: "trapped"; readonly error: unknown; readonly isStackExhausted: boolean };

/** What runs one after another: the module's start function, if it has one, and what the process is for. */
export interface Entry {
  readonly name: string;
  readonly args: readonly (number | bigint)[];
}
