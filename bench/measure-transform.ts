/**
 * What it costs that a process can be suspended: programs transformed, never and often pre-empted, against the same
 * programs as they are; the transform itself; one suspension; images. CPU time of the whole process.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { SUSPEND } from "../guests/suspendable/instance-host.ts";
import { SuspendableInstance } from "../guests/suspendable/suspendable-instance.ts";
import { SuspendableProgram } from "../guests/suspendable/suspendable-program.ts";
import { transformCached } from "../guests/transform-cache/transform-cached.ts";
import { transformModule } from "../guests/transform/transform-module.ts";
import { exportOf, importOf, moduleOf, section, vector } from "../guests/module/module-builder.ts";
import { guestPath } from "./child-process.ts";
import { type Figure, type Measured, most, type Scale } from "./figure.ts";
import { measureImages } from "./measure-image.ts";
import { measureNans } from "./measure-nans.ts";
import { cpuMillis, interleaved, ratios } from "./rounds.ts";
import { runPlainProgram, type ShimProgram } from "./shim-program.ts";
import { programOf, runSuspendedProgram } from "./suspended-program.ts";

const SCRIPT = `function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
var s = 0; for (var i = 0; i < 300000; i++) s = (s * 31 + i) | 0;
var o = {}; for (var i = 0; i < 20000; i++) o["k" + (i % 1000)] = (o["k" + (i % 1000)] || 0) + i;
var a = []; for (var i = 0; i < 50000; i++) a.push((i * 7919) % 10007);
a.sort(function (x, y) { return x - y; });
var t = ""; for (var i = 0; i < 20000; i++) t += String.fromCharCode(97 + (i % 26));
print(fib(24), s, a[100], t.replace(/[aeiou]/g, "").length, JSON.stringify(o).length);
`;

const sql = (rows: number): string => `CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER, b TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<${rows})
  INSERT INTO t SELECT i, (i*7919)%1009, 'name'||(i%100) FROM n;
CREATE INDEX ta ON t(a);
SELECT b, count(*), sum(a) FROM t GROUP BY b ORDER BY 3 DESC LIMIT 5;
`;

const SWITCH_TICKS = 10_000_000;
/** Until V8 has compiled what is hot, costs are those of its compilers. */
const WARM_UP_ROUNDS = 5;

/** A number for each way to run a transformed program. */
interface ByWay<Value> {
  /** It has no bound. */
  readonly lone: Value;
  /** Every 10 M ticks it asks for more, and has them. */
  readonly refilled: Value;
  /** Every 10 M ticks it is suspended, and goes on. */
  readonly switched: Value;
}

type Ratios = ByWay<readonly number[]>;

const ways: ByWay<string> = {
  lone: "never suspended",
  refilled: "never suspended, its ticks given anew every 10 M",
  switched: "suspended and resumed every 10 M ticks",
};

function compared(program: ShimProgram, rounds: number): Ratios {
  const transformed = programOf(program.path);
  const turn = (quantum: number, isRefilled: boolean) => (): number =>
    cpuMillis(
      () =>
        void runSuspendedProgram(transformed, program, { quantum, waits: false, restores: 0, isRefilled }),
    );
  const contenders = {
    plain: () => cpuMillis(() => runPlainProgram(program)),
    lone: turn(Number.POSITIVE_INFINITY, false),
    refilled: turn(SWITCH_TICKS, true),
    switched: turn(SWITCH_TICKS, false),
  };
  interleaved(WARM_UP_ROUNDS, contenders);
  const { plain, lone, refilled, switched } = interleaved(rounds, contenders);
  return {
    lone: ratios(lone, plain),
    refilled: ratios(refilled, plain),
    switched: ratios(switched, plain),
  };
}

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** By round, the mean over all programs. */
const meanOf = (all: readonly (readonly number[])[]): number[] =>
  (all[0] ?? []).map((_, round) => geometricMean(all.map((one) => one[round] ?? Number.NaN)));

function figuresOf(what: string, samples: Ratios, floors: ByWay<number>): Figure[] {
  const against = "the plain module in V8: CPU time";
  return (Object.keys(ways) as (keyof Ratios)[]).map((way) => ({
    what: `${what}, ${ways[way]}`,
    against,
    unit: "x",
    samples: samples[way],
    floor: most(floors[way]),
  }));
}

