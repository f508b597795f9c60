import type { ClockDevice, ConsoleDevice, DirectoryDevice, EntropyDevice } from "../devices/device.ts";
import type { Standing } from "../reducers/decide/standstill.ts";
import type { KernelFact } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { EventLog } from "./event-log.ts";

/** What a waiting kernel is woken by, besides time. */
export interface Waiter {
  /** Sleeps until kernel time `until` (0: for ever) or news, whichever is first. */
  sleep(until: number, forInput: boolean): void;
  /** News that does not wait to be asked for: throws GuestStopped if the machine is to stop, else gives facts to log. */
  news(): readonly KernelFact[];
  /** Tells outside that nobody can go on but by news: all who live wait for each other. */
  standStill(standing: readonly Standing[]): void;
}

export interface LiveDevices {
  readonly clock: ClockDevice;
  readonly entropy: EntropyDevice;
  readonly directories: DirectoryDevice;
  readonly console: ConsoleDevice;
}

export interface LiveOptions {
  readonly state: KernelState;
  readonly log: EventLog;
  readonly devices: LiveDevices;
  readonly waiter: Waiter;
  /** Whether each answer waits until it is durable. */
  readonly everyEventDurable: boolean;
  /** Where guests take turns: ticks that the one that runs has used in its turn. */
  readonly ticks?: () => number;
}
