/** Two machines of real programs in one, each in a scheduling domain of its own: they have nothing in common but the machine. */
import type { MachineSpec, ProcessSpec } from "../../machine/machine-spec.ts";
import { type DrawnMachine, machineOf } from "./turn-arbitraries.ts";
import type { TurnMachine } from "./turn-machine.ts";

export interface JoinedSlots {
  readonly ticks: readonly number[];
  /** Whether the observed machine is of the first domain, or of the one behind it. */
  readonly isFirst: boolean;
  /** Whether its processes come first among all. */
  readonly startsFirst: boolean;
}

/** Nobody of it looks at time: nobody sleeps, and who is started again is at once. */
export const withoutTime = (machine: DrawnMachine): DrawnMachine => ({
  ...machine,
  units: machine.units.map((unit) => ({
    ...unit,
    steps: unit.steps.filter(({ kind }) => kind !== "sleep"),
    restart: { ...unit.restart, delayMicros: 0 },
  })),
});

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
