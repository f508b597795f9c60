/** A machine whose power was cut: how soon it lives again, from its last image and from the start, after short and long lives. */
import { join } from "node:path";
import { endOf } from "../replay/log-reader.ts";
import type { RecordingStore } from "../replay/recording-store.ts";
import { type Figure, least, type Measured, median, most, type Scale } from "./figure.ts";
import { cutOff, millisToLive } from "./killed-machine.ts";
import { plantOrders } from "./order-machine.ts";
import { ratios } from "./rounds.ts";

/** What `foldos boot` has where nobody says how many. */
const USUAL_MEBIBYTES = 64;
/** So many of the last distances between two images say what is usual. */
const LAST_IMAGES = 9;
/** Running all of a long life again takes a minute. */
const MOST_RERUNS = 3;

interface Life {
  readonly events: number;
  readonly recording: string;
}

/** True if half of the events that usually lie between two images have happened behind the last: sizes differ in nothing else. */
function isHalfWay(store: RecordingStore, least: number): boolean {
  const { seq } = endOf(store);
  if (seq < least) return false;
  const images: number[] = [];
  for (const image of store.imagesBefore(seq)) if (images.push(image.seq) > LAST_IMAGES) break;
  const distances = images.slice(1).map((each, index) => (images[index] as number) - each);
  return seq - (images[0] ?? 0) >= median(distances) / 2;
}

const inSeconds = (millis: readonly number[]): number[] => millis.map((each) => each / 1000);
const count = (events: number): string => events.toLocaleString("en");

export async function measureResume({ rounds, isQuick, folder }: Scale): Promise<Measured> {
  const sizes = isQuick ? [20_000, 40_000] : [100_000, 300_000, 1_000_000];
  const machine = plantOrders(folder);
  const life = async (name: string, imageMebibytes: number, size: number): Promise<Life> => {
    const recording = join(folder, name);
    const isTime = (store: RecordingStore): boolean =>
      imageMebibytes > 0 ? isHalfWay(store, size) : endOf(store).seq >= size;
    return { recording, events: await cutOff({ machine, recording, imageMebibytes, isTime }) };
  };
  const lives: Life[] = [];
  for (const size of sizes) lives.push(await life(`images-${size}`, USUAL_MEBIBYTES, size));
  const longest = lives.at(-1) as Life;
  const without = await life("no-images", 0, longest.events);
  const times = lives.map((): number[] => []);
  const reruns: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { recording }] of lives.entries())
      times[index]?.push(await millisToLive(recording, folder));
    if (round < MOST_RERUNS) reruns.push(await millisToLive(without.recording, folder));
  }
  return { figures: figuresOf({ lives, times, without, reruns }, isQuick), notes: [NOTE] };
}

const NOTE =
  "Resume: three programs (QuickJS) joined by pipes, killed by SIGKILL when half of the events that lie between two images have happened behind the last one. Time is from the start of the command to its powered-on event.";

interface Resumed {
  readonly lives: readonly Life[];
  readonly times: readonly (readonly number[])[];
  readonly without: Life;
  readonly reruns: readonly number[];
}

function figuresOf({ lives, times, without, reruns }: Resumed, isQuick: boolean): Figure[] {
  const shortest = lives[0] as Life;
  const longest = lives.at(-1) as Life;
  const first = times[0] as readonly number[];
  const last = times.at(-1) as readonly number[];
  const what = (events: number): string => `resume of a machine with ${count(events)} events`;
  return [
    {
      what: `${what(longest.events)}: speed`,
      against: `one with ${count(without.events)} and no images, run again from its start`,
      unit: "x",
      samples: ratios(reruns, last.slice(0, reruns.length)),
      floor: isQuick ? null : least(20),
    },
    {
      what: what(longest.events),
      against: `of one with ${count(shortest.events)}`,
      unit: "x",
      samples: ratios(last, first),
      floor: isQuick ? null : most(1.3),
    },
    ...lives.map(({ events }, index) => ({
      what: what(events),
      against: "-",
      unit: "s",
      samples: inSeconds(times[index] ?? []),
      floor: null,
    })),
    {
      what: `the same of one with ${count(without.events)} and no images`,
      against: "-",
      unit: "s",
      samples: inSeconds(reruns),
      floor: null,
    },
  ];
}
