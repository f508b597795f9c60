import type { KernelEvent } from "../../reducers/kernel-event.ts";

/** What a fork may have otherwise: its place in the log and in time, and what named it. */
const envelope: ReadonlySet<string> = new Set(["seq", "at", "cause", "by"]);
/** A guest that is alone waits from a moment on that the log does not say to the microsecond. */
const isOfTime = (type: string, key: string): boolean => type === "process/blocked" && key === "until";

/**
 * Whether an event of a fork is the recorded one. Ids of capabilities are seqs: those made behind the moment of the fork are higher in
 * the fork by the number of events that were inserted there.
 */
export function isSameEvent(
  forked: KernelEvent,
  recorded: KernelEvent,
  { from, shift }: { readonly from: number; readonly shift: number },
): boolean {
  if (forked.type !== recorded.type) return false;
  const inFork = (id: number): number => (id > from ? id + shift : id);
  if ("by" in recorded && (forked as typeof recorded).by !== inFork(recorded.by)) return false;
  // What was taken from a slot leaves a void there, which its holder closes as it would have closed what was there.
  if (
    forked.type === "capability/closed" &&
    recorded.type === "capability/closed" &&
    forked.object === "void"
  )
    return forked.pid === recorded.pid && forked.slot === recorded.slot;
  const mine = forked as unknown as Record<string, unknown>;
  return Object.entries(recorded).every(
    ([key, value]) => envelope.has(key) || isOfTime(recorded.type, key) || isSame(mine[key], value),
  );
}

function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((each, index) => each === other[index]);
}
