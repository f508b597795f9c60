/** A few of the power cuts of property-tests/power: the same ones each time, unless FOLDOS_SEED says otherwise. */
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { seededRandom } from "../../core/random.ts";
import { Bench, type CutRun, differences, type Undisturbed } from "../power/power-cut.ts";
import { type Workload, workloads } from "../power/workloads.ts";
import { inFreshDirectory, inTurns } from "./foldos-command.ts";

jest.setTimeout(180_000);

const KILLS = 3;
const seed = Number(process.env["FOLDOS_SEED"] ?? 1);
/** esbuild takes as long as all others; real-programs.test.ts cuts it off. */
const chosen = workloads.filter(({ name }) => name !== "esbuild");

interface Outcome {
  readonly expected: Undisturbed;
  readonly run: CutRun;
  readonly replays: boolean;
}

const cutOff = (workload: Workload, index: number): Promise<Outcome> =>
  inFreshDirectory(async (home) => {
    const expected = await new Bench(workload, join(home, "undisturbed")).undisturbed();
    const bench = new Bench(workload, join(home, "cut"));
    const run = await bench.cut(seededRandom(seed + index), KILLS, expected.millis);
    return { expected, run, replays: await bench.replays() };
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
    expect(differences(expected.seen, run)).toEqual([]);
    expect(replays).toBe(true);
  },
);

test("the power is cut often enough", async () => {
  const runs = await Promise.all([...outcomes.values()].map(async (outcome) => (await outcome).run));
  const kills = runs.reduce((sum, { kills: count, early }) => sum + count - early, 0);
  expect(kills).toBeGreaterThan(0);
});
