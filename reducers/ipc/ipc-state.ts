import { type Epochal, FRESH } from "../../core/own.ts";
import { emptyTable, type Table } from "../../core/table.ts";

/** Senders wait in the order in which they came. */
export interface Endpoint extends Epochal {
  /** The pids at the ends of the queue; 0 if it is empty. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** What a process has sent, until it goes on: queued, taken by a receiver, or replied to. */
export interface Exchange extends Epochal {
  readonly status: "queued" | "taken" | "replied";
  readonly endpoint: number;
  readonly badge: number;
  readonly awaitsReply: boolean;
  readonly mayReturn: boolean;
  /** The message's place in the stream; once there is a reply, the reply's. */
  readonly position: number;
  readonly length: number;
  /** Who took it; 0 while nobody has. */
  readonly server: number;
  /** In the queue: the pids before and behind it; 0 at its ends. */
  readonly before: number;
  readonly behind: number;
}

export interface Notification extends Epochal {
  /** Whether it was signalled since it was last taken, and with which badges. */
  readonly isPending: boolean;
  readonly bits: number;
}

export interface IpcState extends Epochal {
  /** By object. */
  readonly endpoints: Table<Endpoint>;
  readonly notifications: Table<Notification>;
  /** By the pid of whoever sent. */
  readonly exchanges: Table<Exchange>;
}

/** Senders that may wait at one endpoint. */
export const MAX_QUEUE = 4096;

export const initialIpc = (): IpcState => ({
  epoch: FRESH,
  endpoints: emptyTable(),
  notifications: emptyTable(),
  exchanges: emptyTable(),
});
