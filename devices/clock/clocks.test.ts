import { describe, expect, test } from "@jest/globals";
import { HostClock } from "./host-clock.ts";
import { VirtualClock } from "./virtual-clock.ts";

describe("the host's clock", () => {
  test("goes on from where the machine was, in whole microseconds, and never back", () => {
    const clock = new HostClock(5_000_000);
    const times = Array.from({ length: 1000 }, () => clock.now());
    expect(times.every(Number.isSafeInteger)).toBe(true);
    expect(times[0]).toBeGreaterThanOrEqual(5_000_000);
    expect(times).toEqual([...times].sort((left, right) => left - right));
  });

  test("knows what time it is on the wall", () => {
    expect(Math.abs(new HostClock(0).wall() / 1000 - Date.now())).toBeLessThan(60_000);
    expect(Number.isSafeInteger(new HostClock(0).wall())).toBe(true);
  });

  test("says of itself that it is the host's", () => {
    expect(new HostClock(0).kind).toBe("host");
  });
});

describe("a virtual clock", () => {
  test("moves a microsecond whenever it is looked at, and at no other time", () => {
    const clock = new VirtualClock(100);
    expect([clock.now(), clock.now(), clock.now()]).toEqual([101, 102, 103]);
  });

  test("jumps over a sleep, and never back", () => {
    const clock = new VirtualClock(100);
    clock.sleepUntil(5000);
    expect(clock.now()).toBe(5001);
    clock.sleepUntil(10);
    expect(clock.now()).toBe(5002);
  });

  test("has a wall that begins with 2020 and goes along", () => {
    const clock = new VirtualClock(0);
    expect(new Date(clock.wall() / 1000).toISOString()).toBe("2020-01-01T00:00:00.000Z");
    clock.sleepUntil(1_000_000);
    expect(new Date(clock.wall() / 1000).toISOString()).toBe("2020-01-01T00:00:01.000Z");
  });
});
