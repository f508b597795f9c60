import { type EventOf, type FactOf } from "../core/event-schema.ts";
import { makeEventCodec } from "../core/event-codec.ts";
import { capabilityEvents } from "./capabilities/capability-event.ts";
import { clockEvents } from "./clock/clock-event.ts";
import { consoleEvents } from "./console/console-event.ts";
import { entropyEvents } from "./entropy/entropy-event.ts";
import { fileEvents } from "./files/file-event.ts";
import { hostEvents } from "./hosts/host-event.ts";
import { ipcEvents } from "./ipc/ipc-event.ts";
import { nullEvents } from "./null/null-event.ts";
import { interruptEvents } from "./interrupts/interrupt-event.ts";
import { pipeEvents } from "./pipes/pipe-event.ts";
import { processEvents } from "./processes/process-event.ts";
import { contextEvents } from "./scheduler/context-event.ts";
import { domainEvents } from "./scheduler/domain-event.ts";
import { schedulerEvents } from "./scheduler/scheduler-event.ts";

/** Every kind of event that the kernel knows, by type. */
export const kernelEvents = {
  ...clockEvents,
  ...processEvents,
  ...capabilityEvents,
  ...entropyEvents,
  ...consoleEvents,
  ...pipeEvents,
  ...hostEvents,
  ...fileEvents,
  ...schedulerEvents,
  ...domainEvents,
  ...contextEvents,
  ...interruptEvents,
  ...nullEvents,
  ...ipcEvents,
} as const;

/** An event of the log: what happened, with its envelope. */
export type KernelEvent = EventOf<typeof kernelEvents>;
/** What a decision says happened; the log gives it its envelope. */
export type KernelFact = FactOf<typeof kernelEvents>;

export const kernelCodec = makeEventCodec<KernelEvent, KernelFact>(kernelEvents);
