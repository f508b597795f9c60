/** The most memory of a run, and of one ten times as long. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cliPath, type Cost, guestPath, runNode } from "./child-process.ts";
import { type Measured, most, type Scale } from "./figure.ts";
import { ratios } from "./rounds.ts";

const MEGABYTE = 2 ** 20;
const MOST_ROUNDS = 3;

export function measureMemory({ rounds, isQuick, folder }: Scale): Measured {
  // The short run takes seconds, so that it is past its beginning.
  const count = isQuick ? 20_000 : 3_000_000;
  const run = (times: number): Cost => {
    const work = join(folder, "work");
    const recording = join(folder, "recording");
    mkdirSync(work);
    const program = [guestPath("syscall-mix"), String(times)];
    const cost = runNode(
      [cliPath, "run", "--record", recording, "--dir", `${work}::/`, ...program],
      folder,
      "watched",
    );
    rmSync(work, { recursive: true });
    rmSync(recording, { recursive: true });
    return cost;
  };
  const long: Cost[] = [];
  const short: Cost[] = [];
  for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round += 1) {
    long.push(run(count * 10));
    short.push(run(count));
  }
  const held = ({ heldBytes }: Cost): number => heldBytes / MEGABYTE;
  const peak = ({ peakBytes }: Cost): number => peakBytes / MEGABYTE;
  const events = (times: number): string => (times * 3).toLocaleString("en");
  const figure = (what: string, samples: readonly number[], against = "-", floor: number | null = null) => ({
    what: `${what} of a run of ${events(against === "-" ? count : count * 10)} events`,
    against,
    unit: against === "-" ? "MiB" : "x",
    samples,
    floor: floor === null ? null : most(floor),
  });
  const peer = `of ${events(count)}`;
  return {
    figures: [
      figure("memory held", ratios(long.map(held), short.map(held)), peer, 1.1),
      figure("peak memory", ratios(long.map(peak), short.map(peak)), peer),
      figure("memory held", short.map(held)),
      figure("peak memory", short.map(peak)),
    ],
    notes: [
      "Memory: the process's own (RssAnon; the recording's mapped file is the system's to take back), looked at every 20 ms. What is held is the median of the second half of a run; a peak is where a group was large just before garbage was collected, and a longer run meets a higher one.",
    ],
  };
}
