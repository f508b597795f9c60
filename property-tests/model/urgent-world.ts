/** What the guests of an urgent machine are booted with: objects, and capabilities to them in slots that all agree on. */
import { allRightsOf, type ObjectKind } from "../../core/object-rights.ts";
import { addressOf, KEPT_SLOT, MACHINE, space } from "../../reducers/capabilities/address.ts";
import type { KernelFact } from "../../reducers/kernel-event.ts";

export class UrgentWorld {
  readonly facts: (readonly [number, KernelFact])[] = [];
  #objects = 0;

  /** A new object, whose first capability the machine itself keeps; its id. */
  object(kind: ObjectKind, detail = 0, keptAt = -1): number {
    this.#objects += 1;
    const target = this.#objects;
    const to = keptAt < 0 ? addressOf(space.kept, MACHINE, target) : keptAt;
    const rights = allRightsOf(kind);
    const paid = { by: 0, budget: 0, bytes: 0, label: "", detail };
    this.facts.push([0, { type: "object/created", to, object: kind, target, rights, ...paid }]);
    return target;
  }

  /** A line that the machine's timer raises every so often; 0: somebody else does. */
  line(everyMicros: number): number {
    const line = this.object("interrupt");
    this.facts.push([0, { type: "interrupt/attached", line, everyMicros }]);
    return line;
  }

  /** A notification that a context signals when its budget is used up: the context keeps the first capability to it. */
  timeoutOf(context: number): number {
    return this.object("notification", 0, addressOf(space.kept, context, KEPT_SLOT));
  }

  context(terms: {
    readonly budgetMicros: number;
    readonly periodMicros: number;
    readonly priority: number;
  }): number {
    const context = this.object("context");
    this.facts.push([0, { type: "context/configured", by: 0, context, ...terms }]);
    return context;
  }

  grant(pid: number, slot: number, object: ObjectKind, target: number, rights = allRightsOf(object)): void {
    const fact = { slot, object, target, rights, inheriting: 0, label: "" };
    this.facts.push([pid, { type: "capability/granted", ...fact }]);
  }

  /** Scheduling domains with such slots, and of which one some processes are. */
  divide(slotTicks: readonly number[], assigned: readonly (readonly [pid: number, domain: number])[]): void {
    const domains = slotTicks.map((_, domain) => `d${domain}`);
    this.facts.push([0, { type: "scheduler/partitioned", domains, slotTicks }]);
    for (const [pid, domain] of assigned)
      if (domain !== 0) this.facts.push([pid, { type: "process/assigned", domain, name: `d${domain}` }]);
  }

  rank(pid: number, priority: number, ceiling = priority): void {
    this.facts.push([pid, { type: "process/ranked", priority, ceiling }]);
  }
}
