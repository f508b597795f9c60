/** What a user of the library names moments by, judged: another type is a TypeError, what the log does not have a RangeError. */
import { inspect } from "node:util";
import { type GuestMoment, parseGuestMoment } from "./moment.ts";

/** The seq that a moment stands for, -1 for `start`. A number is the seq of an event and nothing else. */
export const judgeMoment = (moment: unknown, eventCount: number): number =>
  judgeGuestMoment(moment, eventCount).event;

export function judgeGuestMoment(moment: unknown, eventCount: number): GuestMoment {
  if (typeof moment === "number") {
    const isSeq = Number.isSafeInteger(moment) && moment >= 0;
    if (!isSeq) throw new RangeError(`moment ${moment}: the seq of an event is a whole number from 0 on`);
  } else if (typeof moment !== "string") {
    throw new TypeError(`a moment is a number or a text, not ${shown(moment)}`);
  }
  const parsed = parseGuestMoment(String(moment), eventCount);
  if (parsed.ok) return parsed.value;
  throw new RangeError(parsed.error);
}

/** Judges `from` and `to` of a stretch of events, the second of which is not in it. */
export function judgeStretch(from: unknown, to: unknown, eventCount: number): void {
  const first = judgeEnd("from", from, eventCount);
  const last = judgeEnd("to", to, eventCount);
  if (first > last) throw new RangeError(`from ${first} to ${last}: the end is before the beginning`);
}

function judgeEnd(name: string, end: unknown, eventCount: number): number {
  if (typeof end !== "number") throw new TypeError(`${name} is the seq of an event, not ${shown(end)}`);
  if (Number.isSafeInteger(end) && end >= 0 && end <= eventCount) return end;
  throw new RangeError(
    `${name} ${end}: a whole number from 0 to ${eventCount}, the count of events, was expected`,
  );
}

const shown = (value: unknown): string =>
  inspect(value, { depth: 0, breakLength: Infinity, maxStringLength: 80 });
