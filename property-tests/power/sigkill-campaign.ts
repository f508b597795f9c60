/**
 * node dist/property-tests/power/sigkill-campaign.js [--kills N] [--seed N] [--only WORKLOAD]
 *
 * Cuts the power of real runs N times and says what came of it. Exits with 1 if anything was lost, doubled or different; what a
 * failing run left behind is kept, and its place printed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { seededRandom } from "../../core/random.ts";
import { atSomeTime, Bench, differences } from "./power-cut.ts";
import { type Workload, workloads } from "./workloads.ts";

interface Figures {
  runs: number;
  kills: number;
  early: number;
  replayed: number;
  failures: number;
}

/** Every so many runs, the recording that came of it is replayed too. */
const REPLAY_EVERY = 3;
const MOST_KILLS_OF_A_RUN = 4;

async function campaign(workload: Workload, kills: number, seed: number): Promise<Figures> {
  const random = seededRandom(seed);
  const home = mkdtempSync(join(tmpdir(), "foldos-power-"));
  const expected = await new Bench(workload, join(home, "undisturbed")).undisturbed();
  const figures: Figures = { runs: 0, kills: 0, early: 0, replayed: 0, failures: 0 };
  // A run that ends before the kill comes brings no kill, so there is an end to the runs too.
  while (figures.kills < kills && figures.runs < 3 * kills + 3) {
    const place = join(home, `run-${figures.runs}`);
    const bench = new Bench(workload, place);
    const most = Math.min(kills - figures.kills, 1 + random.below(MOST_KILLS_OF_A_RUN));
    const run = await bench.cut(Array.from({ length: most }, () => atSomeTime(random, expected.millis)));
    const found = [...differences(expected.seen, run)];
    figures.runs += 1;
    figures.kills += run.kills;
    figures.early += run.early;
    if (figures.runs % REPLAY_EVERY === 0) {
      figures.replayed += 1;
      if (!(await bench.replays())) found.push("the recording does not replay equal");
    }
    if (found.length === 0) rmSync(place, { recursive: true, force: true });
    else {
      figures.failures += 1;
      for (const what of found)
        process.stdout.write(`${workload.name}, ${place}, ${run.kills} kills: ${what}\n`);
    }
  }
  if (figures.failures === 0) rmSync(home, { recursive: true, force: true });
  return figures;
}

const { values } = parseArgs({
  options: { kills: { type: "string" }, seed: { type: "string" }, only: { type: "string" } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const chosen = workloads.filter(({ name }) => values.only === undefined || name === values.only);
const each = Math.ceil(Number(values.kills ?? 200) / chosen.length);
process.stdout.write(
  `seed ${seed}\n| workload | runs | kills | before the program began | replayed | failures | seconds |\n`,
);
let failures = 0;
for (const [index, workload] of chosen.entries()) {
  const from = performance.now();
  const figures = await campaign(workload, each, seed + index);
  const seconds = ((performance.now() - from) / 1000).toFixed(0);
  failures += figures.failures;
  const { runs, kills, early, replayed } = figures;
  process.stdout.write(
    `| ${workload.name} | ${runs} | ${kills} | ${early} | ${replayed} | ${figures.failures} | ${seconds} |\n`,
  );
}
process.exitCode = failures === 0 ? 0 : 1;
