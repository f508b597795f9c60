import { EventFeed } from "../replay/event-feed.ts";
import type { Timeline } from "../replay/timeline.ts";
import { writerOf } from "../replay/writer-lock.ts";
import { exitCode } from "./exit-codes.ts";
import { follow } from "./follow.ts";
import { formatTime } from "./format-event.ts";
import { type Look, lookAt, momentOf, momentWord, parseWords } from "./look-at.ts";
import {
  type DomainColumn,
  domainColumn,
  STANDSTILL,
  standsStill,
  statusText,
  waitsText,
} from "./process-lines.ts";
import { oneOf } from "./run-flags.ts";
import { type Sample, type SampledProcess, Sampler } from "./top-sample.ts";
import { UsageError } from "./usage-error.ts";

const options = { interval: "string", once: "boolean", json: "boolean", sort: "string" } as const;

const MAX_INTERVAL_SECONDS = 86_400;

/** Which of two processes stands first; of equal ones the older does. */
const orders = {
  ticks: (one, other) => (other.newTicks ?? 0) - (one.newTicks ?? 0),
  calls: (one, other) => other.calls - one.calls,
  pid: (one, other) => one.pid - other.pid,
} as const satisfies Readonly<Record<string, (one: SampledProcess, other: SampledProcess) => number>>;

type Order = keyof typeof orders;

/** Says what each process of a machine does and has used: of a run that still goes again and again, else of all of it or a stretch. */
export function top(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words.map(stretchWord), { command: "top", options, most: 2 });
  const [recording, stretch] = positionals;
  const millis = intervalMillis(values.interval ?? "1");
  const order = oneOf("--sort", values.sort ?? "ticks", Object.keys(orders) as Order[]);
  return lookAt(recording, "top", async (look) => {
    const tell = teller(look, order, values.json === true);
    if (stretch !== undefined) tell(sampleBetween(look, stretch));
    else if (values.once === true || writerOf(look.path) === null) tell(new Samples(look).next());
    else await tellOften(look, millis, tell);
    return exitCode.done;
  });
}

/** `-9..-5` begins with no option. */
const stretchWord = (word: string): string =>
  /^-\d+\.\./.test(word) ? word.replace(/^-\d+/, momentWord) : word;

function intervalMillis(word: string): number {
  const seconds = Number(word);
  if (/^\d+(?:\.\d+)?$/.test(word) && seconds > 0 && seconds <= MAX_INTERVAL_SECONDS) return seconds * 1000;
  throw new UsageError(
    `--interval ${word}: seconds were expected, as 0.5 or 2, up to ${MAX_INTERVAL_SECONDS}`,
  );
}

interface Told extends Sample {
  readonly standsStill: boolean;
}

/** Samples of a recording from a moment on, each up to where its log ends by then. */
class Samples {
  readonly #look: Look;
  readonly #sampler: Sampler;
  readonly #feed: EventFeed;

  constructor(look: Look, from = -1) {
    this.#look = look;
    this.#sampler = new Sampler(look.timeline.stateAt(from), look.path);
    this.#feed = new EventFeed(look.timeline.groups, from + 1);
  }

