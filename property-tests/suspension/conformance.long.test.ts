/** The conformance programs, stopped at every tick, at every call, and restored in between: they pass, and log the same to the byte. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { get } from "../../core/table.ts";
import { hex, sha256 } from "../../replay/hash.ts";
import { hashOf } from "../laws/recorded.ts";
import {
  type Disturbance,
  runTurning,
  type ShortMachine,
  UNDISTURBED_MACHINE,
} from "../model/disturbed-machine.ts";

interface Case {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly exitCode?: number;
}

const folder = fileURLToPath(new URL("../../../property-tests/guests/conformance/", import.meta.url));
const cases = JSON.parse(readFileSync(`${folder}cases.json`, "utf8")) as Readonly<Record<string, Case>>;
const names = readdirSync(folder)
  .filter((file) => /\.(c|rs)$/.test(file))
  .map((file) => file.replace(/\.\w+$/, ""));

/** Restores of a program, at most: each makes a new instance. */
const MOST_RESTORES = 60;
const LONGEST_MILLIS = 120_000;
/** Turns of a few ticks are for programs that have no more ticks than this: others would take minutes. */
const MOST_SMALL_TICKS = 200_000;
const SMALL_QUANTUM = 100;

/** All of them where more than the usual is asked for: the others take as long again. */
const quanta = process.env["FOLDOS_RUNS"] === undefined ? [1, 1000] : [1, 7, 1000, 1_000_000];
const atTicks: Disturbance = { rests: "ticks", every: 1, image: "none" };
const atCalls: Disturbance = { rests: "turns", every: 1, image: "none" };

function machineOf(name: string, quantum: number): ShortMachine {
  const { args = [], env = {}, stdin = "" } = cases[name] ?? {};
  const environment = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  return { processes: [{ program: name, args, environment }], input: stdin === "" ? [] : [stdin], quantum };
}

function outcome(machine: ShortMachine, disturbance: Disturbance) {
  const { log, state, printed, rests } = runTurning(machine, disturbance);
  const { exitCode } = get(state.processes.rows, 1);
  const hash = hex(sha256(log.encoded(0, log.eventCount)));
  return { seen: { printed, exitCode, log: hash, state: hashOf(state) }, rests };
}

/** Ticks that a program uses in all. */
function ticksOf(name: string): number {
  const { log } = runTurning(machineOf(name, 1_000_000));
  return log.decoded().reduce((sum, event) => sum + ("ticks" in event ? event.ticks : 0), 0);
}

const matrix = names.flatMap((name) => {
  const isLong = ticksOf(name) > MOST_SMALL_TICKS;
  const possible = quanta.filter((quantum) => !isLong || quantum >= SMALL_QUANTUM);
  return possible.map((quantum) => [name, quantum] as const);
});

test.each(matrix)(
  "%s with turns of %d ticks",
  (name, quantum) => {
    const machine = machineOf(name, quantum);
    const { seen } = outcome(machine, UNDISTURBED_MACHINE);
    expect(seen.printed.split("\n").filter((line) => /^(FAIL|FAILED) /.test(line))).toEqual([]);
    expect([seen.printed.match(/^ok /m) !== null, seen.exitCode]).toEqual([true, cases[name]?.exitCode ?? 0]);
    for (const disturbance of [atCalls, atTicks]) {
      const stopped = outcome(machine, disturbance);
      expect(stopped.seen).toEqual(seen);
      const every = Math.ceil(stopped.rests / MOST_RESTORES);
      expect(outcome(machine, { ...disturbance, every, image: "restored" }).seen).toEqual(seen);
    }
  },
  LONGEST_MILLIS,
);
