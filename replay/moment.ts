/**
 * Moments: `E` is the machine after event E. `start` or `-1` is before the first event, `end` after the last, `-5` or `end-5` five
 * events before the end. `E:I` is a point between two events: the guest that runs has used I ticks since event E. The kernel's state
 * is then what it is at E.
 */
import { fail, ok, type Result } from "../core/result.ts";

/** Before the first event. */
export const START = -1;
/** A year of them. */
const MOST_TICKS = 2 ** 50;

/** A moment within the run of a guest. */
export interface GuestMoment {
  /** The seq of the last event that has happened; -1 for none. */
  readonly event: number;
  /** Ticks that the guest which runs has used since then. */
  readonly ticks: number;
}

/** The seq of the last event that has happened at the moment, -1 for none; or why the word names no moment of the log. */
export function parseMoment(word: string, eventCount: number): Result<number, string> {
  const moment = parseGuestMoment(word, eventCount);
  return moment.ok ? ok(moment.value.event) : moment;
}

export function parseGuestMoment(word: string, eventCount: number): Result<GuestMoment, string> {
  const [, name, ticks] = /^(.*?)(?::(\d+))?$/.exec(word) ?? [];
  if (Number(ticks ?? 0) > MOST_TICKS) return fail(`moment ${word}: no guest has so many ticks`);
  const event = parseEvent(name ?? word, word, eventCount);
  return event.ok ? ok({ event: event.value, ticks: Number(ticks ?? 0) }) : event;
}

function parseEvent(name: string, word: string, eventCount: number): Result<number, string> {
  const last = eventCount - 1;
  if (name === "start" || name === "-1") return ok(START);
  if (name === "end") return ok(last);
  const back = /^(?:end)?-(\d+)$/.exec(name);
  if (back === null && !/^\d+$/.test(name)) {
    return fail(
      `moment ${word}: the seq of an event was expected, or start, end, or -5 for five events before the end; and :I behind it for I ticks into what a guest does then`,
    );
  }
  const moment = back === null ? Number(name) : last - Number(back[1]);
  if (moment >= START && moment <= last) return ok(moment);
  if (eventCount === 0) return fail(`moment ${word}: the log has no event yet; only start is there`);
  return fail(`moment ${word}: the log has the events 0 to ${last}`);
}

/** Whether a word has the form of a moment, be it in the log or not. */
export const looksLikeMoment = (word: string): boolean =>
  /^(?:start|end|(?:end)?-\d+|\d+)(?::\d+)?$/.test(word);
