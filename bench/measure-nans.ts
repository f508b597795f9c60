/** What it costs that NaNs have the same bits everywhere: a program that computes with floating point, with and without. */
import { guestPath } from "./child-process.ts";
import type { Figure, Scale } from "./figure.ts";
import { cpuMillis, interleaved, ratios } from "./rounds.ts";
import { programOf, runSuspendedProgram } from "./suspended-program.ts";

const WARM_UP_ROUNDS = 5;

export function measureNans({ rounds, isQuick }: Scale): Figure[] {
  const path = guestPath("cpu-kernels");
  const program = { path, args: ["n-body", isQuick ? "100000" : "1000000"] };
  const run = (canonicalNans: boolean): (() => number) => {
    const transformed = programOf(path, { canonicalNans });
    const turns = { quantum: Number.POSITIVE_INFINITY, waits: false, restores: 0 };
    return () => cpuMillis(() => void runSuspendedProgram(transformed, program, turns));
  };
  const contenders = { canonical: run(true), raw: run(false) };
  interleaved(WARM_UP_ROUNDS, contenders);
  const { canonical, raw } = interleaved(rounds, contenders);
  return [
    {
      what: "n-body, never suspended, NaNs made canonical",
      against: "transformed without that: CPU time",
      unit: "x",
      samples: ratios(canonical, raw),
      floor: null,
    },
  ];
}
