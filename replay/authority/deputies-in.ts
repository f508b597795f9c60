import { Fold } from "../../reducers/step.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { EventFeed } from "../event-feed.ts";
import { foldEvent } from "../fold-event.ts";
import { StreamReader } from "../stream-reader.ts";
import type { Timeline } from "../timeline.ts";
import { type Deputy, DeputyFinder, type DeputyOptions } from "./deputies/find-deputies.ts";

/** The effects of a recording whose designation and authority differ, in their order. */
export function* deputiesIn(timeline: Timeline, options: DeputyOptions = {}): Generator<Deputy> {
  const bytes = new StreamReader(timeline.store);
  const finder = new DeputyFinder(
    (target, position, length) => bytes.copyTo(target, 0, position, length),
    options,
  );
  const fold = new Fold(initialState());
  const feed = new EventFeed(timeline.groups, 0);
  for (let event = feed.next(); event !== null && event.seq < timeline.count; event = feed.next()) {
    const deputy = finder.take(fold.state, event);
    if (deputy !== null) yield deputy;
    foldEvent(fold, event, timeline.store.path);
  }
}
