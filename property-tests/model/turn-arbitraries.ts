import fc from "fast-check";
import type { MachineSpec, ProcessSpec } from "../../machine/machine-spec.ts";
import { MEMORY_PAGES, type TurnMachine, turnGuest } from "./turn-machine.ts";
import { moduleOfProgram, type ProgramStep, slotOf, type TurnProgram } from "./turn-programs.ts";

interface DrawnTransfer {
  readonly kind: "write" | "read";
  readonly which: number;
  readonly size: number;
}

type DrawnStep = Exclude<ProgramStep, { readonly kind: "write" | "read" }> | DrawnTransfer;

interface DrawnUnit {
  readonly steps: readonly DrawnStep[];
  readonly code: number;
  readonly restart: ProcessSpec["restart"];
  readonly after: readonly number[];
}

const isTransfer = (step: DrawnStep): step is DrawnTransfer => "which" in step;

/** Processes and pipes between two of them each; numbers stand for others, as far as there are any. */
export interface DrawnMachine {
  readonly units: readonly DrawnUnit[];
  readonly pipes: readonly { readonly writer: number; readonly reader: number; readonly capacity: number }[];
  readonly quantum: number;
  readonly seed: number;
  /** The slots of scheduling domains, if there are any: each process is of one after the other. */
  readonly slotTicks?: readonly number[];
}

const which = fc.nat(5);
const size = fc.integer({ min: 1, max: 40 });
const transfers = (kind: "write" | "read"): fc.Arbitrary<DrawnStep> =>
  fc.record({ kind: fc.constant(kind), which, size });
const steps: fc.Arbitrary<DrawnStep> = fc.oneof(
  fc.record({ kind: fc.constant("spin" as const), count: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ kind: fc.constant("yield" as const) }),
  fc.record({ kind: fc.constant("sleep" as const), micros: fc.integer({ min: 1, max: 500 }) }),
  { weight: 3, arbitrary: transfers("write") },
  { weight: 3, arbitrary: transfers("read") },
);

const unit: fc.Arbitrary<DrawnUnit> = fc.record({
  steps: fc.array(steps, { maxLength: 6 }),
  code: fc.constantFrom(0, 0, 0, 1),
  restart: fc.record({
    condition: fc.constantFrom("never", "never", "on-failure", "always"),
    maxRestarts: fc.integer({ min: 0, max: 2 }),
    delayMicros: fc.constantFrom(0, 50, 2000),
  }),
  after: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(which, { maxLength: 2 })),
});

export const drawnMachines: fc.Arbitrary<DrawnMachine> = fc.record({
  units: fc.array(unit, { minLength: 2, maxLength: 4 }),
  pipes: fc.array(fc.record({ writer: which, reader: which, capacity: fc.constantFrom(1, 10, 25, 65_536) }), {
    maxLength: 3,
  }),
  quantum: fc.constantFrom(1, 7, 20, 100, 100_000),
  seed: fc.nat(100),
});

/** The same, with scheduling domains. */
export const drawnDividedMachines: fc.Arbitrary<DrawnMachine> = fc
  .tuple(drawnMachines, fc.array(fc.constantFrom(1, 9, 60, 400, 5000), { minLength: 1, maxLength: 3 }))
  .map(([machine, slotTicks]) => ({ ...machine, slotTicks }));

export interface JoinedPipe {
  /** Places of the processes that have its ends, which are two. */
  readonly writer: number;
  readonly reader: number;
  readonly capacity: number;
}

export const pipesOf = ({ units, pipes }: DrawnMachine): readonly JoinedPipe[] =>
  pipes.map(({ writer, reader, capacity }) => {
    const from = writer % units.length;
    return { writer: from, reader: (from + 1 + (reader % (units.length - 1))) % units.length, capacity };
  });

/** Those that it is after, which come before it and end some time. */
const afterOf = ({ units }: DrawnMachine, place: number): readonly number[] =>
  place === 0
    ? []
    : [...new Set(units[place]?.after.map((other) => other % place))].filter(
        (other) => units[other]?.restart.condition !== "always",
      );

function programOf(machine: DrawnMachine, place: number): TurnProgram {
  const { steps: drawn, code } = machine.units[place] as DrawnUnit;
  const pipes = pipesOf(machine);
  const found = drawn.flatMap((step): readonly ProgramStep[] => {
    if (!isTransfer(step)) return [step];
    const end = step.kind === "write" ? "writer" : "reader";
    const own = pipes.flatMap((pipe, index) => (pipe[end] === place ? [index + 1] : []));
    const pipe = own[step.which % Math.max(1, own.length)];
    return pipe === undefined ? [] : [{ kind: step.kind, pipe, size: step.size }];
  });
  return { steps: found, code };
}

/** The machine with its programs, made. */
export function machineOf(drawn: DrawnMachine): TurnMachine {
  const pipes = pipesOf(drawn);
  const domains = (drawn.slotTicks ?? []).map((ticks, place) => ({ name: `d${place}`, ticks }));
  const guests = drawn.units.map((_, place) => turnGuest(moduleOfProgram(programOf(drawn, place))));
  const processes = drawn.units.map(
    ({ restart }, place): ProcessSpec => ({
      name: `p${place}`,
      sha: guests[place]?.sha ?? "",
      args: [`p${place}`],
      environment: [],
      memoryPages: MEMORY_PAGES,
      maxTicks: 0,
      directories: [],
      streams: [0, 1, 2].map(() => ({ kind: "null" })),
      descriptors: pipes.flatMap(({ writer, reader }, index) => {
        const at = { slot: slotOf(index + 1), pipe: index + 1 };
        return [
          ...(writer === place ? [{ ...at, end: "write" as const }] : []),
          ...(reader === place ? [{ ...at, end: "read" as const }] : []),
        ];
      }),
      capabilities: [],
      domain: domains.length === 0 ? 0 : place % domains.length,
      scheduling: { priority: 100, context: null },
      services: { realtimeClock: true, monotonicClock: true, timers: true, entropy: true },
      after: afterOf(drawn, place),
      restart,
    }),
  );
  const spec: MachineSpec = {
    processes,
    pipes: pipes.map(({ capacity }) => capacity),
    directories: [],
    objects: [],
    quantum: drawn.quantum,
    seed: drawn.seed,
    domains,
    terminals: [false, false, false],
  };
  return { spec, guests };
}
