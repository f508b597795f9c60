import { refusalReasons } from "../../core/refusal-reason.ts";
import { choice, event, type EventOf, sint, text, texts, uint, uints, use } from "../../core/event-schema.ts";

/** What happened to processes. The event's own pid is the process it is about. */
export const processEvents = {
  /** A program began: `program` is the SHA-256 of its module, in hexadecimal. */
  "process/started": event(10, {
    program: text,
    name: text,
    args: texts,
    environment: texts,
    memoryPages: uint,
  }),
  "process/exited": event(11, { code: uint }),
  /** A trap ended it. The stack is the innermost frame first, as `name@offset`. */
  "process/trapped": event(12, { message: text, stack: texts }),
  /** Somebody outside ended it, by a signal's name. */
  "process/killed": event(13, { signal: text, code: uint }),
  /** A call was refused. `missing` is the set of rights that its capability lacked, 0 if that was not why. */
  "process/refused": event(14, {
    function: uint,
    errno: uint,
    reason: choice(...refusalReasons),
    slot: sint,
    missing: uint,
    path: text,
  }),
  "process/yielded": event(15, {}),
  "process/arguments-read": event(16, {
    what: choice("args", "args-sizes", "environment", "environment-sizes"),
  }),
  /** It waits: until kernel time `until` (0 for no such bound), or until a descriptor it waits for is ready. */
  "process/blocked": event(17, { until: uint, slots: uint }),
  /** A poll was answered: for each subscription that is due its index, errno, bytes ready and WASI `eventrwflags`, in turns. */
  "process/polled": event(18, { ready: uints }),
  /** A program may be started by whoever holds the object. It is given so much memory at most. */
  "program/admitted": event(160, { object: uint, program: text, name: text, memoryPages: uint }),
  /** A process started another; the capability to it lies at the address `to`. */
  "process/spawned": event(161, { by: use, child: uint, to: uint }),
  /** A process was told that another one has ended, and how. */
  "process/awaited": event(162, { by: use, child: uint, code: uint }),
  /** A process has ended another one, by the events before. */
  "process/ended": event(163, { by: use, child: uint }),
} as const;

export type ProcessEvent = EventOf<typeof processEvents>;
