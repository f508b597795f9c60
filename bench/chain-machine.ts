/** Machines of `cat`s, each of which reads what the one before it writes, and of processes that wait for ever beside them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { guestPath } from "./child-process.ts";

export interface ChainMachine {
  /** Links of the chain. */
  readonly links: number;
  /** Bytes that go through all of it. */
  readonly bytes: number;
  /** Those who wait beside it, on a virtual clock; null: nobody, and the clock is the host's. */
  readonly waiting: number | null;
  readonly folder: string;
}

type Json = Readonly<Record<string, unknown>>;

/** So little that each process has its turn often. */
const CAPACITY = "1KiB";
const LINE = "the quick brown fox jumps over the lazy dog\n";
/** Milliseconds: eleven days of the machine's clock, which gets there when nothing else is left to do. */
const FAR_AWAY = "1000000000";

/** Writes the machine's file, and the text that it is about. The path of the file. */
export function plantChain(machine: ChainMachine): string {
  const { folder, bytes, waiting } = machine;
  mkdirSync(join(folder, "files"), { recursive: true });
  writeFileSync(join(folder, "files", "text"), Buffer.alloc(bytes, LINE));
  const [chain, pipes] = chainOf(machine);
  const path = join(folder, "machine.json");
  const text = JSON.stringify({
    version: 1,
    clock: waiting === null ? "host" : "virtual",
    seed: 7,
    processes: waiting === null ? chain : { ...chain, ...waitersOf(waiting) },
    pipes: waiting === null ? pipes : { ...pipes, never: {} },
  });
  writeFileSync(path, text);
  return path;
}

function chainOf({ links }: ChainMachine): readonly [Json, Json] {
  const processes: Record<string, Json> = {};
  const pipes: Record<string, Json> = {};
  for (let link = 0; link < links; link += 1) {
    const input =
      link === 0
        ? { args: ["/text"], directories: [{ guest: "/", host: "files", mode: "read-only" }] }
        : { stdin: { pipe: `pipe-${link}` } };
    const isLast = link === links - 1;
    if (!isLast) pipes[`pipe-${link + 1}`] = { capacity: CAPACITY };
    const stdout = isLast ? "null" : { pipe: `pipe-${link + 1}` };
    processes[`cat-${link}`] = { program: guestPath("cat"), ...input, stdout };
  }
  return [processes, pipes];
}

/** Half of them wait for a timer, half for a byte; the first of all holds the end of the pipe that none comes from. */
function waitersOf(count: number): Json {
  const sleeper = {
    program: guestPath("sleep"),
    args: [FAR_AWAY],
    grants: ["timers", "monotonic-clock"],
    stdout: "null",
  };
  const reader = { program: guestPath("cat"), stdin: { pipe: "never" }, stdout: "null" };
  const processes: Record<string, Json> = { "waiter-0": { ...sleeper, stdout: { pipe: "never" } } };
  for (let waiter = 1; waiter < count; waiter += 1)
    processes[`waiter-${waiter}`] = waiter % 2 === 0 ? sleeper : reader;
  return processes;
}
