/** Logs that no machine writes: one event of a log in which all is right is changed, so that somebody acts without authority. */
import { allRights } from "../../core/rights.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";

export const forgeries = [
  "a grant that was not made",
  "a capability that somebody else holds",
  "a capability that never was",
  "a capability with more rights",
  "a use behind the end",
  "a grant in the middle",
  "a deed of another process",
] as const;
export type Forgery = (typeof forgeries)[number];

type Using = KernelEvent & { readonly by: number };

const isUsing = (event: KernelEvent): event is Using => "by" in event && event.by > 0 && event.call >= 0;

/** Of a log, the places where a forgery can be, as the log with it. */
export function forge(
  events: readonly KernelEvent[],
  how: Forgery,
  which: number,
): readonly KernelEvent[] | null {
  const found = events.flatMap((event) => {
    const forged = forgedAt(events, event, how);
    return forged === null ? [] : [forged];
  });
  const changes = found[which % Math.max(1, found.length)];
  if (changes === undefined) return null;
  const log = [...events];
  for (const change of changes) log[change.seq] = change;
  return log;
}

/** What stands in the place of an event that is taken out. */
const nothing = ({ seq, at }: KernelEvent): KernelEvent => ({
  type: "machine/powered-on",
  wall: 0,
  clock: "virtual",
  version: 1,
  nameSeed: 0,
  seq,
  at,
  pid: 0,
  cause: -1,
  call: -1,
});

/** The changed events, if such a forgery can be at an event; null if not. */
function forgedAt(
  events: readonly KernelEvent[],
  event: KernelEvent,
  how: Forgery,
): readonly KernelEvent[] | null {
  switch (how) {
    case "a grant that was not made":
      return event.type === "capability/granted" && isUsed(events, event) ? [nothing(event)] : null;
    case "a capability that somebody else holds": {
      const other = isUsing(event) ? heldByOther(events, event) : null;
      return other === null ? null : [{ ...event, by: other } as KernelEvent];
    }
    case "a capability that never was":
      return isUsing(event) ? [{ ...event, by: 0 } as KernelEvent] : null;
    case "a capability with more rights":
      return widened(events, event);
    case "a use behind the end":
      return swapped(events, event);
    case "a grant in the middle":
      return event.type === "process/refused" && hasBegun(events, event) ? [grantAt(event)] : null;
    case "a deed of another process":
      return isUsing(event) && event.type !== "capability/removed" ? [otherPid(events, event)] : null;
  }
}

const hasBegun = (events: readonly KernelEvent[], { seq, pid }: KernelEvent): boolean =>
  events.some((event) => event.pid === pid && event.call >= 0 && event.seq < seq);

const isUsed = (events: readonly KernelEvent[], { seq }: KernelEvent): boolean =>
  events.some((event) => "by" in event && event.by === seq);

/** A capability that boot granted to another process and that nobody handed on. */
function heldByOther(events: readonly KernelEvent[], event: Using): number | null {
  const other = events.find(
    (each) => each.type === "capability/granted" && each.pid !== event.pid && each.seq < event.seq,
  );
  return other === undefined ? null : other.seq;
}

function widened(events: readonly KernelEvent[], event: KernelEvent): readonly KernelEvent[] | null {
  if (event.type === "file/opened") {
    const source = events[event.by];
    const inheriting = source !== undefined && "inheriting" in source ? source.inheriting : allRights;
    return inheriting === allRights ? null : [{ ...event, rights: allRights }];
  }
  if (event.type !== "capability/derived" || event.how === "given") return null;
  const source = events[event.by];
  if (source === undefined || !("rights" in source)) return null;
  return (source.rights & allRights) === allRights ? null : [{ ...event, rights: allRights }];
}

/** A use and the end that comes behind it change their places. */
function swapped(events: readonly KernelEvent[], event: KernelEvent): readonly KernelEvent[] | null {
  if (event.type !== "capability/closed" || event.call < 0 || event.object === "void") return null;
  const uses = events.filter(
    (each) => isUsing(each) && each.by === event.by && each.seq < event.seq && makesNothing(each),
  );
  const use = uses[uses.length - 1];
  if (use === undefined) return null;
  return [
    { ...event, seq: use.seq, at: use.at },
    { ...use, seq: event.seq, at: event.at },
  ];
}

const makesNothing = ({ type }: KernelEvent): boolean =>
  type.startsWith("file/") && type !== "file/opened" && type !== "file/created";

const grantAt = ({ seq, at, pid }: KernelEvent): KernelEvent => ({
  type: "capability/granted",
  slot: 900,
  object: "null",
  target: 0,
  rights: 1,
  inheriting: 0,
  label: "",
  seq,
  at,
  pid,
  cause: -1,
  call: -1,
});

const otherPid = (events: readonly KernelEvent[], event: Using): KernelEvent => ({
  ...event,
  pid: events.find((each) => each.type === "process/started" && each.pid !== event.pid)?.pid ?? 999,
});
