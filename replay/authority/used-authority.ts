import { Fold } from "../../reducers/step.ts";
import { EventFeed } from "../event-feed.ts";
import { foldEvent } from "../fold-event.ts";
import { GuestPaths } from "../guest-paths.ts";
import type { Timeline } from "../timeline.ts";
import type { HeldInStretch } from "./held-in-stretch.ts";
import { UseLedger } from "./use-ledger.ts";

/** What a process held in a stretch of a log, and what of that the events of the stretch needed. */
export interface UsedAuthority {
  readonly pid: number;
  /** The stretch is of the events behind `from`, up to `to`. */
  readonly from: number;
  readonly to: number;
  /** In the order in which it came to hold them. */
  readonly capabilities: readonly HeldInStretch[];
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Folds a stretch once, and asks of each event which rights it needed. `onProgress` hears the seq now and then. */
export function usedAuthority(
  timeline: Timeline,
  pid: number,
  { from, to }: Stretch,
  onProgress: (seq: number) => void = () => {},
): UsedAuthority {
  const fold = new Fold(timeline.stateAt(from));
  const ledger = new UseLedger(fold.state, pid, GuestPaths.of(timeline.groups));
  const feed = new EventFeed(timeline.groups, from + 1);
  for (let event = feed.seq <= to ? feed.next() : null; event !== null; ) {
    ledger.take(fold.state, event);
    foldEvent(fold, event, timeline.store.path);
    ledger.settle(fold.state, event);
    if (event.seq % PROGRESS_EVENTS === 0) onProgress(event.seq);
    event = feed.seq <= to ? feed.next() : null;
  }
  return { pid, from, to, capabilities: ledger.held };
}

export const PROGRESS_EVENTS = 8192;
