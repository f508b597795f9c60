import { expect, test } from "@jest/globals";
import type { KernelEvent, KernelFact } from "../reducers/kernel-event.ts";
import { formatEvent } from "./format-event.ts";

const line = (fact: KernelFact): string => {
  const event = { ...fact, seq: 7, at: 1_500_000, cause: -1, pid: 2, call: -1 } as KernelEvent;
  return formatEvent(event).replace(/\s+/g, " ").trim();
};

test.each<[KernelFact, string]>([
  [
    { type: "context/configured", by: 3, context: 7, budgetMicros: 20, periodMicros: 50, priority: 180 },
    "context/configured context 7: 20 of every 50 us at priority 180",
  ],
  [
    { type: "context/lent", context: 7, notification: 1, forInterrupt: true, taken: false },
    "context/lent context 7, bound to notification 1, until it acknowledges",
  ],
  [{ type: "context/returned", context: 7 }, "context/returned context 7"],
  [
    { type: "scheduler/partitioned", domains: ["flight", "cabin"], slotTicks: [300, 50] },
    "scheduler/partitioned flight for 300 ticks, cabin for 50 ticks",
  ],
  [{ type: "process/assigned", domain: 1, name: "cabin" }, "process/assigned domain cabin"],
  [{ type: "domain/entered", domain: 1, passed: 0 }, "domain/entered domain 1"],
  [
    { type: "domain/entered", domain: 1, passed: 4 },
    "domain/entered domain 1, behind 4 slots in which nobody was ready",
  ],
  [{ type: "domain/idled", ticks: 30 }, "domain/idled nobody of the domain was ready for 30 ticks"],
  [{ type: "process/ranked", priority: 9, ceiling: 40 }, "process/ranked priority 9, may give up to 40"],
  [{ type: "process/prioritized", priority: 180 }, "process/prioritized runs at priority 180"],
  [
    { type: "priority/changed", by: 1, authority: 5, process: 3, priority: 30 },
    "priority/changed process 3 has priority 30, by the authority of capability 5",
  ],
  [{ type: "interrupt/attached", line: 5, everyMicros: 40 }, "interrupt/attached line 5, every 40 us"],
  [{ type: "interrupt/attached", line: 5, everyMicros: 0 }, "interrupt/attached line 5"],
  [{ type: "interrupt/bound", by: 1, line: 5, notification: 2 }, "interrupt/bound line 5 to notification 2"],
  [{ type: "interrupt/acknowledged", by: 1, line: 5 }, "interrupt/acknowledged line 5"],
  [
    { type: "timer/armed", by: 1, timer: 9, notification: 2, until: 80 },
    "timer/armed timer 9 for notification 2, at 80 us",
  ],
  [{ type: "timer/fired", timer: 9 }, "timer/fired timer 9"],
])("%j is told in words", (fact, told) => {
  expect(line(fact)).toBe(`7 1.500000 2 ${told}`);
});
