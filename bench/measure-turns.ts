/** Guests that take turns: whole commands, and what it takes to prepare a module, beside Asyncify. */
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { besidePath, cliPath, type Cost, guestPath, runNode } from "./child-process.ts";
import { type Figure, least, type Measured, most, type Scale } from "./figure.ts";
import { interleaved, ratios } from "./rounds.ts";

const resolved = (name: string): string => createRequire(import.meta.url).resolve(name);
const ESBUILD = resolved("@esbuild/wasi-preview1/esbuild.wasm");
const QUANTUM = "10000000";
const MEGABYTE = 2 ** 20;
/** Asyncify takes most of a minute. */
const MOST_ROUNDS = 3;

/** esbuild bundles rxjs: recorded, pre-empted, from the cache; and on node:wasi. */
function measureEsbuild({ rounds, folder }: Scale): Figure[] {
  const work = join(folder, "work");
  mkdirSync(work);
  cpSync(dirname(resolved("rxjs/package.json")), join(work, "source"), { recursive: true });
  const recording = join(folder, "recording");
  const args = [
    "--bundle",
    "/source/dist/esm/index.js",
    "--format=esm",
    "--outfile=/out.js",
    "--log-level=error",
  ];
  const foldos = (flags: readonly string[]): number => {
    const words = ["run", "--record", recording, ...flags, "--dir", `${work}::/`, ESBUILD, ...args];
    const { wallMillis } = runNode([cliPath, ...words], folder);
    rmSync(recording, { recursive: true });
    return wallMillis;
  };
  const turns = ["--quantum", QUANTUM];
  process.env["FOLDOS_CACHE"] = join(folder, "cache");
  foldos(turns);
  const costs = interleaved(rounds, {
    turns: () => foldos(turns),
    alone: () => foldos([]),
    node: () => runNode([besidePath("node-wasi-child.js"), ESBUILD, work, ...args], folder).wallMillis,
  });
  const what = "esbuild bundles rxjs, recorded: the whole command";
  return [
    {
      what: `${what}, pre-empted every 10 M ticks, transformed before`,
      against: "node:wasi on host files",
      unit: "x",
      samples: ratios(costs.turns, costs.node),
      floor: most(2),
    },
    {
      what,
      against: "node:wasi on host files",
      unit: "x",
      samples: ratios(costs.alone, costs.node),
      floor: null,
    },
  ];
}

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

export const measureTurns = (scale: Scale): Measured => ({
  figures: [...measureEsbuild(scale), ...measureAsyncify(scale)],
});
