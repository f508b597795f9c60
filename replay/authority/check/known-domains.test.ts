import { expect, test } from "@jest/globals";
import { kernelCodec, type KernelFact } from "../../../reducers/kernel-event.ts";
import { LogChecker } from "./log-checker.ts";

const started = { program: "", name: "", args: [], environment: [], memoryPages: 1 };
const start: KernelFact = { type: "process/started", ...started };
const turn: KernelFact = { type: "process/scheduled", quantum: 1 };
const divided: KernelFact = { type: "scheduler/partitioned", domains: ["a", "b", "c"], slotTicks: [5, 6, 7] };
const entered = (domain: number, passed = 0): KernelFact => ({ type: "domain/entered", domain, passed });
const assigned = (domain: number): KernelFact => ({ type: "process/assigned", domain, name: "" });

/** What the checker says of the last of these facts, of which it takes all others. */
function saidOf(...facts: readonly (readonly [pid: number, fact: KernelFact])[]): string | null {
  const checker = new LogChecker();
  let said: string | null = null;
  facts.forEach(([pid, fact], seq) => {
    expect(said).toBe(null);
    said = checker.take(kernelCodec.seal(fact, seq, 0, -1, pid, -1));
  });
  return said;
}

const booted: readonly (readonly [number, KernelFact])[] = [
  [0, { type: "scheduler/configured", quantum: 9, seed: 0, transform: 1 }],
  [0, divided],
  [1, start],
  [2, start],
  [2, assigned(1)],
];

test.each<[string, readonly (readonly [number, KernelFact])[], string | null]>([
  ["a turn in the slot of its own domain", [[1, turn]], null],
  ["a turn in the slot of another one", [[2, turn]], "process 2 has a turn in the slot of domain 0"],
  [
    "a slot that comes next",
    [
      [0, entered(1)],
      [2, turn],
    ],
    null,
  ],
  ["a slot that does not", [[0, entered(2)]], "the slot of domain 2 does not come next"],
  [
    "a slot that comes behind others that passed",
    [
      [0, entered(0, 5)],
      [1, turn],
    ],
    null,
  ],
  ["a slot that is another one then", [[0, entered(1, 5)]], "the slot of domain 1 does not come next"],
  ["a domain that there is not", [[2, assigned(3)]], "there is no domain 3"],
  [
    "a domain of a process that has begun",
    [
      [1, turn],
      [1, assigned(1)],
    ],
    "process 1 is not beginning",
  ],
  ["domains that there are already", [[0, divided]], "the machine has domains already"],
])("the checker judges %s", (_, facts, said) => {
  expect(saidOf(...booted, ...facts)).toBe(said);
});

test("the checker takes no slots where there are no domains, and no domain without slots", () => {
  expect(saidOf([0, entered(0)])).toBe("the slot of domain 0 does not come next");
  expect(saidOf([0, { ...divided, slotTicks: [5, 0, 1] }])).toBe("a domain has no slots");
});
