/** Opening a long recording and a short one of the same machine. */
import { join } from "node:path";
import { RecordingStore } from "../replay/recording-store.ts";
import { Timeline } from "../replay/timeline.ts";
import { type Measured, most, type Scale } from "./figure.ts";
import { interleaved, ratios, wallMillis } from "./rounds.ts";
import { recordSynthetic, usualMachine } from "./synthetic-recording.ts";

const SHORT = 10_000;
const LEAST_ROUNDS = 31;
/** Small, so that the short recording has the same machine at its end as the long one. */
const machine = { ...usualMachine, processes: 10, filesEach: 16 };

export function measureOpen({ rounds, isQuick, folder }: Scale): Measured {
  const long = isQuick ? 100_000 : 10_000_000;
  const paths = { long: join(folder, "long"), short: join(folder, "short") };
  recordSynthetic({ path: paths.short, events: SHORT, groupEvents: 1_000, machine });
  recordSynthetic({ path: paths.long, events: long, groupEvents: 20_000, machine });
  const opening = (path: string, look: (timeline: Timeline) => void) => () => {
    let store: RecordingStore | null = null;
    const cost = wallMillis(() => {
      store = RecordingStore.open(path, { write: false });
      look(new Timeline(store));
    });
    (store as RecordingStore | null)?.close();
    return cost;
  };
  const onlyOpen = (): void => {};
  const lookAtEnd = (timeline: Timeline): void => void timeline.seek(timeline.count - 1);
  const costs = interleaved(Math.max(rounds, LEAST_ROUNDS), {
    long: opening(paths.long, onlyOpen),
    short: opening(paths.short, onlyOpen),
    longEnd: opening(paths.long, lookAtEnd),
    shortEnd: opening(paths.short, lookAtEnd),
  });
  const name = `opening a recording of ${long.toLocaleString("en")} events`;
  const one = `one of ${SHORT.toLocaleString("en")}`;
  return {
    figures: [
      { what: name, against: one, unit: "x", samples: ratios(costs.long, costs.short), floor: most(2) },
      { what: name, against: "-", unit: "ms", samples: costs.long, floor: most(50) },
      {
        what: `${name}, and its last state`,
        against: one,
        unit: "x",
        samples: ratios(costs.longEnd, costs.shortEnd),
        floor: null,
      },
      { what: `${name}, and its last state`, against: "-", unit: "ms", samples: costs.longEnd, floor: null },
    ],
  };
}
