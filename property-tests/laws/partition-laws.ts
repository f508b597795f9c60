/** Noninterference by the real scheduler (B10), as far as it can hold without scheduling domains (docs/decisions/0015). */
import fc from "fast-check";
import { partitions, toldFirst } from "../model/partitioned-machine.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

export const partitionLaws: readonly Law[] = [
  law({
    id: "B10-turns",
    statement:
      "of two partitions of 25 processes that hold nothing in common and take turns, what all of one are told, and in which order, is the same whatever the other does, and if it does nothing",
    runs: 4,
    cases: fc.record({
      first: partitions,
      second: partitions,
      third: partitions,
      quantum: fc.constantFrom(1, 7, 50, 300, 5000),
    }),
    holds: ({ first, second, third, quantum }) => {
      const alone = toldFirst(first, [], quantum);
      demand(alone.length > 0, "somebody is told something");
      demandEqual(
        toldFirst(first, second, quantum),
        alone,
        "what they are told while the others do something",
      );
      demandEqual(
        toldFirst(first, third, quantum),
        alone,
        "what they are told while the others do something else",
      );
    },
  }),
];
