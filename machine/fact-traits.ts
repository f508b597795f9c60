import type { KernelFact } from "../reducers/kernel-event.ts";

/** The event in the log that led to a fact: of what a guest asks or the host tells there is none, of a failed effect there is. */
export const causeOf = (fact: KernelFact): number => (fact.type === "host/effect-failed" ? fact.effect : -1);

/** Whether somebody outside the machine waits for what the event brings about. */
export function isUrgent(fact: KernelFact): boolean {
  switch (fact.type) {
    case "console/written":
    case "process/blocked":
    case "process/exited":
    case "process/trapped":
    case "process/killed":
    case "machine/powered-off":
      return true;
    default:
      return false;
  }
}
