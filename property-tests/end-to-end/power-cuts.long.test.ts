/** A few of the power cuts of property-tests/power: the same ones each time, unless FOLDOS_SEED says otherwise. */
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { eventsIn } from "../../cli/events-in.ts";
import { seededRandom } from "../../core/random.ts";
import { atEvents, Bench, type CutRun, differences, type Undisturbed } from "../power/power-cut.ts";
import { type Workload, workloads } from "../power/workloads.ts";
import { inFreshDirectory, inTurns } from "./foldos-command.ts";

jest.setTimeout(300_000);

const KILLS = 3;
const MOST_TRIES = 6;
const seed = Number(process.env["FOLDOS_SEED"] ?? 1);
/** esbuild takes as long as all others; real-programs.test.ts cuts it off, and images.test.ts those that are written down. */
const chosen = workloads.filter(({ name }) => name !== "esbuild" && !name.includes("images"));

interface Outcome {
  readonly expected: Undisturbed;
  readonly run: CutRun;
  readonly replays: boolean;
}

const isCut = ({ kills }: CutRun): boolean => kills > 0;

/** Cuts a run off at random events; if it was quicker than the power cut, another one, earlier. */
const cutOff = (workload: Workload, index: number): Promise<Outcome> =>
  inFreshDirectory(async (home) => {
    const undisturbed = new Bench(workload, join(home, "undisturbed"));
    const expected = await undisturbed.undisturbed();
    const events = eventsIn(undisturbed.recording);
    const random = seededRandom(seed + index);
    for (let tries = 1; ; tries += 1) {
      const bench = new Bench(workload, join(home, `cut-${tries}`));
      const moments = Array.from({ length: KILLS }, () => 1 + random.below(Math.ceil(events / tries)));
      moments.sort((one, other) => one - other);
      const run = await bench.cut(moments.map((moment) => atEvents(bench.recording, moment)));
      const isWrong = differences(expected.seen, run).length > 0;
      if (isCut(run) || isWrong || tries === MOST_TRIES)
        return { expected, run, replays: await bench.replays() };
    }
  });

const turn = inTurns(2);
const outcomes = new Map(
  chosen.map((workload, index) => {
    const outcome = turn(() => cutOff(workload, index));
    // Its test hears of a failure; until then it is none of node's business.
    outcome.catch(() => {});
    return [workload.name, outcome];
  }),
);

test.each(chosen.map(({ name }) => [name]))(
  "%s, killed and resumed, loses nothing, prints nothing twice and replays equal",
  async (name) => {
    const outcome = await outcomes.get(name);
    if (outcome === undefined) throw new Error(name);
    const { expected, run, replays } = outcome;
    expect(expected.seen.code).toBe(0);
    expect(run.kills).toBeGreaterThan(0);
    expect(differences(expected.seen, run)).toEqual([]);
    expect(replays).toBe(true);
  },
);
