/** Opening a long recording, going to any moment of it, and a step back, as somebody at a debugger does. */
import { join } from "node:path";
import { seededRandom } from "../core/random.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { Timeline } from "../replay/timeline.ts";
import { type Figure, type Measured, most, quantile, type Scale } from "./figure.ts";
import { openFigures } from "./measure-open.ts";
import { cpuMillis } from "./rounds.ts";
import { recordSynthetic, usualMachine } from "./synthetic-recording.ts";

const GROUP_EVENTS = 20_000;
const STEPS_A_PLACE = 250;
const SHORT = 10_000;
/** So few processes that starting them leaves room for their doings. */
const smallMachine = { ...usualMachine, processes: 20 };

function heapMegabytes(): number {
  return process.memoryUsage().heapUsed / 2 ** 20;
}

export function measureSeek({ rounds, isQuick, folder }: Scale): Measured {
  const count = isQuick ? 100_000 : 10_000_000;
  const path = join(folder, "recording");
  const { events } = recordSynthetic({ path, events: count, groupEvents: GROUP_EVENTS });
  const shortPath = join(folder, "short");
  const short = recordSynthetic({
    path: shortPath,
    events: SHORT,
    groupEvents: GROUP_EVENTS,
    machine: smallMachine,
  });
  const store = RecordingStore.open(path, { write: false });
  const timeline = new Timeline(store);
  const heapBefore = heapMegabytes();
  const warmMillis = cpuMillis(() => void [...timeline.warm()]);
  const heap = heapMegabytes() - heapBefore;
  const random = seededRandom(3);
  const seeks: number[] = [];
  const steps: number[] = [];
  for (let place = 0; place < (isQuick ? 400 : 2_000); place += 1) {
    const moment = random.below(events);
    seeks.push(cpuMillis(() => void timeline.seek(moment)));
  }
  for (let place = 0; place < (isQuick ? 10 : 100); place += 1) {
    timeline.seek(STEPS_A_PLACE + random.below(events - STEPS_A_PLACE));
    for (let step = 0; step < STEPS_A_PLACE; step += 1) steps.push(cpuMillis(() => timeline.stepBack()));
  }
  store.close();
  const opened = openFigures({ path, events }, { path: shortPath, events: short.events }, rounds);
  const what = `warm seek, ${events.toLocaleString("en")} events`;
  const figure = (name: string, samples: readonly number[], share: number, floor: number | null): Figure => ({
    what: `${name}: p${share * 100} of ${samples.length.toLocaleString("en")}`,
    against: "-",
    unit: "ms CPU",
    samples: [quantile(samples, share)],
    floor: floor === null ? null : most(floor),
  });
  return {
    figures: [
      figure(what, seeks, 0.5, null),
      figure(what, seeks, 0.99, 16),
      figure("step back", steps, 0.5, null),
      figure("step back", steps, 0.99, 1),
      figure("step back", steps, 1, null),
      ...opened,
    ],
    notes: [
      `Seeks go to moments drawn at random, after the idle time that warms a timeline: ${(warmMillis / 1000).toFixed(1)} s, and ${heap.toFixed(0)} MiB of marks.`,
    ],
  };
}
