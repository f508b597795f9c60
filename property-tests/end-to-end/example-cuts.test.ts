/**
 * The examples of guests/examples, cut off at each place where a power cut can leave the log: before and behind what was sent, received
 * and replied, in the middle of a spawn, of a revocation and of an end. Each goes on to the same end, and replays to the byte.
 */
import { describe, expect, jest, test } from "@jest/globals";
import { hashOf } from "../laws/recorded.ts";
import { endsOf, exampleMachine } from "../model/filed-machine.ts";
import { replayMachine, resumeMachine, runMachine } from "../model/turn-machine.ts";

jest.setTimeout(240_000);

/** At every so many of the places: those of the first two are all, so that each kind of event is met. */
const examples: readonly (readonly [name: string, every: number])[] = [
  ["messages/machine", 1],
  ["spawn/machine", 1],
  ["caretaker/machine", 2],
  ["deputy/ambient", 5],
  ["deputy/capability", 3],
];

describe("a machine whose processes wait for each other goes on from wherever its power was cut", () => {
  test.each(examples)("%s", async (name, every) => {
    const machine = await exampleMachine(`guests/examples/${name}.json`);
    const run = runMachine(machine);
    const events = run.log.decoded();
    const first = events.findIndex(({ type }) => type === "process/started");
    const ends = run.log.ends.filter((end) => end > first && end < events.length);
    expect(ends.length).toBeGreaterThan(20);
    for (const end of ends.filter((_, index) => index % every === 0)) {
      const resumed = resumeMachine(machine, run.log, end);
      expect([end, endsOf(resumed)]).toEqual([end, endsOf(run)]);
      if (end % 7 === 0)
        expect(hashOf(replayMachine(machine, resumed.log).state)).toBe(hashOf(resumed.state));
    }
  });

  test.each(examples)("%s, and twice it is the same log", async (name) => {
    const machine = await exampleMachine(`guests/examples/${name}.json`);
    expect(runMachine(machine).log.decoded()).toEqual(runMachine(machine).log.decoded());
  });
});
