/** How a call and its fold grow with what the machine holds: nanoseconds at 10^3 to 10^6. */
import { FRESH, type Own } from "../core/own.ts";
import { seededRandom } from "../core/random.ts";
import { allRights } from "../core/rights.ts";
import { emptyTable, lowestFree, set, type Table } from "../core/table.ts";
import type { Epochal } from "../core/own.ts";
import { decide } from "../reducers/decide/decide.ts";
import type { Request } from "../reducers/decide/request.ts";
import { entryFrom } from "../reducers/files/directory.ts";
import { peek } from "../core/table.ts";
import type { Growth, Measured, Scale } from "./figure.ts";
import { GrownMachine } from "./grown-machine.ts";

const CALLS = 2_000;
const ROUNDS = 9;

/** Nanoseconds of one call: of the fastest round of many calls, since a busy machine only ever adds. */
function nanosEach(call: (index: number) => void): number {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    for (let index = 0; index < CALLS; index += 1) call(round * CALLS + index);
    samples.push(((performance.now() - start) * 1e6) / CALLS);
  }
  return Math.min(...samples);
}

type Probe = (machine: GrownMachine) => (index: number) => void;

const asked =
  (request: (machine: GrownMachine, index: number) => Request, pid = 1): Probe =>
  (machine) => {
    const asker = { pid, at: machine.at, since: machine.at };
    return (index) => void decide(machine.state, asker, request(machine, index));
  };

const everywhere = { rights: allRights >>> 2, inheriting: allRights >>> 2, fdflags: 0 } as const;

/** What is looked at in a machine of one process with N files, of which each is open once. */
const fileProbes: Readonly<Record<string, Probe>> = {
  "decide path_open": asked((machine, index) => ({
    call: "path_open",
    fd: 3,
    path: machine.nameAt(index),
    follow: true,
    oflags: 0,
    ...everywhere,
  })),
  "decide path_open of a name that is not there": asked((_, index) => ({
    call: "path_open",
    fd: 3,
    path: `no-${index}`,
    follow: true,
    oflags: 0,
    ...everywhere,
  })),
  "decide path_filestat_get": asked((machine, index) => ({
    call: "path_filestat_get",
    fd: 3,
    path: machine.nameAt(index),
    follow: true,
  })),
  "decide fd_pread": asked((machine, index) => ({
    call: "fd_pread",
    fd: machine.fdAt(index),
    size: 64,
    offset: 0,
  })),
  "decide fd_pwrite": asked((machine, index) => ({
    call: "fd_pwrite",
    fd: machine.fdAt(index),
    size: 64,
    offset: 0,
  })),
  "fold file/written-at": (machine) => (index) => machine.write(index),
  "create: decide and fold file/created and file/opened": (machine) => (index) => machine.create(index),
  "unlink: decide and fold name/unlinked": (machine) => (index) => machine.unlink(index),
  "readdir: the next name": (machine) => {
    const entries = peek(machine.state.files.inodes, 1)?.entries;
    return (index) => void (entries ? entryFrom(entries, machine.spread(index)) : null);
  },
};

function growthOf(
  what: string,
  by: string,
): { readonly growth: Growth; readonly nanos: Map<number, number> } {
  const nanos = new Map<number, number>();
  return { growth: { what, by, nanos }, nanos };
}

/** The same where directories stay small and there are many; the next name is no other there. */
const FEW = 10;
const { "readdir: the next name": _, ...spreadProbes } = fileProbes;

const inOneDirectory = (sizes: readonly number[]): Growth[] =>
  measureFiles(sizes, fileProbes, "files in one directory, all open", 0);
const inManyDirectories = (sizes: readonly number[]): Growth[] =>
  measureFiles(sizes, spreadProbes, `files, ${FEW} in each directory, all open`, FEW);

function measureFiles(
  sizes: readonly number[],
  probes: Readonly<Record<string, Probe>>,
  by: string,
  perDirectory: number,
): Growth[] {
  const rows = Object.keys(probes).map((what) => growthOf(what, by));
  for (const size of sizes) {
    const machine = new GrownMachine({ processes: 1, files: size, perDirectory });
    Object.values(probes).forEach((probe, index) => {
      rows[index]?.nanos.set(size, nanosEach(probe(machine)));
    });
  }
  return rows.map(({ growth }) => growth);
}

function measureProcesses(sizes: readonly number[]): Growth[] {
  const row = growthOf("decide fd_pread", "processes");
  const written = growthOf("fold file/written-at", "processes");
  for (const size of sizes) {
    const machine = new GrownMachine({ processes: size, files: 1 });
    const random = seededRandom(5);
    const asker = { pid: 1, at: machine.at, since: machine.at };
    const request: Request = { call: "fd_pread", fd: 4, size: 64, offset: 0 };
    const ask = (): void => {
      asker.pid = 1 + random.below(size);
      decide(machine.state, asker, request);
    };
    row.nanos.set(size, nanosEach(ask));
    written.nanos.set(
      size,
      nanosEach((index) => machine.write(index)),
    );
  }
  return [row.growth, written.growth];
}

function measureSlots(sizes: readonly number[]): Growth[] {
  const row = growthOf("lowest free slot", "slots, all taken but the last");
  for (const size of sizes) {
    const table = emptyTable<Epochal>();
    for (let key = 0; key < size; key += 1) set(table as Own<Table<Epochal>>, key, { epoch: FRESH });
    row.nanos.set(
      size,
      nanosEach(() => void lowestFree(table)),
    );
  }
  return [row.growth];
}

function measureEvents(sizes: readonly number[]): Growth[] {
  const row = growthOf("fold file/written-at", "events before, 1,000 files");
  const machine = new GrownMachine({ processes: 1, files: 1_000 });
  for (const size of sizes) {
    for (let index = machine.state.seq; index < size; index += 1) machine.write(index);
    row.nanos.set(
      size,
      nanosEach((index) => machine.write(index)),
    );
  }
  return [row.growth];
}

export function measureGrowth({ isQuick }: Scale): Measured {
  const sizes = isQuick ? [1_000, 10_000] : [1_000, 10_000, 100_000, 1_000_000];
  // Once before it counts: what is measured first is not to pay for the compiler.
  inOneDirectory([1_000]);
  const growths = [
    ...inOneDirectory(sizes),
    ...inManyDirectories(sizes),
    ...measureProcesses(sizes),
    ...measureSlots(sizes),
    ...measureEvents(sizes),
  ];
  return {
    figures: [],
    growths,
    notes: [
      "Growth: nanoseconds of one call on random names and descriptors, in the fastest of nine rounds of 2,000; tables are a level deeper with each 32-fold, and what is large no longer fits into the processor's caches.",
    ],
  };
}
