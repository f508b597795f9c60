/** Many small processes on one kernel: how often they take turns, what each of them holds, and what those cost who wait. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { besidePath, cliPath, type Cost, guestPath, runNode } from "./child-process.ts";
import { type ChainMachine, plantChain } from "./chain-machine.ts";
import { type Figure, type Measured, most, type Scale } from "./figure.ts";
import { eventsFrom, readingLog } from "./recorded-log.ts";
import { interleaved, ratios } from "./rounds.ts";

const KIBIBYTE = 1024;
const FEW_WAITING = 10;
/** Threads of the peer: many more are more than some machines have memory for. */
const THREADS = { few: 10, many: 60 } as const;

interface Sizes {
  readonly processes: number;
  /** Through the chain of all processes. */
  readonly longBytes: number;
  /** Through the chain of ten, beside those who wait. */
  readonly workBytes: number;
}

/** A machine booted by the command, from its file to its end. */
function booted<Read>(machine: ChainMachine, read: (recording: string, cost: Cost) => Read): Read {
  const { folder } = machine;
  mkdirSync(folder);
  const path = plantChain(machine);
  const recording = join(folder, "recording");
  const cost = runNode([cliPath, "boot", "--record", recording, path], folder, "watched");
  const result = read(recording, cost);
  rmSync(folder, { recursive: true });
  return result;
}

/** Turns a second of the host's clock, from the first to the last of them. */
function turnsASecond(recording: string): number {
  return readingLog(recording, (store) => {
    let count = 0;
    let first = 0;
    let last = 0;
    for (const { type, at } of eventsFrom(store, 0)) {
      if (type !== "process/scheduled") continue;
      if (count === 0) first = at;
      last = at;
      count += 1;
    }
    return (count - 1) / ((last - first) / 1e6);
  });
}

function chainFigure(scale: Scale, { processes, longBytes }: Sizes): Figure {
  const folder = join(scale.folder, "chain");
  const machine = { links: processes, bytes: longBytes, waiting: null, folder };
  return {
    what: `${processes.toLocaleString("en")} processes in a row, pipes between them: turns given, recorded`,
    against: "-",
    unit: "a second",
    samples: Array.from({ length: scale.rounds }, () => booted(machine, turnsASecond)),
    floor: null,
  };
}

interface WaitingCosts {
  /** CPU time of the same work beside few who wait, and beside many: what starts and ends them is not in it. */
  readonly few: readonly number[];
  readonly many: readonly number[];
  /** Bytes that each of them holds. */
  readonly bytes: readonly number[];
}

function measureWaiting({ rounds, folder }: Scale, { processes, workBytes }: Sizes): WaitingCosts {
  const held: Record<number, number[]> = { [FEW_WAITING]: [], [processes]: [] };
  const turn = (waiting: number, bytes: number) => () =>
    booted({ links: 10, bytes, waiting, folder: join(folder, "waiting") }, (_, { cpuMillis, peakBytes }) => {
      if (bytes > 0) held[waiting]?.push(peakBytes);
      return cpuMillis;
    });
  const costs = interleaved(rounds, {
    few: turn(FEW_WAITING, workBytes),
    fewIdle: turn(FEW_WAITING, 0),
    many: turn(processes, workBytes),
    manyIdle: turn(processes, 0),
  });
  const net = (whole: readonly number[], idle: readonly number[]): number[] =>
    whole.map((cost, round) => cost - (idle[round] ?? 0));
  const many = held[processes] as readonly number[];
  return {
    few: net(costs.few, costs.fewIdle),
    many: net(costs.many, costs.manyIdle),
    bytes: many.map((more, round) => (more - (held[FEW_WAITING]?.[round] ?? 0)) / (processes - FEW_WAITING)),
  };
}

/** Bytes that a thread of Node holds in which the same program waits. */
function threadBytes({ rounds, folder }: Scale): number[] {
  const peak = (count: number): number =>
    runNode([besidePath("waiting-workers-child.js"), guestPath("cat"), String(count)], folder, "watched")
      .peakBytes;
  const { few, many } = THREADS;
  return Array.from({ length: rounds }, () => (peak(many) - peak(few)) / (many - few));
}

export function measureMachine(scale: Scale): Measured {
  const sizes = scale.isQuick
    ? { processes: 100, longBytes: 10_000, workBytes: 1_000_000 }
    : { processes: 1000, longBytes: 200_000, workBytes: 20_000_000 };
  const count = sizes.processes.toLocaleString("en");
  const { few, many, bytes } = measureWaiting(scale, sizes);
  const memory = { what: `memory of a process that waits, one of ${count}`, floor: null };
  return {
    figures: [
      chainFigure(scale, sizes),
      {
        what: `ten processes that work, beside ${count} that wait for a timer or a pipe`,
        against: `beside ${FEW_WAITING}: CPU time, start and end of those who wait left out`,
        unit: "x",
        samples: ratios(many, few),
        floor: scale.isQuick ? null : most(1.1),
      },
      { ...memory, against: "-", unit: "KiB", samples: bytes.map((each) => each / KIBIBYTE) },
      {
        ...memory,
        against: "a thread of Node in which the same program waits on node:wasi",
        unit: "x",
        samples: ratios(bytes, threadBytes(scale)),
      },
    ],
    notes: [
      `Memory of a process: the peak of a machine with ${count} that wait less the peak of one with ${FEW_WAITING}, both with the same ten that work, by the number that the two differ by. So it has all that the kernel holds of a process, and garbage of its start.`,
    ],
  };
}
