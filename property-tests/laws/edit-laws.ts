/** Edits of a recording (G5): whatever is changed, left out or put elsewhere of what happened, whoever verifies it notices. */
import fc from "fast-check";
import { foldWhole } from "../../replay/fold-whole.ts";
import type { MemoryStore } from "../model/memory-store.ts";
import { type Passed, passedMessages, PassingMachine } from "../model/passed-messages.ts";
import { refuses } from "./crash-laws.ts";
import { demand, law, type Law } from "./law.ts";
import { recordLog } from "./recorded.ts";

interface Edit {
  /** A bit of a group, its header, events and hash alike, or of the byte stream; or a whole group. */
  readonly of: "group" | "stream" | "left out" | "in another's place" | "twice";
  readonly which: number;
  readonly bit: number;
}

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    of: fc.constantFrom("group", "group", "group", "stream", "left out", "in another's place", "twice"),
    which: fc.nat(10_000),
    bit: fc.nat(10_000_000),
  }),
  { minLength: 10, maxLength: 14, size: "max" },
);

const NO_KEYFRAMES = 1_000_000;
/** About as many groups as a recording of so many events has. */
const GROUPS = 40;

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = bytes.slice();
  const at = Math.floor(bit / 8) % changed.length;
  changed[at] = (changed[at] as number) ^ (1 << (bit % 8));
  return changed;
}

/** Makes the edit; how to take it back, or null where there is nothing to edit. The last group may be cut off: nothing follows it. */
function edit(store: MemoryStore, { of, which, bit }: Edit): (() => void) | null {
  const shelf = of === "stream" ? store.streams : store.groups;
  const keys = shelf.keys;
  const last = of === "left out" ? keys.length - 1 : keys.length;
  const key = keys[which % Math.max(1, last)];
  const other = keys[bit % Math.max(1, keys.length)];
  if (key === undefined || other === undefined || last < 1) return null;
  const bytes = shelf.get(key) as Uint8Array;
  const replaced = shelf.get(other) as Uint8Array;
  const undo = (): void => {
    shelf.put(key, bytes);
    shelf.put(other, replaced);
  };
  if (of === "group" || of === "stream") shelf.damage(key, flipped(bytes, bit));
  else if (of === "left out") shelf.remove(key);
  else if (other === key) return null;
  else shelf.damage(other, bytes);
  if (of === "in another's place") shelf.damage(key, replaced);
  return undo;
}

function editsAreRefused(tale: readonly Passed[], drawn: readonly Edit[]): void {
  const passing = new PassingMachine();
  for (const step of tale) passing.step(step);
  const { log } = passing.machine.run();
  const ends = Array.from({ length: GROUPS }, (_, at) => Math.floor((at * log.eventCount) / GROUPS));
  const { store } = recordLog(log, ends, NO_KEYFRAMES);
  for (const one of drawn) {
    const undo = edit(store, one);
    if (undo === null) continue;
    demand(
      refuses(() => foldWhole(store.asStore, () => {})),
      `a recording is taken as it is, although it was edited: ${JSON.stringify(one)}`,
    );
    undo();
  }
  foldWhole(store.asStore, () => {});
}

export const editLaws: readonly Law[] = [
  law({
    id: "G5-edits",
    statement:
      "a bit that is changed anywhere in the groups or the byte stream of a recording, and a group that is left out, moved or there twice, is noticed",
    runs: 2,
    cases: fc.record({ tale: passedMessages(200), drawn: edits }),
    holds: ({ tale, drawn }) => editsAreRefused(tale, drawn),
  }),
];
