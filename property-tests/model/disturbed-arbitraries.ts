/** Machines of real programs, and ways to disturb their guests. */
import fc from "fast-check";
import type { Disturbance, ShortMachine, ShortProcess } from "./disturbed-machine.ts";

const LINES = "one two\nthree\n";
const console = { kind: "console" } as const;
const pipe = (number: number) => ({ kind: "pipe", pipe: number }) as const;

/** `cat`s in a row: what goes in at one end comes out at the other. */
export function pipeline(
  capacities: readonly number[],
  input: readonly string[],
  quantum: number,
): ShortMachine {
  const count = capacities.length + 1;
  const processes = Array.from({ length: count }, (_, at): ShortProcess => {
    const from = at === 0 ? console : pipe(at);
    const to = at === count - 1 ? console : pipe(at + 1);
    return { program: "cat", streams: [from, to, console] };
  });
  return { processes, pipes: capacities, input, quantum };
}

const machines: readonly Omit<ShortMachine, "quantum">[] = [
  { processes: [{ program: "hello", args: ["a", "b"] }] },
  { processes: [{ program: "word-count" }], input: [LINES] },
  { processes: [{ program: "many-files", args: ["3"] }] },
  {
    processes: [
      { program: "random-bytes", args: ["100"] },
      { program: "hello" },
      { program: "exit-code", args: ["3"] },
    ],
  },
  { processes: [{ program: "grep-sorted", args: ["o"] }, { program: "hello" }], input: [LINES, "four\n"] },
  {
    processes: [
      { program: "cpu-kernels", args: ["sort", "100"] },
      { program: "sleep", args: ["1"] },
    ],
  },
  pipeline([16, 4096], [LINES, "x".repeat(300)], 0),
];

const quanta = [1, 7, 1000, 1_000_000] as const;

/** Rests at each place cost too much where turns are a few ticks long and each rest is an image. */
export const disturbances = (images: readonly Disturbance["image"][]): fc.Arbitrary<Disturbance> =>
  fc.record({
    rests: fc.constantFrom("turns", "ticks"),
    every: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 60 })),
    image: fc.constantFrom(...images),
  });

export const machine: fc.Arbitrary<ShortMachine> = fc
  .record({
    which: fc.nat(machines.length - 1),
    quantum: fc.constantFrom(...quanta),
  })
  .map(({ which, quantum }) => ({ ...(machines[which] as ShortMachine), quantum }));
