/**
 * The campaign of schedules: random machines of one urgent guest among others that compute; how late it is after each interrupt, in ticks
 * and in events, against the bound of ARCHITECTURE.md.
 *
 *   node dist/property-tests/schedules/campaign.js [SCHEDULES] [SEED]
 *
 * Exit code 0: none was later than the bound. 1: one was.
 */
import fc from "fast-check";
import { EVENTS_BOUND } from "../laws/urgent-scenario-laws.ts";
import { drawnLatencies } from "../model/urgent-latencies.ts";
import { delaysOf, type DrawnLatency, latencyBound } from "../model/urgent-scenarios.ts";

const USUAL_SCHEDULES = 100_000;
const USUAL_SEED = 20_260_101;
const AT_ONCE = 1000;
const MOST_SHOWN = 10;

interface Row {
  schedules: number;
  interrupts: number;
  ticks: number[];
  most: number;
  events: number;
}

/** By quantum. */
type Rows = Map<number, Row>;

function measure(rows: Rows, drawn: DrawnLatency): readonly string[] {
  const { quantum } = drawn;
  const row = rows.get(quantum) ?? { schedules: 0, interrupts: 0, ticks: [], most: 0, events: 0 };
  rows.set(quantum, row);
  row.schedules += 1;
  const bound = latencyBound(drawn);
  const late: string[] = [];
  for (const { ticks, events } of delaysOf(drawn)) {
    row.interrupts += 1;
    row.ticks.push(ticks);
    row.most = Math.max(row.most, ticks / bound);
    row.events = Math.max(row.events, events);
    if (ticks > bound || events > EVENTS_BOUND)
      late.push(`${ticks} ticks of ${bound}, ${events} events of ${EVENTS_BOUND}: ${JSON.stringify(drawn)}`);
  }
  return late;
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

function tell(rows: Rows): void {
  const lines = ["| quantum | schedules | interrupts | median | 99 % | most | most, of its bound | events |"];
  lines.push("|---:|---:|---:|---:|---:|---:|---:|---:|");
  for (const [quantum, { schedules, interrupts, ticks, most, events }] of [...rows].sort(
    ([a], [b]) => a - b,
  )) {
    const sorted = ticks.sort((one, other) => one - other);
    const shares = [percentile(sorted, 0.5), percentile(sorted, 0.99), sorted[sorted.length - 1] ?? 0];
    lines.push(
      `| ${quantum} | ${schedules} | ${interrupts} | ${shares.join(" | ")} | ${(100 * most).toFixed(1)} % | ${events} |`,
    );
  }
  process.stdout.write(`${lines.join("\n")}\n`);
}

function main(schedules: number, seed: number): number {
  const rows: Rows = new Map();
  let late = 0;
  for (let done = 0; done < schedules; done += AT_ONCE) {
    const numRuns = Math.min(AT_ONCE, schedules - done);
    for (const drawn of fc.sample(drawnLatencies, { seed: seed + done, numRuns })) {
      for (const line of measure(rows, drawn)) {
        late += 1;
        if (late <= MOST_SHOWN) process.stdout.write(`too late: ${line}\n`);
      }
    }
    if (done % (100 * AT_ONCE) === 0 && done > 0) process.stderr.write(`${done} of ${schedules}\n`);
  }
  tell(rows);
  process.stdout.write(
    `\n${schedules} schedules from seed ${seed}; ${late} interrupts were later than the bound\n`,
  );
  return late === 0 ? 0 : 1;
}

const [schedules, seed] = process.argv.slice(2).map(Number);
process.exitCode = main(schedules ?? USUAL_SCHEDULES, seed ?? USUAL_SEED);
