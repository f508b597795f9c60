import { describe, expect, test } from "@jest/globals";
import { looksLikeMoment, parseGuestMoment, parseMoment } from "./moment.ts";

describe("a moment", () => {
  test.each([
    ["0", 0],
    ["57", 57],
    ["99", 99],
    ["end", 99],
    ["start", -1],
    ["-1", -1],
    ["-5", 94],
    ["end-5", 94],
    ["end-0", 99],
    ["-100", -1],
  ])("%s of a log of 100 events is %d", (word, moment) => {
    expect(parseMoment(word, 100)).toEqual({ ok: true, value: moment });
  });

  test.each([
    ["100", "the log has the events 0 to 99"],
    ["-101", "the log has the events 0 to 99"],
    ["5:", "the seq of an event was expected"],
    ["", "the seq of an event was expected"],
    ["1e3", "the seq of an event was expected"],
    ["99999999999999999999", "the log has the events 0 to 99"],
  ])("%s is refused: %s", (word, why) => {
    expect(parseMoment(word, 100)).toEqual({ ok: false, error: expect.stringContaining(why) });
  });

  test.each([
    ["5:17", 5, 17],
    ["end:3", 99, 3],
    ["start:8", -1, 8],
    ["end-5:1", 94, 1],
    ["-5:0", 94, 0],
    ["57", 57, 0],
    [`0:${2 ** 50}`, 0, 2 ** 50],
  ])("%s is event %d, and %d ticks behind it", (word, event, ticks) => {
    expect(parseGuestMoment(word, 100)).toEqual({ ok: true, value: { event, ticks } });
    expect(parseMoment(word, 100)).toEqual({ ok: true, value: event });
  });

  test.each([
    ["100:1", "the log has the events 0 to 99"],
    [`5:${2 ** 50 + 1}`, "no guest has so many ticks"],
    [`5:${"9".repeat(400)}`, "no guest has so many ticks"],
    ["5:-1", "the seq of an event was expected"],
    ["5:1:2", "the seq of an event was expected"],
    [":7", "the seq of an event was expected"],
    ["5:0x10", "the seq of an event was expected"],
  ])("%s is refused: %s", (word, why) => {
    expect(parseGuestMoment(word, 100)).toEqual({ ok: false, error: expect.stringContaining(why) });
  });

  test("of an empty log is the start alone", () => {
    expect(parseMoment("start", 0)).toEqual({ ok: true, value: -1 });
    expect(parseMoment("end", 0)).toEqual({ ok: true, value: -1 });
    expect(parseMoment("0", 0).ok).toBe(false);
  });

  test("is told from a path by its form", () => {
    expect(["3", "-5", "end", "start", "end-2", "3:4"].every(looksLikeMoment)).toBe(true);
    expect(["processes", "files/inodes/3", "3/4", "clock"].some(looksLikeMoment)).toBe(false);
  });
});
