/** What it takes to prepare a module for turns, beside Asyncify. */
import { createRequire } from "node:module";
import { besidePath, type Cost, guestPath, runNode } from "./child-process.ts";
import { type Figure, least, type Measured, type Scale } from "./figure.ts";
import { ratios } from "./rounds.ts";

const ESBUILD = createRequire(import.meta.url).resolve("@esbuild/wasi-preview1/esbuild.wasm");
const MEGABYTE = 2 ** 20;
/** Asyncify takes most of a minute. */
const MOST_ROUNDS = 3;

/** Preparing a module, each time in a process of its own. */
function measureAsyncify({ rounds, isQuick, folder }: Scale): Figure[] {
  const path = guestPath(isQuick ? "cpu-kernels" : "sqlite");
  const name = isQuick ? "a small program" : "SQLite, 0.7 MB";
  const prepare = (module: string, how: "ours" | "asyncify"): Cost =>
    runNode([besidePath("transform-child.js"), module, how], folder, "watched");
  const ours: Cost[] = [];
  const theirs: Cost[] = [];
  for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round += 1) {
    ours.push(prepare(path, "ours"));
    theirs.push(prepare(path, "asyncify"));
  }
  const cpu = ({ cpuMillis }: Cost): number => cpuMillis;
  const peak = (what: string, costs: readonly Cost[]): Figure => ({
    what: `peak memory of ${what}`,
    against: "-",
    unit: "MiB",
    samples: costs.map(({ peakBytes }) => peakBytes / MEGABYTE),
    floor: null,
  });
  return [
    {
      what: `transform of ${name}: the whole process, speed`,
      against: "Asyncify (Binaryen) of the same, CPU time",
      unit: "x",
      samples: ratios(theirs.map(cpu), ours.map(cpu)),
      floor: isQuick ? null : least(10),
    },
    peak(`transforming ${name}`, ours),
    peak(`Asyncify, ${name}`, theirs),
    ...(isQuick ? [] : [peak("transforming esbuild, 20 MB", [prepare(ESBUILD, "ours")])]),
  ];
}

export const measurePreparing = (scale: Scale): Measured => ({
  figures: measureAsyncify(scale),
});
