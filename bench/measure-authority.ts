/** What it costs to record by which capability each thing was done: the same logs recorded with that field and without. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { besidePath } from "./child-process.ts";
import { type Figure, type Measured, most, type Scale } from "./figure.ts";
import { recordTraffic } from "./measure-questions.ts";
import { recordReal } from "./real-recordings.ts";
import { interleaved, ratios } from "./rounds.ts";

const MOST_TIMES = 1.03;

interface Recorded {
  readonly events: number;
  /** Bytes of all groups, as they are hashed, and as they lie on disk. */
  readonly raw: number;
  readonly deflated: number;
  readonly millis: number;
}

function recorded(which: "with" | "without", paths: readonly string[]): Recorded {
  const words = ["--no-warnings", besidePath("authority-child.js"), which, ...paths];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8" })) as Recorded;
}

/** `wholeMillis` is what recording it took, from the start of the command to its end; null where no command did. */
function figuresOf(
  name: string,
  paths: readonly string[],
  wholeMillis: number | null,
  rounds: number,
): readonly Figure[] {
  const runs = { with: [] as Recorded[], without: [] as Recorded[] };
  const turn = (which: "with" | "without") => (): number => {
    const run = recorded(which, paths);
    runs[which].push(run);
    return run.millis;
  };
  const costs = interleaved(rounds, { with: turn("with"), without: turn("without") });
  const [one, other] = [runs.with[0] as Recorded, runs.without[0] as Recorded];
  const what = `${one.events.toLocaleString("en")} events of ${name}, recorded by which capability`;
  const figure = (of: string, samples: readonly number[]): Figure => ({
    what: `${what}: ${of}`,
    against: "the same log without that field",
    unit: "x",
    samples,
    floor: most(MOST_TIMES),
  });
  const less = costs.with.map((millis, round) => millis - (costs.without[round] as number));
  return [
    ...(wholeMillis === null
      ? []
      : [
          figure(
            "CPU time of the whole runs",
            less.map((millis) => wholeMillis / (wholeMillis - millis)),
          ),
        ]),
    { ...figure("CPU time of the recorder alone", ratios(costs.with, costs.without)), floor: null },
    figure("bytes of its groups, deflated", [one.deflated / other.deflated]),
    { ...figure("bytes of its groups, as they are hashed", [one.raw / other.raw]), floor: null },
  ];
}

export function measureAuthority({ rounds, isQuick, folder }: Scale): Measured {
  const recordings = recordReal(folder, isQuick);
  const real = recordings.map(({ name }) => join(folder, `recording-${name}`));
  const wholeMillis = recordings.reduce((sum, { cpuMillis }) => sum + cpuMillis, 0);
  const traffic = join(folder, "traffic");
  recordTraffic(traffic, isQuick ? 100_000 : 300_000);
  return {
    figures: [
      ...figuresOf("real programs", real, wholeMillis, rounds),
      ...figuresOf("processes that hand each other capabilities", [traffic], null, rounds),
    ],
    notes: [
      "Authority: each event is encoded, decoded from its bytes and folded, each group is hashed and deflated; once by the kernel's declarations, and once by the same without the field `by`. Each contender has a process of its own in each round, compiles before it counts, and counts the least disturbed of five times. What that comes to is held against the processor time of the whole runs that recorded them.",
    ],
  };
}
