import { type Epochal, FRESH } from "../../core/own.ts";

export interface ClockState extends Epochal {
  /** What to add to kernel time for the wall clock: microseconds since 1970-01-01T00:00Z at kernel time 0. */
  readonly wallBase: number;
  readonly isVirtual: boolean;
  /** How often power came on. */
  readonly boots: number;
  readonly isOn: boolean;
}

export const initialClock: ClockState = {
  epoch: FRESH,
  wallBase: 0,
  isVirtual: false,
  boots: 0,
  isOn: false,
};
