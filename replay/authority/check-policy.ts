import { Fold } from "../../reducers/step.ts";
import { EventFeed } from "../event-feed.ts";
import { foldEvent } from "../fold-event.ts";
import { GuestPaths } from "../guest-paths.ts";
import type { Timeline } from "../timeline.ts";
import type { Policy } from "./policy.ts";
import { PolicyFold, type Violation } from "./policy-fold.ts";
import { PROGRESS_EVENTS } from "./used-authority.ts";

/** Checks a policy over all of a recording; violations come in the order of the log, as they are found. */
export function* checkPolicy(
  timeline: Timeline,
  policy: Policy,
  onProgress: (seq: number) => void = () => {},
): Generator<Violation> {
  const fold = new Fold(timeline.loader.keyframeState(0));
  const policies = new PolicyFold(policy, fold.state, GuestPaths.of(timeline.groups));
  const feed = new EventFeed(timeline.groups, 0);
  for (let event = feed.next(); event !== null; event = feed.next()) {
    yield* policies.take(fold.state, event);
    foldEvent(fold, event, timeline.store.path);
    yield* policies.settle(fold.state, event);
    if (event.seq % PROGRESS_EVENTS === 0) onProgress(event.seq);
  }
}
