/** Many processes at once, joined by pipes, some of which are killed: no byte is lost, doubled or torn, and nothing is left behind. */
import fc from "fast-check";
import { rowsOf, sizeOf } from "../../core/table.ts";
import { kernelInvariants } from "../../reducers/kernel-invariants.ts";
import { disturbances } from "../model/disturbed-arbitraries.ts";
import {
  type Disturbance,
  runTurning,
  type ShortProcess,
  type TurningRun,
  UNDISTURBED_MACHINE,
} from "../model/disturbed-machine.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

/** A producer, and `cat`s behind it; the last prints to the console. */
interface Chain {
  /** What the producer is given to print. */
  readonly words: readonly string[];
  readonly cats: number;
  readonly capacity: number;
  /** By process of the chain: ticks after which it is killed; 0 if it is not. */
  readonly limits: readonly number[];
}

const console = { kind: "console" } as const;
const MOST_CATS = 4;

const chain: fc.Arbitrary<Chain> = fc.record({
  words: fc.array(fc.string({ unit: fc.constantFrom("a", "b", " "), maxLength: 60 }), { maxLength: 4 }),
  cats: fc.integer({ min: 1, max: MOST_CATS }),
  capacity: fc.integer({ min: 4, max: 100 }),
  limits: fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 3000 })), {
    minLength: MOST_CATS + 1,
    maxLength: MOST_CATS + 1,
  }),
});

/** As many chains as make up so many processes. */
function upTo(chains: readonly Chain[], most: number): readonly Chain[] {
  const taken: Chain[] = [];
  let count = 0;
  for (let at = 0; count < most; at += 1) {
    const next = chains[at % chains.length] as Chain;
    count += 1 + next.cats;
    taken.push({ ...next, words: [...next.words, `chain ${at}`] });
  }
  return taken;
}

function processesOf({ words, cats, limits }: Chain, firstPipe: number): readonly ShortProcess[] {
  const pipe = (at: number) => ({ kind: "pipe", pipe: firstPipe + at }) as const;
  return Array.from({ length: cats + 1 }, (_, at): ShortProcess => {
    const from = at === 0 ? console : pipe(at - 1);
    const to = at === cats ? console : pipe(at);
    const how = { streams: [from, to, console], maxTicks: limits[at] ?? 0 };
    return at === 0 ? { program: "hello", args: words, ...how } : { program: "cat", ...how };
  });
}

const alone = new Map<string, string>();

/** What the producer prints when nobody stops it. */
function printedAlone(words: readonly string[]): string {
  const key = JSON.stringify(words);
  const known =
    alone.get(key) ?? runTurning({ processes: [{ program: "hello", args: words }], quantum: 0 }).printed;
  alone.set(key, known);
  return known;
}

/** By pid, what a process has printed to the console's output. */
function printedBy({ log }: TurningRun): ReadonlyMap<number, string> {
  const printed = new Map<number, string>();
  for (const event of log.decoded()) {
    if (event.type !== "console/written" || event.stream !== 1) continue;
    const text = Buffer.from(log.stream(event.position, event.position + event.length)).toString("latin1");
    printed.set(event.pid, (printed.get(event.pid) ?? "") + text);
  }
  return printed;
}

function noByteIsLost(chains: readonly Chain[], quantum: number, disturbance: Disturbance): void {
  const processes: ShortProcess[] = [];
  const pipes: number[] = [];
  const lastOf: number[] = [];
  for (const one of chains) {
    processes.push(...processesOf(one, pipes.length + 1));
    for (let pipe = 0; pipe < one.cats; pipe += 1) pipes.push(one.capacity);
    lastOf.push(processes.length);
  }
  const run = runTurning({ processes, pipes, quantum }, disturbance);
  const printed = printedBy(run);
  const { state } = run;
  chains.forEach((one, at) => {
    const last = lastOf[at] as number;
    const pids = Array.from({ length: one.cats + 1 }, (_, place) => last - one.cats + place);
    const expected = printedAlone(one.words);
    const got = printed.get(last) ?? "";
    const isWhole = pids.every((pid) => endOf(run, pid) === "exited");
    if (isWhole) demandEqual(got, expected, `what chain ${at} printed`);
    else demand(expected.startsWith(got), `chain ${at} printed ${got}, which is no beginning of ${expected}`);
  });
  demandEqual(
    Object.entries(kernelInvariants)
      .filter(([, holds]) => !holds(state))
      .map(([name]) => name),
    [],
    "invariants that are broken at the end",
  );
  demandEqual(
    state.scheduler === undefined ? -1 : sizeOf(state.scheduler.tasks),
    0,
    "processes that still live",
  );
  for (const [pipe, { readers, writers }] of rowsOf(state.pipes.rows))
    demandEqual([readers, writers], [0, 0], `who still holds pipe ${pipe}`);
}

function endOf({ state }: TurningRun, pid: number): string {
  const row = [...rowsOf(state.processes.rows)].find(([other]) => other === pid)?.[1];
  return row?.status ?? "never started";
}

export const pipeLaws: readonly Law[] = [
  law({
    id: "F-pipes",
    statement:
      "of what goes through pipes nothing is lost, doubled or torn, whoever is killed, and nothing is left behind",
    runs: 8,
    cases: fc.record({
      chains: fc.array(chain, { minLength: 1, maxLength: 4 }),
      quantum: fc.constantFrom(1, 7, 1000, 1_000_000),
      disturbance: fc.oneof(fc.constant(UNDISTURBED_MACHINE), disturbances(["none", "restored"])),
    }),
    holds: ({ chains, quantum, disturbance }) => noByteIsLost(chains, quantum, disturbance),
  }),
  law({
    id: "F-hundred",
    statement: "a hundred processes, of which some are killed, do the same",
    runs: 2,
    cases: fc.record({
      chains: fc.array(chain, { minLength: 3, maxLength: 8 }),
      quantum: fc.constantFrom(100, 1000, 1_000_000),
    }),
    holds: ({ chains, quantum }) => noByteIsLost(upTo(chains, 100), quantum, UNDISTURBED_MACHINE),
  }),
];
