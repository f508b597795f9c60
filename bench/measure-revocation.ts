/** Revoking a tree of n descendants, as a guest asks for it: decided in steps, and folded by the fast driver. */
import { NOWHERE } from "../reducers/capabilities/address.ts";
import { rowAt } from "../reducers/capabilities/slots.ts";
import { CapabilityMachine, slotAddress } from "./capability-machine.ts";
import { type Figure, least, type Measured, median, most, type Scale } from "./figure.ts";

const PROCESSES = 1_000;
/** Children of one in the mixed tree. */
const FAN_OUT = 10;
/** What linear means: one of the largest tree costs at most so many times one of the smallest. */
const MOST_TIMES = 1.5;

interface Shape {
  readonly what: string;
  /** Which descendant (0: the root) the one with that number hangs below. */
  readonly above: (index: number) => number;
}

const shapes: readonly Shape[] = [
  { what: "all directly below it", above: () => 0 },
  { what: "a chain, each below the one before", above: (index) => index - 1 },
  { what: "mixed, ten below each", above: (index) => Math.floor((index - 1) / FAN_OUT) },
];

interface Cost {
  readonly decideMillis: number;
  readonly foldMillis: number;
  /** The longest that others wait for: one decision and the fold of what it says. */
  readonly largestMillis: number;
  readonly largestDecideMillis: number;
  readonly steps: number;
}

/** Descendants lie round robin in the tables of all processes; the root is in slot 0 of the first one. */
const placeOf = (index: number): number =>
  index === 0 ? slotAddress(1, 0) : slotAddress(1 + (index % PROCESSES), 1 + Math.floor(index / PROCESSES));

function planted({ above }: Shape, count: number): CapabilityMachine {
  const machine = new CapabilityMachine(PROCESSES);
  for (let index = 1; index <= count; index += 1) machine.derive(placeOf(above(index)), placeOf(index));
  return machine;
}

/** Milliseconds of processor time of this process so far. */
function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function revoked(shape: Shape, count: number): Cost {
  const machine = planted(shape, count);
  const cost = { decideMillis: 0, foldMillis: 0, largestMillis: 0, largestDecideMillis: 0, steps: 0 };
  for (let isDone = false; !isDone; ) {
    const start = cpuNow();
    const decision = machine.decide(1, { call: "cap_revoke", fd: 0 }, cost.steps > 0);
    const decided = cpuNow();
    machine.fold(1, decision);
    const folded = cpuNow();
    isDone = decision.kind === "facts";
    cost.decideMillis += decided - start;
    cost.foldMillis += folded - decided;
    cost.largestMillis = Math.max(cost.largestMillis, folded - start);
    cost.largestDecideMillis = Math.max(cost.largestDecideMillis, decided - start);
    cost.steps += 1;
  }
  if (rowAt(machine.state.capabilities, placeOf(0))?.below !== NOWHERE)
    throw new Error("all that was below is gone");
  return cost;
}

/** By size, a cost for each round. */
type Costs = ReadonlyMap<number, readonly Cost[]>;

function costsOf(shape: Shape, sizes: readonly number[], rounds: number): Costs {
  const costs = new Map(sizes.map((size) => [size, [] as Cost[]]));
  for (let round = 0; round < rounds; round += 1)
    for (const size of sizes) costs.get(size)?.push(revoked(shape, size));
  return costs;
}

const millisOf = ({ decideMillis, foldMillis }: Cost): number => decideMillis + foldMillis;

function figuresOf({ what }: Shape, costs: Costs): readonly Figure[] {
  const sizes = [...costs.keys()];
  const [few, many] = [sizes[0] as number, sizes.at(-1) as number];
  const [small, large] = [costs.get(few) as readonly Cost[], costs.get(many) as readonly Cost[]];
  const tree = `revoking ${many.toLocaleString("en")}, ${what}`;
  const figure = (name: string, unit: string, samples: readonly number[]) =>
    ({ what: `${tree}: ${name}`, against: "-", unit, samples, floor: null }) satisfies Figure;
  const rate = (millis: (cost: Cost) => number): number[] => large.map((cost) => many / millis(cost) / 1000);
  const linear = (millis: (cost: Cost) => number): number[] =>
    large.map((cost, round) => millis(cost) / many / (millis(small[round] as Cost) / few));
  const against = `one of ${few.toLocaleString("en")}`;
  const unit = "M descendants/s CPU";
  return [
    {
      ...figure(
        "fold of its events",
        unit,
        rate(({ foldMillis }) => foldMillis),
      ),
      floor: least(1),
    },
    figure("decided and folded", unit, rate(millisOf)),
    { ...figure("one, decided and folded", "x", linear(millisOf)), against, floor: most(MOST_TIMES) },
    figure(
      "the longest step of some",
      "ms CPU",
      large.map(({ largestMillis }) => largestMillis),
    ),
    figure(
      "the longest decision",
      "ms CPU",
      large.map(({ largestDecideMillis }) => largestDecideMillis),
    ),
    figure(
      "steps",
      "",
      large.map(({ steps }) => steps),
    ),
  ];
}

export function measureRevocation({ rounds, isQuick }: Scale): Measured {
  const sizes = isQuick ? [1_000, 10_000] : [10_000, 100_000, 1_000_000];
  // Once before it counts: what is measured first is not to pay for the compiler.
  for (const shape of shapes) for (let turn = 0; turn < 3; turn += 1) revoked(shape, 20_000);
  const figures: Figure[] = [];
  const growths = [];
  for (const shape of shapes) {
    const costs = costsOf(shape, sizes, rounds);
    figures.push(...figuresOf(shape, costs));
    const nanos = new Map(
      [...costs].map(([size, all]) => [size, (median(all.map(millisOf)) * 1e6) / size] as const),
    );
    growths.push({ what: "revoking one, decided and folded", by: `descendants: ${shape.what}`, nanos });
  }
  return { figures, growths };
}
