/**
 * Moments: `E` is the machine after event E. `start` or `-1` is before the first event, `end` after the last, `-5` or `end-5` five
 * events before the end. `E:I`, a point within the guest's run after event E, is not there yet.
 */
import { fail, ok, type Result } from "../core/result.ts";

/** Before the first event. */
export const START = -1;

/** The seq of the last event that has happened at the moment, -1 for none; or why the word names no moment of the log. */
export function parseMoment(word: string, eventCount: number): Result<number, string> {
  const last = eventCount - 1;
  if (word === "start" || word === "-1") return ok(START);
  if (word === "end") return ok(last);
  if (/^\d+:\d+$/.test(word)) {
    return fail(
      `moment ${word}: points within a guest's run cannot be reached yet; give the event alone, ${word.split(":")[0]}`,
    );
  }
  const back = /^(?:end)?-(\d+)$/.exec(word);
  if (back === null && !/^\d+$/.test(word)) {
    return fail(
      `moment ${word}: the seq of an event was expected, or start, end, or -5 for five events before the end`,
    );
  }
  const moment = back === null ? Number(word) : last - Number(back[1]);
  if (moment >= START && moment <= last) return ok(moment);
  if (eventCount === 0) return fail(`moment ${word}: the log has no event yet; only start is there`);
  return fail(`moment ${word}: the log has the events 0 to ${last}`);
}

/** Whether a word has the form of a moment, be it in the log or not. */
export const looksLikeMoment = (word: string): boolean =>
  /^(?:start|end|(?:end)?-\d+|\d+(?::\d+)?)$/.test(word);
