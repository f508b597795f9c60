import { expect, test } from "@jest/globals";
import { responseBound, responsesOf } from "../model/urgent-scenarios.ts";
import { urgentScenarioLaws } from "./urgent-scenario-laws.ts";

test.each(urgentScenarioLaws.map((law) => [law.id, law.statement, law] as const))("%s: %s", (_, __, law) =>
  law.assert(),
);

/** As it was on Mars in July 1997: one task that needs the lock less urgently, others that do not need it at all. */
const schedule = { tasksBetween: 4, criticalTicks: 600, quantum: 1000, periodMicros: 125 };

test("the Mars Pathfinder meets its deadlines where priorities are donated", () => {
  const { ticks, isMissed } = responsesOf({ ...schedule, donates: true });
  expect([ticks.length > 10, isMissed]).toEqual([true, false]);
  expect(Math.max(...ticks)).toBeLessThanOrEqual(responseBound({ ...schedule, donates: true }));
});

test("and resets itself where they are not", () => {
  expect(responsesOf({ ...schedule, donates: false }).isMissed).toBe(true);
});
