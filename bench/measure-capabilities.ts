/** What is done with one capability, by how many there are: decided and folded, at 10^3 to 10^6 of them. */
import { seededRandom } from "../core/random.ts";
import { CapabilityMachine, slotAddress } from "./capability-machine.ts";
import { type Figure, type Growth, type Measured, median, most, quantile, type Scale } from "./figure.ts";

/** Operations that are timed at once: then what they made is deleted, so that there are as many as before. */
const BATCH = 50;
const BATCHES = 30;
/** Capabilities that a process goes back to again and again, wherever they lie. */
const WORKING_SET = 64;
const PROCESSES = 1_000;
const HOLDERS = 32;
/** The floor: the cost with the most of them against that with the fewest. */
const MOST_TIMES = 1.5;

const NOTE =
  `Capabilities: each operation is decided and folded, and what it made is deleted between batches of ${BATCH}, untimed. The floor is for ` +
  `${WORKING_SET} capabilities, spread evenly over all, that are used in turn: the work is the same however many there are. Any one of a ` +
  "million costs more, because what is looked up stands in no cache of the processor; the last line shows that of a plain array.";

interface Place {
  readonly pid: number;
  readonly slot: number;
}

/** So many capabilities, and whose turn it is to use which. */
interface Held {
  readonly machine: CapabilityMachine;
  /** The ones that are used, in their order. */
  readonly working: readonly Place[];
  readonly random: readonly Place[];
  /** The first slot of each process that is empty. */
  readonly freeOf: (pid: number) => number;
  /** Another process, to give to and to be given from. */
  readonly peer: number;
}

type Operation = (held: Held, place: Place) => void;

const ALL = 2 ** 30 - 1;
const message = (slot: number) => ({ fd: slot, size: 0, given: [{ slot, rights: ALL }] }) as const;

/** From one process to another, by a message: sent, received, and the sender told so. */
function transfer({ machine }: Held, source: Place, target: number): void {
  const sending = { call: "ipc_send", mayWait: true, ...message(source.slot) } as const;
  machine.ask(source.pid, sending);
  machine.ask(target, { call: "ipc_receive", fd: 0, mayWait: true, capacity: 0, slots: 1 });
  machine.ask(source.pid, sending, true);
}

const minted = { rights: 1, inheriting: 0, hasUnknown: false, badge: 7 } as const;

const operations: Readonly<Record<string, Operation>> = {
  "look up (cap_examine)": ({ machine }, { pid, slot }) =>
    machine.ask(pid, { call: "cap_examine", fd: slot }),
  "grant (cap_copy)": ({ machine }, { pid, slot }) => machine.ask(pid, { call: "cap_copy", fd: slot }),
  "mint (cap_mint)": ({ machine }, { pid, slot }) =>
    machine.ask(pid, { call: "cap_mint", fd: slot, ...minted }),
  "transfer to another process": (held, place) => transfer(held, place, held.peer),
  "transfer from another process": (held, { pid }) => transfer(held, { pid: held.peer, slot: 0 }, pid),
};

/** How so many capabilities may lie. */
interface Shape {
  readonly by: string;
  readonly build: (count: number) => Held;
}

const drawn = (count: number, place: (index: number) => Place): readonly Place[] => {
  const random = seededRandom(count);
  return Array.from({ length: BATCH * BATCHES }, () => place(random.below(count)));
};

/** `count` of the places, spread evenly over all. */
const spread = (all: number, place: (index: number) => Place): readonly Place[] =>
  Array.from({ length: WORKING_SET }, (_, index) => place(Math.floor((index * all) / WORKING_SET)));

const heldAt = (
  machine: CapabilityMachine,
  count: number,
  place: (index: number) => Place,
  rest: Pick<Held, "freeOf" | "peer">,
): Held => ({ machine, working: spread(count, place), random: drawn(count, place), ...rest });

const shapes: readonly Shape[] = [
  {
    by: "capabilities in the table of the process",
    build(count) {
      const machine = new CapabilityMachine(2);
      for (let slot = 1; slot < count; slot += 1)
        machine.derive(slotAddress(1, (slot - 1) >> 2), slotAddress(1, slot));
      const freeOf = (pid: number): number => (pid === 1 ? count : 1);
      return heldAt(machine, count, (slot) => ({ pid: 1, slot }), { freeOf, peer: 2 });
    },
  },
  {
    by: "capabilities directly below the one that is used",
    build(count) {
      const machine = new CapabilityMachine(PROCESSES + 2);
      for (let index = 0; index < count; index += 1) {
        const pid = 3 + (index % PROCESSES);
        machine.derive(slotAddress(1, 0), slotAddress(pid, 1 + Math.floor(index / PROCESSES)));
      }
      return heldAt(machine, count, () => ({ pid: 1, slot: 0 }), { freeOf: () => 1, peer: 2 });
    },
  },
  {
    by: "capabilities, held by 1,000 processes",
    build(count) {
      const machine = new CapabilityMachine(PROCESSES + 1);
      const each = count / PROCESSES;
      for (let pid = 1; pid <= PROCESSES; pid += 1)
        for (let slot = 1; slot < each; slot += 1)
          machine.derive(slotAddress(pid, (slot - 1) >> 2), slotAddress(pid, slot));
      const place = (index: number): Place => ({
        pid: 1 + (index % PROCESSES),
        slot: Math.floor(index / PROCESSES),
      });
      const freeOf = (pid: number): number => (pid > PROCESSES ? 1 : each);
      const held = heldAt(machine, count, place, { freeOf, peer: PROCESSES + 1 });
      return { ...held, working: held.working.map(({ slot }, index) => ({ pid: workingPid(index), slot })) };
    },
  },
];

