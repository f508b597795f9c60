/**
 * The last moment at which somebody held something: told to whoever asks of a moment at which nobody does, as the end of a recording is.
 * It is found from that moment backwards, among the events by which authority ends.
 */
import { kernelEvents, type KernelEvent } from "../../reducers/kernel-event.ts";
import { removedOf } from "../../reducers/capabilities/capability-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { rowsOf } from "../../core/table.ts";
import { eventsOfGroup } from "../events-of-group.ts";
import { GuestPaths } from "../guest-paths.ts";
import { groupsWith } from "../index-notes.ts";
import type { Timeline } from "../timeline.ts";
import { AuthorityView } from "./authority-view.ts";
import { pidOf } from "./holder.ts";
import type { ObjectRef } from "./object-ref.ts";

const losses: ReadonlySet<KernelEvent["type"]> = new Set([
  "process/exited",
  "process/trapped",
  "process/killed",
  "capability/closed",
  "capability/removed",
]);
const tags = [...losses].map((type) => kernelEvents[type].tag);

/** Moments that are looked at: each costs a walk over all that is held then. */
const MOST_LOOKED = 64;

/** Whether some process has not ended. */
export const isAnyAlive = ({ processes }: KernelState): boolean =>
  [...rowsOf(processes.rows)].some(([, { exitCode }]) => exitCode === -1);

/** What is asked for: held by a process, or of an object; null for any. */
export interface HeldWanted {
  readonly pid: number | null;
  readonly object: ObjectRef | null;
}

/** The last moment, up to one, at which a process held what is asked for; null if none is near. */
export function lastHeld(timeline: Timeline, moment: number, wanted: HeldWanted): number | null {
  const paths = GuestPaths.of(timeline.groups);
  let looked = 0;
  for (const event of backwards(timeline, moment)) {
    if (!mayEnd(event, wanted)) continue;
    if ((looked += 1) > MOST_LOOKED) return null;
    const before = event.seq - 1;
    if (isHeld(new AuthorityView(timeline.stateAt(before), paths), wanted)) return before;
  }
  return null;
}

function isHeld(view: AuthorityView, { pid, object }: HeldWanted): boolean {
  const rows = object === null ? view.rows : view.heldTo(object);
  return rows.some(({ holder, capability }) => {
    const owner = pidOf(holder);
    return capability.object !== "void" && owner !== null && (pid === null || owner === pid);
  });
}

/** Whether an event may take away what is asked for. */
function mayEnd(event: KernelEvent, { pid, object }: HeldWanted): boolean {
  if (event.type === "capability/removed")
    return object === null || [...removedOf(event)].some(([each]) => isOfKind(each, object));
  if (pid !== null && event.pid !== pid) return false;
  return event.type !== "capability/closed" || object === null || isOfKind(event.object, object);
}

const isOfKind = (kind: string, wanted: ObjectRef): boolean =>
  kind === wanted.kind || (wanted.kind === "pipe" && kind.startsWith("pipe-"));

/** Events by which authority ends up to a moment, the last one first. */
function* backwards(timeline: Timeline, moment: number): Generator<KernelEvent> {
  const groups = [...groupsWith(timeline.store, "type", tags, 0)].filter((first) => first <= moment);
  for (const first of groups.reverse())
    for (const event of eventsOfGroup(timeline.groups, first, moment).reverse())
      if (losses.has(event.type)) yield event;
}
