import type { DueTable } from "../../core/heap.ts";
import { type Epochal, FRESH } from "../../core/own.ts";
import { emptyTable, type Table } from "../../core/table.ts";

export interface Line extends Epochal {
  /** Microseconds from one time to the next at which the machine's timer raises it; 0: that does not. */
  readonly everyMicros: number;
  /** Kernel time at which it was attached, from which the times are counted. */
  readonly attachedAt: number;
  /** The notification that it is bound to; 0: none. */
  readonly notification: number;
  /** Whether it is delivered no more, until it is acknowledged. So is a line that is not bound. */
  readonly isMasked: boolean;
  /** Whether it was delivered, and not acknowledged yet. */
  readonly isInService: boolean;
  /** Whether it was raised while it was masked: once or more often, which is the same. */
  readonly isPending: boolean;
  /** How often it was raised. */
  readonly count: number;
  /** Its place among what is due; -1: none. */
  readonly place: number;
}

/** A timer that is armed. */
export interface ArmedTimer extends Epochal {
  readonly notification: number;
  readonly place: number;
}

/** A notification that lines are bound to which were delivered and not acknowledged. */
export interface Notified extends Epochal {
  readonly inService: number;
}

export interface InterruptsState extends Epochal {
  /** By object. */
  readonly lines: Table<Line>;
  /** Those that are armed, by object. */
  readonly timers: Table<ArmedTimer>;
  /** By object: those that are in service. */
  readonly notified: Table<Notified>;
  /** Lines and timers, by when they are due next. A line is as long as it is bound and raising it would change something. */
  readonly due: DueTable;
  /** The line or timer that was just delivered, and whose signal is to follow; 0: none. */
  readonly signalling: number;
}

export const initialInterrupts = (): InterruptsState => ({
  epoch: FRESH,
  lines: emptyTable(),
  timers: emptyTable(),
  notified: emptyTable(),
  due: emptyTable(),
  signalling: 0,
});

/** The first time after `now` at which the machine's timer raises a line. */
export const nextRaise = ({ attachedAt, everyMicros }: Line, now: number): number =>
  attachedAt + everyMicros * (Math.floor((now - attachedAt) / everyMicros) + 1);