function measurePrograms({ rounds, isQuick }: Scale): Figure[] {
  const size = (count: number): string => `${isQuick ? Math.ceil(count / 10) : count}`;
  const kernels: readonly (readonly [string, string])[] = [
    ["n-body", size(1_000_000)],
    ["sort", size(500_000)],
    ["fib", isQuick ? "25" : "34"],
    ["sieve", size(10_000_000)],
    ["matmul", isQuick ? "100" : "400"],
    ["collatz", size(1_000_000)],
  ];
  const small = [
    compared({ path: guestPath("cpu-bound"), args: [size(300)] }, rounds),
    ...kernels.map((args) => compared({ path: guestPath("cpu-kernels"), args }, rounds)),
  ];
  const quickJs = { path: guestPath("qjs"), args: ["/bench.js"], files: { "bench.js": Buffer.from(SCRIPT) } };
  const rows = isQuick ? 5000 : 300_000;
  const sqlite = {
    path: guestPath("sqlite"),
    args: ["/new.db", "@/bench.sql"],
    files: { "bench.sql": Buffer.from(sql(rows)) },
  };
  return [
    ...figuresOf(
      "sha256, n-body, sort, fib, sieve, matmul, collatz: geometric mean",
      {
        lone: meanOf(small.map(({ lone }) => lone)),
        refilled: meanOf(small.map(({ refilled }) => refilled)),
        switched: meanOf(small.map(({ switched }) => switched)),
      },
      { lone: 1.3, refilled: 1.4, switched: 1.7 },
    ),
    ...figuresOf("QuickJS", compared(quickJs, rounds), { lone: 1.5, refilled: 1.8, switched: 2.6 }),
    ...figuresOf(`SQLite, ${rows} rows, index, group by`, compared(sqlite, rounds), {
      lone: 1.5,
      refilled: 2.1,
      switched: 2.6,
    }),
  ];
}

function measureOnce({ rounds, isQuick, folder }: Scale): Figure[] {
  const esbuild = createRequire(import.meta.url).resolve("@esbuild/wasi-preview1/esbuild.wasm");
  const files: readonly (readonly [string, string, number])[] = [
    ["SQLite, 0.7 MB", guestPath("sqlite"), 5],
    ...(isQuick ? [] : ([["esbuild, 20 MB", esbuild, 20]] as const)),
  ];
  return files.flatMap(([name, path, seconds]) => {
    const bytes = readFileSync(path);
    const length = Math.min(rounds, 3);
    const samples = Array.from({ length }, () => cpuMillis(() => transformModule(bytes)) / 1000);
    const loads = cachedLoads(bytes, { folder, length });
    return [
      { what: `transform of ${name}`, against: "-", unit: "s", samples, floor: most(seconds) },
      {
        what: `${name}, transformed, from the cache`,
        against: "transforming it: CPU time",
        unit: "x",
        samples: ratios(loads, samples),
        floor: most(0.1),
      },
    ];
  });
}

/** Seconds that it takes to load what is cached of a module. */
function cachedLoads(bytes: Uint8Array, { folder, length }: { folder: string; length: number }): number[] {
  const load = (): unknown => transformCached(bytes, {}, { folder: join(folder, "cache") });
  load();
  return Array.from({ length }, () => cpuMillis(load) / 1000);
}

const SUSPENSIONS = 100_000;

/** A loop that calls a function that calls the outside, which always lets it wait. */
function waitingModule(): Uint8Array {
  const loop = [1, 1, 0x7f, 0x41, 0xa0, 0x8d, 0x06, 0x21, 0];
  loop.push(0x03, 0x40, 0x10, 2, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, 0x0b);
  const inner = [1, 1, 0x7f, 0x41, 5, 0x21, 0, 0x10, 0, 0x20, 0, 0x1a, 0x0b];
  return moduleOf(
    section(1, [1, 0x60, 0, 0]),
    section(2, vector(importOf("outside", "wait", 0, 0))),
    section(3, [2, 0, 0]),
    section(5, [1, 0, 16]),
    section(7, vector(exportOf("_start", 0, 1), exportOf("memory", 2, 0))),
    section(10, vector([loop.length, ...loop], [inner.length, ...inner])),
  );
}

function measureSuspension(rounds: number): Figure {
  const result = transformModule(waitingModule());
  if (!result.ok) throw new Error(result.error.what);
  const program = new SuspendableProgram(result.value);
  const run = (): void => {
    const instance = new SuspendableInstance(program, { call: () => SUSPEND });
    let end = instance.run(Number.POSITIVE_INFINITY);
    while (end.kind === "waiting") {
      instance.answer(undefined);
      end = instance.run(0);
    }
  };
  run();
  const samples = Array.from({ length: rounds }, () => (cpuMillis(run) * 1000) / SUSPENSIONS);
  return {
    what: "one suspension and resumption, two frames",
    against: "-",
    unit: "us",
    samples,
    floor: most(2),
  };
}

export function measureTransform(scale: Scale): Measured {
  const { rounds } = scale;
  return {
    figures: [
      ...measurePrograms(scale),
      ...measureNans(scale),
      ...measureOnce(scale),
      measureSuspension(rounds),
      ...measureImages(rounds),
    ],
    notes: [`Each program had ${WARM_UP_ROUNDS} rounds before those that count.`],
  };
}
