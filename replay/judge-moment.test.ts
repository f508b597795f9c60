import { describe, expect, test } from "@jest/globals";
import { judgeMoment, judgeStretch } from "./judge-moment.ts";

describe("a moment of the library", () => {
  test.each([
    [0, 0],
    [-0, 0],
    [99, 99],
    ["99", 99],
    ["start", -1],
    ["end", 99],
    ["-5", 94],
  ])("%p of a log of 100 events is %d", (moment, seq) => {
    expect(judgeMoment(moment, 100)).toBe(seq);
  });

  test.each([
    [100, "the log has the events 0 to 99"],
    ["100", "the log has the events 0 to 99"],
    [NaN, "moment NaN: the seq of an event is a whole number from 0 on"],
    [Infinity, "moment Infinity: the seq of an event is a whole number from 0 on"],
    [1.5, "moment 1.5: the seq of an event is a whole number from 0 on"],
    [-1, "moment -1: the seq of an event is a whole number from 0 on"],
    [2 ** 53, "the seq of an event is a whole number from 0 on"],
    ["", "the seq of an event was expected"],
    ["1.5", "the seq of an event was expected"],
  ])("%p is out of range: %s", (moment, why) => {
    expect(() => judgeMoment(moment, 100)).toThrow(RangeError);
    expect(() => judgeMoment(moment, 100)).toThrow(why);
  });

  test.each([
    [undefined, "a moment is a number or a text, not undefined"],
    [null, "a moment is a number or a text, not null"],
    [5n, "a moment is a number or a text, not 5n"],
    [["5"], "a moment is a number or a text, not [ '5' ]"],
  ])("%p is of another type: %s", (moment, why) => {
    expect(() => judgeMoment(moment, 100)).toThrow(new TypeError(why));
  });
});

describe("a stretch of events", () => {
  test.each([
    [0, 100],
    [0, 0],
    [100, 100],
    [3, 5],
  ])("may be from %d to %d of 100", (from, to) => {
    expect(() => judgeStretch(from, to, 100)).not.toThrow();
  });

  test.each([
    [NaN, 5, "from NaN: a whole number from 0 to 100, the count of events, was expected"],
    [0, NaN, "to NaN: a whole number from 0 to 100, the count of events, was expected"],
    [0.5, 5, "from 0.5: a whole number"],
    [-1, 5, "from -1: a whole number"],
    [0, 101, "to 101: a whole number"],
    [0, Infinity, "to Infinity: a whole number"],
    [101, 101, "from 101: a whole number"],
    [5, 3, "from 5 to 3: the end is before the beginning"],
  ])("is out of range from %d to %d: %s", (from, to, why) => {
    expect(() => judgeStretch(from, to, 100)).toThrow(RangeError);
    expect(() => judgeStretch(from, to, 100)).toThrow(why);
  });

  test.each([
    ["3", 5, "from is the seq of an event, not '3'"],
    [3, null, "to is the seq of an event, not null"],
  ])("is of another type from %p to %p: %s", (from, to, why) => {
    expect(() => judgeStretch(from, to, 100)).toThrow(new TypeError(why));
  });
});
