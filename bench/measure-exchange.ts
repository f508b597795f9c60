/** A question and its answer between two guests: a call and its reply over an endpoint, beside the same over two pipes of WASI. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cliPath, guestPath, runNode } from "./child-process.ts";
import type { Figure, Measured, Scale } from "./figure.ts";
import { eventsFrom, readingLog } from "./recorded-log.ts";
import { interleaved, ratios } from "./rounds.ts";

type Way = "endpoint" | "pipes";
type Json = Readonly<Record<string, unknown>>;

/** What a run of a pair took. */
interface Taken {
  readonly cpuMillis: number;
  readonly events: number;
  /** Ticks of both guests. */
  readonly ticks: number;
  /** Turns given. */
  readonly turns: number;
}

function machineOf(way: Way, count: number): Json {
  const process = (role: string, more: Json): Json => ({
    program: guestPath("exchange"),
    args: [role, String(count)],
    ...more,
  });
  const common = { version: 1, clock: "virtual", seed: 7 };
  if (way === "endpoint") {
    const service = (rights: readonly string[]): Json => ({
      capabilities: { service: { endpoint: "service", rights } },
    });
    const processes = {
      answerer: process("answerer", service(["receive"])),
      caller: process("caller", service(["send"])),
    };
    return { ...common, processes, endpoints: { service: {} } };
  }
  const ends = (question: string, answer: string): Json => ({
    descriptors: {
      "3": { pipe: "questions", end: question },
      "4": { pipe: "answers", end: answer },
    },
  });
  const processes = {
    reader: process("reader", ends("read", "write")),
    writer: process("writer", ends("write", "read")),
  };
  return { ...common, processes, pipes: { questions: {}, answers: { mayCycle: true } } };
}

function booted(folder: string, way: Way, count: number): Taken {
  mkdirSync(folder);
  const path = join(folder, "machine.json");
  writeFileSync(path, JSON.stringify(machineOf(way, count)));
  const recording = join(folder, "recording");
  const { cpuMillis } = runNode([cliPath, "boot", "--record", recording, path], folder);
  const taken = { cpuMillis, events: 0, ticks: 0, turns: 0 };
  readingLog(recording, (store) => {
    for (const event of eventsFrom(store, 0)) {
      taken.events += 1;
      if (event.type === "process/scheduled") taken.turns += 1;
      if ("ticks" in event && event.type !== "process/limited") taken.ticks += event.ticks;
    }
  });
  rmSync(folder, { recursive: true });
  return taken;
}

/** What one round trip takes: a run of many less one of few. */
function each(few: Taken, many: Taken, count: number): Taken {
  const of = (name: keyof Taken): number => (many[name] - few[name]) / count;
  return { cpuMillis: of("cpuMillis"), events: of("events"), ticks: of("ticks"), turns: of("turns") };
}

export function measureExchange({ rounds, isQuick, folder }: Scale): Measured {
  const count = isQuick ? 2_000 : 50_000;
  const few = 1_000;
  const trips: Record<Way, Taken[]> = { endpoint: [], pipes: [] };
  const turn = (way: Way) => (): number => {
    const idle = booted(join(folder, way), way, few);
    const trip = each(idle, booted(join(folder, way), way, few + count), count);
    trips[way].push(trip);
    return trip.cpuMillis;
  };
  const costs = interleaved(rounds, { endpoint: turn("endpoint"), pipes: turn("pipes") });
  const ways = { endpoint: "a call and its reply", pipes: "the same over two pipes" } as const;
  const figures = (["endpoint", "pipes"] as const).flatMap((way): Figure[] => {
    const figure = (what: string, unit: string, of: (trip: Taken) => number): Figure => ({
      what: `${ways[way]}, 8 bytes each way: ${what}`,
      against: "-",
      unit,
      samples: trips[way].map(of),
      floor: null,
    });
    return [
      figure("events", "", ({ events }) => events),
      figure("ticks of both guests", "", ({ ticks }) => ticks),
      figure("turns", "", ({ turns }) => turns),
      figure("time", "us CPU", ({ cpuMillis }) => cpuMillis * 1000),
    ];
  });
  const ratio: Figure = {
    what: "a call and its reply between two guests, recorded: CPU time",
    against: "the same exchange over two WASI pipes",
    unit: "x",
    samples: ratios(costs.endpoint, costs.pipes),
    floor: null,
  };
  return {
    figures: [ratio, ...figures],
    notes: [
      `Exchange: ${count.toLocaleString("en")} round trips between two guests of one machine, recorded, less ${few.toLocaleString("en")} of the same: the command's start is not in it.`,
    ],
  };
}
