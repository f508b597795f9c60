/** Random machines whose processes are granted more than they use, and the same machine narrowed to what one of them did. */
import fc from "fast-check";
import type { MachineSpec, ProcessSpec } from "../../machine/machine-spec.ts";
import type { HeldInStretch } from "../../replay/authority/held-in-stretch.ts";
import { type GrantedStep, moduleOfSteps, PIPE_SLOT } from "./granted-programs.ts";
import { MEMORY_PAGES, type TurnMachine, turnGuest } from "./turn-machine.ts";

export interface GrantedMachine {
  /** Programs, and which each process runs. */
  readonly programs: readonly (readonly GrantedStep[])[];
  readonly runs: readonly number[];
  readonly quantum: number;
  /** Whether each process has a directory that all share, one by one, in turns. */
  readonly hasDirectory: readonly boolean[];
  /** The slots of scheduling domains, if there are any: each process is of one after the other. */
  readonly slotTicks?: readonly number[];
}

const size = fc.integer({ min: 1, max: 40 });
const file = fc.nat(4);
const step: fc.Arbitrary<GrantedStep> = fc.oneof(
  fc.constant<GrantedStep>({ kind: "yield" }),
  fc.record({ kind: fc.constant("sleep" as const), micros: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ kind: fc.constant("clock" as const), clock: fc.constantFrom(0 as const, 1 as const) }),
  fc.record({ kind: fc.constant("draw" as const), size }),
  fc.record({ kind: fc.constant("print" as const), stream: fc.constantFrom(1 as const, 2 as const), size }),
  fc.record({ kind: fc.constantFrom("write" as const, "read" as const), file, size }),
  fc.record({ kind: fc.constantFrom("pass" as const, "hear" as const), size }),
);

export const grantedMachines = (processes: number): fc.Arbitrary<GrantedMachine> =>
  fc.record({
    programs: fc.noBias(
      fc.array(fc.array(step, { maxLength: 9, size: "max" }), { minLength: 4, maxLength: 6, size: "max" }),
    ),
    runs: fc.noBias(fc.array(fc.nat(5), { minLength: processes, maxLength: processes, size: "max" })),
    quantum: fc.constantFrom(3, 20, 100, 100_000),
    hasDirectory: fc.array(fc.boolean(), { minLength: 3, maxLength: 7 }),
  });

/** Those with an even place have the end of a pipe that is written, the next ones the other. */
const endOf = (place: number): ProcessSpec["descriptors"][number] => ({
  slot: PIPE_SLOT,
  pipe: Math.floor(place / 2) + 1,
  end: place % 2 === 0 ? "write" : "read",
});

/** The machine with its programs, made. */
export function grantedMachine(drawn: GrantedMachine): TurnMachine {
  const { programs, runs, quantum, hasDirectory, slotTicks = [] } = drawn;
  const domains = slotTicks.map((ticks, place) => ({ name: `d${place}`, ticks }));
  const guests = programs.map((steps) => turnGuest(moduleOfSteps(steps)));
  const processes = runs.map(
    (which, place): ProcessSpec => ({
      name: `p${place}`,
      sha: guests[which % guests.length]?.sha ?? "",
      args: [`p${place}`],
      environment: [],
      memoryPages: MEMORY_PAGES,
      maxTicks: 0,
      directories:
        hasDirectory[place % hasDirectory.length] === true
          ? [{ kind: "own", directory: 0, guest: "/d", isReadOnly: false }]
          : [],
      streams: [0, 1, 2].map(() => ({ kind: "console" })),
      descriptors: runs.length % 2 === 1 && place === runs.length - 1 ? [] : [endOf(place)],
      capabilities: [],
      domain: domains.length === 0 ? 0 : place % domains.length,
      scheduling: { priority: 100, context: null },
      services: { realtimeClock: true, monotonicClock: true, timers: true, entropy: true },
      after: [],
      restart: { condition: "never", maxRestarts: 0, delayMicros: 0 },
    }),
  );
  const spec: MachineSpec = {
    processes,
    pipes: Array.from({ length: Math.floor(runs.length / 2) }, () => 65_536),
    directories: [null],
    objects: [],
    quantum,
    seed: 1,
    domains,
    terminals: [false, false, false],
  };
  return { spec, guests };
}

/** The machine in which a process is not granted one of the things that it was granted. */
export const without = (spec: MachineSpec, name: string, taken: HeldInStretch): MachineSpec => ({
  ...spec,
  processes: spec.processes.map((process) => (process.name === name ? lessOf(process, taken) : process)),
});

function lessOf(process: ProcessSpec, { object, target }: HeldInStretch): ProcessSpec {
  const { services, streams } = process;
  switch (object) {
    case "clock":
      return {
        ...process,
        services: { ...services, [target === 0 ? "realtimeClock" : "monotonicClock"]: false },
      };
    case "timers":
    case "entropy":
      return { ...process, services: { ...services, [object]: false } };
    case "console":
      return { ...process, streams: streams.map((one, at) => (at === target ? { kind: "null" } : one)) };
    case "file":
      return { ...process, directories: [] };
    default:
      return { ...process, descriptors: [] };
  }
}
