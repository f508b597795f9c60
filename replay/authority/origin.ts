/** How a capability came to be: what the event says that made it. Its id is that event's seq, so nothing is searched for. */
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { EventFeed } from "../event-feed.ts";
import type { GroupReader } from "../group-reader.ts";

export interface Origin {
  /** The seq of the event; the capability's id. */
  readonly seq: number;
  /** `granted` at boot, `opened` by a path, `made` with its object, or how it was derived: `copied`, `minted`, `given`, ... */
  readonly how: string;
  /** The process that did it; 0 for the machine. */
  readonly pid: number;
  /** The capability that it was made with; null for one that boot granted. */
  readonly by: number | null;
}

/** Events remembered, so that whoever asks again waits for none. */
const REMEMBERED = 1 << 16;

/** The events of a recording by seq, read without folding anything. */
export class EventLookup {
  readonly #groups: GroupReader;
  readonly #known = new Map<number, KernelEvent>();

  constructor(groups: GroupReader) {
    this.#groups = groups;
  }

  /** Reads all of them that the log has, each group at most once. */
  read(seqs: Iterable<number>): ReadonlyMap<number, KernelEvent> {
    const sorted = [...new Set(seqs)]
      .filter((seq) => !this.#known.has(seq))
      .sort((one, other) => one - other);
    if (this.#known.size + sorted.length > REMEMBERED) this.#known.clear();
    let feed: EventFeed | null = null;
    for (const seq of sorted) {
      if (feed === null || !this.#isInGroup(feed, seq)) feed = new EventFeed(this.#groups, seq);
      for (let event = feed.next(); event !== null; event = feed.next()) {
        if (event.seq === seq) this.#known.set(seq, event);
        if (event.seq >= seq) break;
      }
    }
    return this.#known;
  }

  at(seq: number): KernelEvent | null {
    return this.read([seq]).get(seq) ?? null;
  }

  /** Whether the rest of the group that a feed stands in has the event. */
  #isInGroup(feed: EventFeed, seq: number): boolean {
    const first = feed.place.group;
    const count = first < 0 ? 0 : (this.#groups.holding(first)?.header.count ?? 0);
    return seq < first + count;
  }
}

/** What the event that made a capability says of it; null for an event that makes none. */
export function originOf(event: KernelEvent | null): Origin | null {
  switch (event?.type) {
    case "capability/granted":
      return { seq: event.seq, how: "granted", pid: 0, by: null };
    case "file/opened":
      return { seq: event.seq, how: "opened", pid: event.pid, by: event.by };
    case "object/created":
      return { seq: event.seq, how: "made", pid: event.pid, by: event.by };
    case "capability/derived":
      return { seq: event.seq, how: event.how, pid: event.pid, by: event.by };
    default:
      return null;
  }
}

/** `granted at boot`, `opened by process:1 through #12`, `minted by process:2 from #40`. */
export function originText(origin: Origin | null): string {
  if (origin === null) return "";
  const { how, pid, by } = origin;
  if (how === "granted") return "granted at boot";
  const who = pid === 0 ? "the machine" : `process:${pid}`;
  const word = how === "opened" ? "through" : how === "made" ? "out of" : "from";
  return `${how} by ${who}${by === null || by === 0 ? "" : ` ${word} #${by}`}`;
}
