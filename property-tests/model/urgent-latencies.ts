/** Random machines of one urgent guest among others that are not. */
import fc from "fast-check";
import type { DrawnLatency } from "./urgent-scenarios.ts";

const quanta = fc.constantFrom(100, 500, 1000, 5000, 20_000);

export const drawnLatencies: fc.Arbitrary<DrawnLatency> = fc.record({
  quantum: quanta,
  roundTicks: fc.constantFrom(1, 3, 16, 100),
  handlerTicks: fc.integer({ min: 1, max: 800 }),
  others: fc.noBias(
    fc.array(
      fc.record({
        works: fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 4 }),
        yields: fc.boolean(),
        // Less than the handler has to begin with: else it never comes to wait.
        priority: fc.integer({ min: 0, max: 99 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  ),
  gaps: fc.noBias(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 10 })),
});
