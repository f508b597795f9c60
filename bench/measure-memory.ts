/** The most memory of a run, and of one ten times as long. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cliPath, guestPath, runNode } from "./child-process.ts";
import { type Measured, most, type Scale } from "./figure.ts";
import { interleaved, ratios } from "./rounds.ts";

const MEGABYTE = 2 ** 20;
const MOST_ROUNDS = 3;

export function measureMemory({ rounds, isQuick, folder }: Scale): Measured {
  const count = isQuick ? 20_000 : 1_000_000;
  const peak = (times: number) => (): number => {
    const work = join(folder, "work");
    const recording = join(folder, "recording");
    mkdirSync(work);
    const words = [
      "run",
      "--record",
      recording,
      "--dir",
      `${work}::/`,
      guestPath("syscall-mix"),
      String(times),
    ];
    const { peakBytes } = runNode([cliPath, ...words], folder);
    rmSync(work, { recursive: true });
    rmSync(recording, { recursive: true });
    return peakBytes / MEGABYTE;
  };
  const costs = interleaved(Math.min(rounds, MOST_ROUNDS), { long: peak(count * 10), short: peak(count) });
  const events = (times: number): string => (times * 3).toLocaleString("en");
  return {
    figures: [
      {
        what: `peak memory of a run of ${events(count * 10)} events`,
        against: `of ${events(count)}`,
        unit: "x",
        samples: ratios(costs.long, costs.short),
        floor: most(1.1),
      },
      {
        what: `peak memory of a run of ${events(count)} events`,
        against: "-",
        unit: "MiB",
        samples: costs.short,
        floor: null,
      },
    ],
    notes: [
      "Memory: the most of its own (RssAnon) that the process had, looked at every 20 ms; the short run is as long as the rings between its threads are large.",
    ],
  };
}
