/** What a replay takes events for. */
import type { KernelEvent } from "../reducers/kernel-event.ts";

/** Whether a call has ended its guest. */
export const endsGuest = (event: KernelEvent): boolean =>
  event.type === "process/exited" || event.type === "process/killed";

/** Whether a turn of a process ends here. */
export const isTurnOf = (event: KernelEvent, pid: number): boolean =>
  event.type === "process/scheduled" ||
  (event.pid === pid && (event.type === "process/suspended" || event.type === "process/preempted"));

/** Whether an event may stand behind the answer to a call, or the end of a turn, that brought it about. */
export const isConsequence = ({ type }: KernelEvent): boolean =>
  type === "process/woken" || type === "capability/closed";

/** Whether a guest has run when this stands in the log. */
export const endsRest = (event: KernelEvent): boolean =>
  event.call >= 0 ||
  event.type === "process/scheduled" ||
  event.type === "process/preempted" ||
  event.type === "process/suspended" ||
  isNaturalEnd(event);

/** Whether a process came to its end on its own, outside of any call. */
export const isNaturalEnd = (
  event: KernelEvent,
): event is Extract<KernelEvent, { type: "process/exited" | "process/trapped" }> =>
  event.call < 0 && (event.type === "process/exited" || event.type === "process/trapped");
