import { describe, expect, test } from "@jest/globals";
import { kernelCodec, type KernelFact } from "./kernel-event.ts";
import { initialState, type KernelState } from "./kernel-state.ts";
import { Fold, step, stepWithPatches } from "./step.ts";

const facts: readonly KernelFact[] = [
  { type: "machine/powered-on", wall: 1_000_000, clock: "virtual", version: 1, nameSeed: 3 },
  { type: "process/started", program: "", name: "p", args: ["p"], environment: [], memoryPages: 1 },
  { type: "file/preopened", inode: 1, open: 1 },
  { type: "capability/granted", slot: 0, object: "file", target: 1, rights: 5, inheriting: 7, label: "/" },
  { type: "file/created", by: 3, directory: 1, name: "a", inode: 2 },
  { type: "file/opened", by: 3, from: 0, slot: 1, inode: 2, open: 2, rights: 1, inheriting: 0, flags: 0 },
  { type: "file/written", by: 5, open: 2, offset: 0, position: 0, length: 5000 },
  { type: "file/resized", by: 5, inode: 2, size: 100 },
  {
    type: "name/renamed",
    by: 3,
    directory: 1,
    name: "a",
    toDirectory: 1,
    toName: "b",
    inode: 2,
    replaced: 0,
  },
  { type: "name/unlinked", by: 3, directory: 1, name: "b", inode: 2 },
  { type: "capability/closed", by: 5, slot: 1, object: "file", target: 2 },
  { type: "process/exited", code: 3 },
];
const events = facts.map((fact, seq) => kernelCodec.seal(fact, seq, seq * 10, -1, seq === 0 ? 0 : 1, -1));

/** A state without its stamps, which are no part of it. */
const plain = (state: KernelState): unknown =>
  JSON.parse(JSON.stringify(state, (key, value: unknown) => (key === "epoch" ? undefined : value)));

test("both drivers come to the same state, after each event", () => {
  const fold = new Fold(initialState());
  let state = initialState();
  for (const event of events) {
    fold.apply(event);
    state = step(state, event);
    expect(plain(fold.state)).toEqual(plain(state));
  }
});

describe("the public step", () => {
  test("leaves the state that it was given, and freezes what it gives", () => {
    const before = initialState();
    const copy = JSON.stringify(before);
    const [first] = events;
    const after = first === undefined ? before : step(before, first);
    expect([JSON.stringify(before), after.clock.isOn]).toEqual([copy, true]);
    expect(Object.isFrozen(after.clock)).toBe(true);
  });

  test("says what changed as patches", () => {
    const [first] = events;
    if (first === undefined) throw new Error("there is a first event");
    const [state, patches] = stepWithPatches(initialState(), first);
    expect(state.seq).toBe(1);
    expect(patches).toContainEqual({ op: "replace", path: ["clock", "isOn"], value: true });
    expect(
      patches.every(({ path }) => ["seq", "at", "head", "clock", "files"].includes(String(path[0]))),
    ).toBe(true);
  });
});

describe("the fast driver", () => {
  test("keeps each snapshot as it was, whatever comes later", () => {
    const fold = new Fold(initialState());
    const kept = events.map((event) => {
      fold.apply(event);
      const state = fold.snapshot();
      return { state, text: JSON.stringify(state) };
    });
    for (const { state, text } of kept) expect(JSON.stringify(state)).toBe(text);
  });

  test("goes on from any snapshot, and as often as one likes", () => {
    const middle = new Fold(initialState());
    for (const event of events.slice(0, 6)) middle.apply(event);
    const from = middle.snapshot();
    const ends = [1, 2].map(() => {
      const fold = new Fold(from);
      for (const event of events.slice(6)) fold.apply(event);
      return plain(fold.state);
    });
    for (const event of events.slice(6)) middle.apply(event);
    expect(ends).toEqual([plain(middle.state), plain(middle.state)]);
  });

  test("leaves the state that it began with", () => {
    const from = initialState();
    const before = JSON.stringify(from);
    const fold = new Fold(from);
    for (const event of events) fold.apply(event);
    expect(JSON.stringify(from)).toBe(before);
  });

  test("keeps nothing of an event that the event's owner could change", () => {
    const args = ["p"];
    const fold = new Fold(initialState());
    const started = {
      type: "process/started" as const,
      program: "",
      name: "p",
      args,
      environment: args,
      memoryPages: 1,
    };
    fold.apply(kernelCodec.seal(started, 0, 0, -1, 1, -1));
    args.push("added later");
    expect(JSON.stringify(fold.state)).not.toContain("added later");
  });
});
