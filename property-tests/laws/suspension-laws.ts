/** Laws of processes that are suspended: nobody inside can tell, and what is written down is all there is. */
import fc from "fast-check";
import { hashPages, PAGE_BYTES } from "../../guests/suspendable/page-hash.ts";
import { transformModule, type TransformedModule } from "../../guests/transform/transform-module.ts";
import { exceptionModule } from "../model/exception-module.ts";
import { generatedModule } from "../model/generated-module.ts";
import { runPlain, runTransformed, type Schedule } from "../model/generated-runs.ts";
import { recursiveModule } from "../model/recursive-module.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

/** Not shrunk: each byte decides what the bytes behind it mean. */
const choices = fc.noShrink(fc.uint8Array({ minLength: 100, maxLength: 1500 }));
const quantum = fc.oneof(fc.constantFrom(0, 1, 7, 1000), fc.nat(200));
const waits = fc.constantFrom(0, 1, 1, 2, 3);

function transformed(bytes: Uint8Array, stackBytes: number): TransformedModule {
  const result = transformModule(bytes, { stackBytes });
  demand(result.ok, `a valid module was refused: ${result.ok ? "" : result.error.what}`);
  return result.value;
}

/** More than the work that a generated module may do can use, and less than V8 has. */
const AMPLE_STACK = 4 << 20;

function isInvisible(bytes: Uint8Array, schedule: Schedule): void {
  const plain = runPlain(bytes);
  const module = transformed(bytes, AMPLE_STACK);
  demandEqual(runTransformed(module, schedule).seen, plain, "what a suspended run shows");
}

/** After a trap it is not said how many there were: a loop that traps had them in a local. */
function ticksAreTheSame(drawn: Uint8Array, schedules: readonly Schedule[]): void {
  const module = transformed(generatedModule(drawn).bytes, AMPLE_STACK);
  const undisturbed = runTransformed(module, { quantum: 0, waits: 0, image: "none" });
  if (!undisturbed.seen.end.startsWith("returned")) return;
  for (const schedule of schedules)
    demandEqual(runTransformed(module, schedule).ticks, undisturbed.ticks, "ticks of the whole run");
}

function boundIsTheSame(stackBytes: number, schedule: Schedule): void {
  const module = transformed(recursiveModule(), stackBytes);
  const undisturbed = runTransformed(module, { quantum: 0, waits: 0, image: "none" }).seen;
  demandEqual(undisturbed.end, "stack", "how recursion without end ends");
  demandEqual(
    runTransformed(module, schedule).seen,
    undisturbed,
    "what was computed before the stack was used up",
  );
}

interface Store {
  readonly address: number;
  readonly value: number;
}

const PAGES = 32;

/** Pages with other bytes are found, and no others. */
function changesAreFound(before: readonly Store[], after: readonly Store[]): void {
  const memory = new WebAssembly.Memory({ initial: (PAGES * PAGE_BYTES) / 65_536 });
  const bytes = new Uint8Array(memory.buffer);
  const store = (stores: readonly Store[]): void => {
    for (const { address, value } of stores) bytes[address] = value;
  };
  store(before);
  const { hashes } = hashPages(memory, new Float64Array(0));
  const copy = bytes.slice();
  store(after);
  const changed = Array.from({ length: PAGES }, (_, page) => page).filter((page) => {
    const [start, end] = [page * PAGE_BYTES, (page + 1) * PAGE_BYTES];
    return Buffer.compare(bytes.subarray(start, end), copy.subarray(start, end)) !== 0;
  });
  demandEqual(hashPages(memory, hashes).changed, changed, "pages that have changed");
}

const schedules = (image: fc.Arbitrary<Schedule["image"]>): fc.Arbitrary<Schedule> =>
  fc.record({ quantum, waits, image });

const stores = fc.array(
  fc.record({
    address: fc.oneof(fc.nat(PAGES * PAGE_BYTES - 1), fc.nat(2 * PAGE_BYTES)),
    value: fc.nat(255),
  }),
  { maxLength: 20 },
);

export const suspensionLaws: readonly Law[] = [
  law({
    id: "U1",
    statement: "suspending a program at any call and at any tick changes nothing that it does",
    runs: 500,
    cases: fc.record({ drawn: choices, schedule: schedules(fc.constant("none")) }),
    holds: ({ drawn, schedule }) => isInvisible(generatedModule(drawn).bytes, schedule),
  }),
  law({
    id: "U2",
    statement: "a program goes on from an image, in a new instance, as if nothing had happened",
    runs: 50,
    cases: fc.record({
      drawn: choices,
      schedule: schedules(fc.constantFrom("taken", "restored", "restored")),
    }),
    holds: ({ drawn, schedule }) => isInvisible(generatedModule(drawn).bytes, schedule),
  }),
  law({
    id: "U3",
    statement: "the ticks of a program do not depend on how often it was suspended or restored",
    runs: 60,
    cases: fc.record({
      drawn: choices,
      schedules: fc.array(schedules(fc.constantFrom("none", "restored")), { minLength: 1, maxLength: 2 }),
    }),
    holds: (drawn) => ticksAreTheSame(drawn.drawn, drawn.schedules),
  }),
  law({
    id: "U4",
    statement: "recursion without end is the same trap at the same depth, suspended or not",
    runs: 12,
    cases: fc.record({
      stackBytes: fc.integer({ min: 10_000, max: 60_000 }),
      schedule: fc.record({
        quantum: fc.constantFrom(0, 100, 1000, 3000),
        waits: fc.constantFrom(0, 20, 50),
        image: fc.constantFrom("none", "restored"),
      }),
    }),
    holds: ({ stackBytes, schedule }) => boundIsTheSame(stackBytes, schedule),
  }),
  law({
    id: "U5",
    statement: "an image holds the pages that have changed, and no others",
    runs: 200,
    cases: fc.record({ before: stores, after: stores }),
    holds: ({ before, after }) => changesAreFound(before, after),
  }),
  law({
    id: "U6",
    statement:
      "an exception that is thrown after a suspension finds its handler, and the handler what it reads",
    runs: 150,
    cases: fc.record({
      drawn: fc.record({
        tag: fc.nat(2),
        caught: fc.integer({ min: -1, max: 2 }),
        handlerWaits: fc.boolean(),
        rethrows: fc.boolean(),
        drops: fc.boolean(),
      }),
      schedule: schedules(fc.constantFrom("none", "restored")),
    }),
    holds: ({ drawn, schedule }) => isInvisible(exceptionModule(drawn), schedule),
  }),
];
