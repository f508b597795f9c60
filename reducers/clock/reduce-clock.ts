import { unreachable } from "../../core/assert.ts";
import type { Reducer } from "../../core/reducer.ts";
import type { ClockEvent } from "./clock-event.ts";
import type { ClockState } from "./clock-state.ts";

export const reduceClock: Reducer<ClockState, Extract<ClockEvent, { type: `machine/${string}` }>> = (
  clock,
  event,
) => {
  switch (event.type) {
    case "machine/powered-on":
      clock.wallBase = Math.max(0, event.wall - event.at);
      clock.isVirtual = event.clock === "virtual";
      clock.boots += 1;
      clock.isOn = true;
      return;
    case "machine/powered-off":
      clock.isOn = false;
      return;
    default:
      unreachable(event);
  }
};
