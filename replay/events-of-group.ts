import type { KernelEvent } from "../reducers/kernel-event.ts";
import { EventFeed } from "./event-feed.ts";
import type { GroupReader } from "./group-reader.ts";

/** The events of the group that begins at a seq, up to a moment. */
export function eventsOfGroup(groups: GroupReader, first: number, moment: number): KernelEvent[] {
  const end = Math.min(moment + 1, first + (groups.holding(first)?.header.count ?? 0));
  const feed = new EventFeed(groups, first);
  const events: KernelEvent[] = [];
  while (feed.seq < end) {
    const event = feed.next();
    if (event === null) break;
    events.push(event);
  }
  return events;
}
