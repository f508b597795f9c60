/** Two machines of real programs in one, each in a scheduling domain of its own: they have nothing in common but the machine. */
import fc from "fast-check";
import type { MachineSpec, ProcessSpec } from "../../machine/machine-spec.ts";
import { type DrawnMachine, drawnMachines, machineOf } from "./turn-arbitraries.ts";
import type { TurnMachine } from "./turn-machine.ts";

export interface JoinedSlots {
  readonly ticks: readonly number[];
  /** Whether the observed machine is of the first domain, or of the one behind it. */
  readonly isFirst: boolean;
  /** Whether its processes come first among all. */
  readonly startsFirst: boolean;
}

/** Nobody of it looks at time: instead of sleeping they write to pipes, of which there is one, and who is started again is at once. */
export const withoutTime = (machine: DrawnMachine): DrawnMachine => ({
  ...machine,
  pipes: machine.pipes.length === 0 ? [{ writer: 0, reader: 0, capacity: 65_536 }] : machine.pipes,
  units: machine.units.map((unit) => ({
    ...unit,
    steps: unit.steps.map((step) =>
      step.kind === "sleep" ? { kind: "write" as const, which: 0, size: (step.micros % 40) + 1 } : step,
    ),
    restart: { ...unit.restart, delayMicros: 0 },
  })),
});

const count = fc.integer({ min: 1, max: 60 });
const size = fc.integer({ min: 1, max: 20 });
const seldom = { condition: "never", maxRestarts: 0, delayMicros: 0 } as const;

/** One writes to another over a pipe, a little at a time, who reads late. */
const chatting: fc.Arbitrary<DrawnMachine> = fc
  .record({
    writes: fc.array(fc.tuple(size, count), { minLength: 2, maxLength: 8 }),
    reads: fc.array(fc.tuple(size, count), { minLength: 2, maxLength: 8 }),
    quantum: fc.constantFrom(20, 100_000),
    seed: fc.nat(100),
  })
  .map(({ writes, reads, quantum, seed }) => {
    const steps = (kind: "write" | "read", some: readonly (readonly [number, number])[]) =>
      some.flatMap(([bytes, rounds]) => [
        { kind: "spin" as const, count: rounds },
        { kind, which: 0, size: bytes },
      ]);
    const writer = { steps: steps("write", writes), code: 0, restart: seldom, after: [] };
    const late = { kind: "spin" as const, count: 90 };
    const reader = { steps: [late, ...steps("read", reads)], code: 0, restart: seldom, after: [] };
    return { units: [writer, reader], pipes: [{ writer: 0, reader: 0, capacity: 65_536 }], quantum, seed };
  });

/** Machines of which two are joined. */
export const joinable: fc.Arbitrary<DrawnMachine> = fc.oneof(drawnMachines, chatting);

interface Part {
  readonly machine: TurnMachine;
  readonly domain: number;
  readonly prefix: string;
}

/** Quantum, seed and slots are those of the first one. */
export function joined(
  observed: DrawnMachine,
  other: DrawnMachine | null,
  { ticks, isFirst, startsFirst }: JoinedSlots,
): TurnMachine {
  const first: Part = { machine: machineOf(observed), domain: isFirst ? 0 : 1, prefix: "" };
  const parts = [first];
  if (other !== null)
    parts.splice(startsFirst ? 1 : 0, 0, { machine: machineOf(other), domain: isFirst ? 1 : 0, prefix: "x" });
  const domains = ticks.map((length, place) => ({ name: `d${place}`, ticks: length }));
  const spec = parts.reduce(
    (all: MachineSpec, part) => ({
      ...all,
      processes: [
        ...all.processes,
        ...part.machine.spec.processes.map((process) => behind(all, part, process)),
      ],
      pipes: [...all.pipes, ...part.machine.spec.pipes],
    }),
    { ...first.machine.spec, processes: [], pipes: [], domains },
  );
  return { spec, guests: parts.flatMap(({ machine }) => machine.guests) };
}

/** A process as it is behind those that are there already. */
const behind = (all: MachineSpec, { domain, prefix }: Part, process: ProcessSpec): ProcessSpec => ({
  ...process,
  domain,
  name: `${prefix}${process.name}`,
  descriptors: process.descriptors.map((end) => ({ ...end, pipe: end.pipe + all.pipes.length })),
  after: process.after.map((place) => place + all.processes.length),
});
