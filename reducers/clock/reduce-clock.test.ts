import { expect, test } from "@jest/globals";
import { BOOT_WALL_MICROS, scriptedMachine } from "../scripted-machine.ts";
import { timestampOf, wallAt } from "./clock-selectors.ts";

test("the first power-on says what kind of clock there is, and where the wall's stood", () => {
  expect(scriptedMachine().state.clock).toMatchObject({
    wallBase: BOOT_WALL_MICROS,
    isVirtual: true,
    boots: 1,
    isOn: true,
  });
});

test("a later power-on sets the wall clock anew, while kernel time goes on", () => {
  const machine = scriptedMachine();
  machine.at = 5_000_000;
  machine.happen(0, { type: "machine/powered-off", reason: "halted" });
  expect(machine.state.clock.isOn).toBe(false);
  const wall = BOOT_WALL_MICROS + 9_000_000;
  machine.happen(0, { type: "machine/powered-on", wall, clock: "host", version: 1, nameSeed: 1 });
  expect(machine.state.clock).toMatchObject({ boots: 2, isVirtual: false, isOn: true });
  expect(wallAt(machine.state.clock, 5_000_000)).toBe(wall);
});

test("a wall clock from before 1970 counts from 1970", () => {
  const machine = scriptedMachine();
  machine.at = 100;
  machine.happen(0, { type: "machine/powered-on", wall: 50, clock: "host", version: 1, nameSeed: 1 });
  expect(machine.state.clock.wallBase).toBe(0);
});

test("looking at a clock changes nothing", () => {
  const machine = scriptedMachine();
  const before = JSON.stringify(machine.state.clock);
  machine.perform({ call: "clock_time_get", clock: 0 });
  machine.perform({ call: "clock_res_get", clock: 0 });
  expect(JSON.stringify(machine.state.clock)).toBe(before);
});

test.each([
  [0, { seconds: 0, nanos: 0 }],
  [999_999, { seconds: 0, nanos: 999_999_000 }],
  [1_000_000, { seconds: 1, nanos: 0 }],
  [2 ** 53 - 1, { seconds: 9_007_199_254, nanos: 740_991_000 }],
])("%d microseconds are whole seconds and the nanoseconds that are left", (micros, timestamp) => {
  expect(timestampOf(micros)).toEqual(timestamp);
});