/** Few of the processes in turn. */
const workingPid = (index: number): number => 1 + Math.floor(((index % HOLDERS) * PROCESSES) / HOLDERS);

/** Nanoseconds of one operation: of the fastest quarter of many batches, since a busy machine only ever adds. */
function nanosEach(held: Held, operation: Operation, places: readonly Place[]): number {
  const samples: number[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const start = performance.now();
    for (let index = 0; index < BATCH; index += 1)
      operation(held, places[(batch * BATCH + index) % places.length] as Place);
    samples.push(((performance.now() - start) * 1e6) / BATCH);
    for (const pid of new Set([...places.map((place) => place.pid), held.peer]))
      held.machine.closeFrom(pid, held.freeOf(pid));
  }
  return quantile(samples, 0.25);
}

interface Row {
  readonly what: string;
  readonly isRandom: boolean;
  /** Nanoseconds by size, a number for each round. */
  readonly nanos: Map<number, number[]>;
}

function measureShape({ build }: Shape, sizes: readonly number[], rounds: number): readonly Row[] {
  const all = sizes.map((size) => [size, build(size)] as const);
  const rows = Object.keys(operations).flatMap((what): Row[] => [
    { what, isRandom: false, nanos: new Map() },
    { what, isRandom: true, nanos: new Map() },
  ]);
  for (let round = 0; round < rounds; round += 1)
    for (const { what, isRandom, nanos } of rows)
      for (const [size, held] of all) {
        const cost = nanosEach(held, operations[what] as Operation, isRandom ? held.random : held.working);
        nanos.set(size, [...(nanos.get(size) ?? []), cost]);
      }
  return rows;
}

const growthOf = ({ what, isRandom, nanos }: Row, { by }: Shape): Growth => ({
  what: isRandom ? `${what}, any one of them` : `${what}, ${WORKING_SET} of them in turn`,
  by,
  nanos: new Map([...nanos].map(([size, costs]) => [size, median(costs)])),
});

function figureOf({ what, nanos }: Row, { by }: Shape, sizes: readonly number[]): Figure {
  const [few, many] = [sizes[0] as number, sizes.at(-1) as number];
  const above = nanos.get(many) as readonly number[];
  const below = nanos.get(few) as readonly number[];
  return {
    what: `${what}, with ${many.toLocaleString("en")} ${by}`,
    against: `with ${few.toLocaleString("en")}`,
    unit: "x",
    samples: above.map((cost, round) => cost / (below[round] as number)),
    floor: most(MOST_TIMES),
  };
}

/** What a processor's caches make of any one of so many: plain objects in a plain array, of the size of a capability. */
function plainGrowth(sizes: readonly number[]): Growth {
  const nanos = new Map<number, number>();
  for (const size of sizes) {
    const plain = Array.from({ length: size }, (_, id) => ({ id, a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 }));
    const random = seededRandom(size);
    const places = Array.from({ length: BATCH * BATCHES * WORKING_SET }, () => random.below(size));
    let sum = 0;
    const start = performance.now();
    for (const place of places) sum += (plain[place] as { readonly id: number }).id;
    const taken = performance.now() - start;
    if (!Number.isSafeInteger(sum)) throw new Error("ids are whole numbers");
    nanos.set(size, (taken * 1e6) / places.length);
  }
  return { what: "a field, any one of them", by: "plain objects in a plain array", nanos };
}

export function measureCapabilities({ rounds, isQuick }: Scale): Measured {
  const sizes = isQuick ? [1_000, 10_000] : [1_000, 10_000, 100_000, 1_000_000];
  const figures: Figure[] = [];
  const growths: Growth[] = [];
  // Once before it counts: what is measured first is not to pay for the compiler.
  for (const shape of shapes) measureShape(shape, [1_000], 2);
  for (const shape of shapes) {
    const rows = measureShape(shape, sizes, rounds);
    growths.push(...rows.map((row) => growthOf(row, shape)));
    figures.push(...rows.filter(({ isRandom }) => !isRandom).map((row) => figureOf(row, shape, sizes)));
  }
  plainGrowth(sizes);
  growths.push(plainGrowth(sizes));
  return { figures, growths, notes: [NOTE] };
}