  /** The sample up to a moment, which took so many seconds; null: as long as it took the machine. */
  next(seconds: number | null = null, to = this.#look.timeline.count - 1): Told {
    while (this.#feed.seq <= to) {
      const event = this.#feed.next();
      if (event === null) break;
      this.#sampler.take(event);
    }
    const sample = this.#sampler.sample(seconds);
    return { ...sample, standsStill: standsStill(this.#look.store, this.#sampler.state) };
  }

  get state(): Sampler["state"] {
    return this.#sampler.state;
  }
}

function sampleBetween(look: Look, stretch: string): Told {
  const [from, to] = momentsOf(stretch, look.timeline);
  return new Samples(look, from).next(null, to);
}

function momentsOf(stretch: string, timeline: Timeline): readonly [number, number] {
  const ends = /^(.+)\.\.(.+)$/.exec(stretch);
  if (ends === null)
    throw new UsageError(`${stretch}: two moments were expected, as 100..200; \`foldos help top\` says more`);
  const [from, to] = [momentOf(ends[1] as string, timeline), momentOf(ends[2] as string, timeline)];
  if (from > to) throw new UsageError(`${stretch}: the end is before the beginning`);
  return [from, to];
}

/** All of a run up to now, and then what comes in each interval. */
function tellOften(look: Look, pollMillis: number, tell: (sample: Told) => void): Promise<void> {
  const samples = new Samples(look);
  let toldAt: number | null = null;
  return follow(look, {
    pollMillis,
    tell: () => {
      const now = performance.now();
      tell(samples.next(toldAt === null ? null : (now - toldAt) / 1000));
      toldAt = now;
      return samples.state;
    },
  });
}

/** Prints samples: as JSON Lines; over each other on a terminal; else with an empty line between them. */
function teller({ path, output }: Look, order: Order, isJson: boolean): (sample: Told) => void {
  let isFirst = true;
  return (sample) => {
    const processes = [...sample.processes].sort(
      (one, other) => orders[order](one, other) || one.pid - other.pid,
    );
    if (isJson) return output.json({ ...sample, processes });
    const lines = textOf(path, { ...sample, processes });
    const { isTTY, rows, columns } = process.stdout;
    if (isTTY) output.text(screenOf(lines, { rows, columns, isFirst }));
    else for (const line of isFirst ? lines : ["", ...lines]) output.line(line);
    isFirst = false;
  };
}

interface Screen {
  readonly rows: number;
  readonly columns: number;
  readonly isFirst: boolean;
}

/** What to print to a terminal, so that it shows these lines, as far as it has room, and nothing of what it showed before. */
export function screenOf(lines: readonly string[], { rows, columns, isFirst }: Screen): string {
  const shown = lines.slice(0, Math.max(1, rows - 1)).map((line) => `${line.slice(0, columns)}\x1b[K\n`);
  return `${isFirst ? "\x1b[2J" : ""}\x1b[H${shown.join("")}\x1b[J`;
}

const grouped = (count: number): string => Math.round(count).toLocaleString("en-US");
const perSecond = (rate: number | null): string => (rate === null ? "" : ` (${grouped(rate)}/s)`);

function textOf(path: string, sample: Told): readonly string[] {
  const { from, to, seconds, events, ticks, running, ready, waiting, ended } = sample;
  const stretch = events === 0 ? `no events behind ${from - 1}` : `events ${from} to ${to - 1}`;
  const used = ticks === null ? "" : `, ${grouped(ticks)} ticks${perSecond(sample.ticksPerSecond)}`;
  const column = domainColumn(sample.processes);
  return [
    `${path}: ${stretch}, ${formatTime(Math.round(seconds * 1e6))} s${sample.isOn ? "" : ", off"}`,
    `${grouped(events)} events${perSecond(sample.eventsPerSecond)}${used}`,
    `${running} running, ${ready} ready, ${waiting} waiting, ${ended} ended`,
    `  PID STATUS            TICKS      +TICKS      %      CALLS${column.head}  NAME`,
    ...sample.processes.map((line) => lineOf(line, column)),
    ...(sample.standsStill ? [STANDSTILL] : []),
  ];
}

function lineOf(line: SampledProcess, column: DomainColumn): string {
  const { pid, ticks, newTicks, share, calls, name } = line;
  const number = (count: number | null, width: number): string =>
    (count === null ? "" : grouped(count)).padStart(width);
  const part = (share === null ? "" : share.toFixed(1)).padStart(6);
  return `${String(pid).padStart(5)} ${statusText(line).padEnd(11)} ${number(ticks, 11)} ${number(newTicks, 11)} ${part} ${number(calls, 10)}${column.of(line)}  ${name}${waitsText(line)}`;
}
