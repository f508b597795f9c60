/** Laws of programs that run, with priorities that change under them: where each stops is in the log, and so is who comes next. */
import fc from "fast-check";
import { get, rowsOf } from "../../core/table.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import { type DrawnMachine, drawnMachines, machineOf } from "../model/turn-arbitraries.ts";
import {
  type RankChange,
  replayMachine,
  resumeMachine,
  runMachine,
  type TurnMachine,
} from "../model/turn-machine.ts";
import type { MemoryLog } from "../model/memory-log.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { hashOf } from "./recorded.ts";

interface Ranked {
  readonly machine: DrawnMachine;
  readonly changes: readonly RankChange[];
}

const ranked: fc.Arbitrary<Ranked> = fc.record({
  machine: drawnMachines,
  changes: fc.noBias(
    fc.array(
      fc.record({
        after: fc.integer({ min: 1, max: 6 }),
        which: fc.nat(10),
        priority: fc.constantFrom(0, 31, 32, 99, 100, 101, 200, 255),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  ),
});

const rankedMachine = ({ machine, changes }: Ranked): TurnMachine => ({ ...machineOf(machine), changes });

/** Nobody has a turn while somebody above it is ready. */
function highestRuns(log: MemoryLog): void {
  const fold = new Fold(initialState());
  for (const event of log.decoded()) {
    const { scheduler } = fold.state;
    if (event.type === "process/scheduled" && scheduler !== undefined) {
      const { placement } = get(scheduler.tasks, event.pid);
      for (const [pid, task] of rowsOf(scheduler.tasks))
        demand(
          task.status !== "ready" || task.placement <= placement,
          `event ${event.seq}: ${event.pid} has a turn at ${placement}, and ${pid} waits at ${task.placement}`,
        );
    }
    fold.apply(event);
  }
}

export const rankedLaws: readonly Law[] = [
  law({
    id: "F1-ranked",
    statement:
      "programs whose priorities change stop where the log says, and a resumed machine is replayed, too",
    runs: 60,
    cases: fc.record({ drawn: ranked, where: fc.nat(10_000) }),
    holds: ({ drawn, where }) => {
      const machine = rankedMachine(drawn);
      const run = runMachine(machine);
      demandEqual(
        hashOf(replayMachine(machine, run.log).state),
        hashOf(run.state),
        "the state of the replay",
      );
      const begun = run.log.decoded().find(({ type }) => type === "process/scheduled");
      if (begun === undefined) return;
      const ends = run.log.ends.filter((end) => end > begun.seq);
      const resumed = resumeMachine(machine, run.log, ends[where % ends.length] as number);
      const again = replayMachine(machine, resumed.log).state;
      demandEqual(hashOf(again), hashOf(resumed.state), "the state of the replay of what was resumed");
    },
  }),
  law({
    id: "F2-ranked",
    statement: "no program has a turn while one with a higher priority is ready",
    runs: 40,
    cases: ranked,
    holds: (drawn) => highestRuns(runMachine(rankedMachine(drawn)).log),
  }),
];
