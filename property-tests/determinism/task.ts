/** What a campaign asks its workers for, and what they answer. Both cross processes as JSON. */
export interface Campaign {
  readonly seed: number;
  /** Where everything of the campaign stands. */
  readonly place: string;
}

export type Task =
  /** Make the recording that is the reference. */
  | { readonly kind: "record"; readonly number: number }
  /** Re-run its program over its log, on a thread of its own or on the worker's, and fold it. */
  | { readonly kind: "replay" | "replay-here"; readonly number: number }
  /** Record the same again with keyframes so many events apart, compare the logs, and replay the new one. */
  | { readonly kind: "record-again"; readonly number: number; readonly keyframeEvents: number }
  /** The hash of the reference's state before an event. */
  | { readonly kind: "hash-at"; readonly number: number; readonly seq: number };

export interface Answer {
  readonly events: number;
  /** The hash of the state at the end. */
  readonly hash: string;
  /** Where and how something was not as in the reference, as far as the worker could see it; null if nothing was. */
  readonly difference: string | null;
}

/** The message that a worker begins with, and those that follow. */
export type ToWorker = { readonly campaign: Campaign } | { readonly task: Task };
export type FromWorker = { readonly answer: Answer } | { readonly error: string };
