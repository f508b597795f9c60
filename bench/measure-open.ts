/** Opening a long recording and a short one of the same machine. */
import { RecordingStore } from "../replay/recording-store.ts";
import { Timeline } from "../replay/timeline.ts";
import { type Figure, most } from "./figure.ts";
import { interleaved, ratios, wallMillis } from "./rounds.ts";

const LEAST_ROUNDS = 31;

interface Compared {
  readonly path: string;
  readonly events: number;
}

export function openFigures(long: Compared, short: Compared, rounds: number): readonly Figure[] {
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
    long: opening(long.path, onlyOpen),
    short: opening(short.path, onlyOpen),
    longEnd: opening(long.path, lookAtEnd),
    shortEnd: opening(short.path, lookAtEnd),
  });
  const name = `opening a recording of ${long.events.toLocaleString("en")} events`;
  const one = `one of ${short.events.toLocaleString("en")}`;
  return [
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
  ];
}
