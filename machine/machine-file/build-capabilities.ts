/** Capabilities and scheduling of a process, as a machine file writes them. */
import type { CapabilityObject, MachineCapability, Scheduling } from "./machine-file.ts";
import { durationMicros, sizeBytes } from "./quantities.ts";
import type { WrittenCapability, WrittenScheduling } from "./written-machine.ts";

/** Of a process of which nothing is said. */
export const USUAL_PRIORITY = 100;

export const capabilityOf = (name: string, written: WrittenCapability): MachineCapability => ({
  name,
  of: objectOf(written),
  rights: written.rights ?? null,
  badge: (written.badge ?? 0) + 0,
});

function objectOf({
  endpoint,
  notification,
  interrupt,
  device,
  budget,
  program,
}: WrittenCapability): CapabilityObject {
  if (endpoint !== undefined) return { kind: "endpoint", object: endpoint };
  if (notification !== undefined) return { kind: "notification", object: notification };
  if (interrupt !== undefined) return { kind: "interrupt", object: interrupt };
  if (device !== undefined) return { kind: "device", object: device };
  if (budget !== undefined) return { kind: "budget", limitBytes: sizeBytes(budget) };
  return program === undefined ? { kind: "process" } : { kind: "program", program };
}

export function schedulingOf({ priority, budget, period, timeout }: WrittenScheduling): Scheduling {
  const context =
    budget === undefined || period === undefined
      ? null
      : {
          budgetMicros: durationMicros(budget),
          periodMicros: durationMicros(period),
          ...(timeout === undefined
            ? {}
            : { timeout: { notification: timeout.notification, badge: (timeout.badge ?? 0) + 0 } }),
        };
  return { priority: (priority ?? USUAL_PRIORITY) + 0, context };
}
