import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { CodecContext } from "./compile-event.ts";
import { makeEventCodec, newCodecContext } from "./event-codec.ts";
import {
  choice,
  event,
  type EventOf,
  type FactOf,
  flag,
  length,
  position,
  sint,
  text,
  texts,
  uint,
  uints,
  use,
} from "./event-schema.ts";

const declarations = {
  "test/plain": event(1, {}),
  "test/numbers": event(2, { count: uint, balance: sint, isOn: flag }),
  "test/words": event(3, { color: choice("red", "green"), name: text, list: texts, numbers: uints }),
  "test/used": event(4, { by: use, slot: uint }),
  "test/bytes": event(200, { before: uint, position, length }),
} as const;

type TestEvent = EventOf<typeof declarations>;
type TestFact = FactOf<typeof declarations>;
const codec = makeEventCodec<TestEvent, TestFact>(declarations);
const plain: TestFact = { type: "test/plain" };

const encoded = (events: readonly TestEvent[], context: CodecContext): number[] => {
  const writer = new ByteWriter(8);
  for (const each of events) codec.encode(writer, each, context);
  return [...writer.view()];
};

const decoded = (bytes: readonly number[], context = newCodecContext()): TestEvent[] => {
  const reader = new ByteReader(Uint8Array.from(bytes));
  const events: TestEvent[] = [];
  while (reader.offset < reader.end) events.push(codec.decode(reader, context));
  return events;
};

const refusal = (bytes: readonly number[], context?: CodecContext): string => {
  try {
    decoded(bytes, context);
  } catch (error) {
    if ((error as Error).name === "MalformedBytes") return (error as Error).message;
    throw error;
  }
  throw new Error("the bytes were taken");
};

describe("an event's bytes", () => {
  test("leave out all that the context says", () => {
    expect(encoded([codec.seal(plain, 0, 0, -1, 0, -1)], newCodecContext())).toEqual([1, 0]);
    expect(
      encoded([codec.seal(plain, 5, 70, -1, 3, -1)], { seq: 5, at: 70, pid: 3, head: 9, by: 0 }),
    ).toEqual([1, 0]);
  });

  test.each([
    ["time that passed", codec.seal(plain, 10, 102, -1, 3, -1), [1, 2 * 8]],
    ["a cause, as the distance back", codec.seal(plain, 10, 100, 7, 3, -1), [1, 1, 3]],
    ["another pid", codec.seal(plain, 10, 100, -1, 4, -1), [1, 2, 4]],
    ["the call it answers", codec.seal(plain, 10, 100, -1, 3, 0xbeef), [1, 4, 0xef, 0xbe]],
    ["all at once", codec.seal(plain, 10, 101, 0, 0, 0), [1, 15, 10, 0, 0, 0]],
  ])("say %s", (_, sealed, bytes) => {
    const context = { seq: 10, at: 100, pid: 3, head: 0, by: 0 };
    expect(encoded([sealed], { ...context })).toEqual(bytes);
    expect(decoded(bytes, { ...context })).toEqual([sealed]);
  });

  const used = (by: number): TestFact => ({ type: "test/used", by, slot: 2 });

  test.each([
    ["the one that was used last", 1000, 1000, 0],
    ["none, as before", 0, 0, 0],
    ["one that is far back, as it is", 7, 0, 7 * 2 + 1],
    ["one that was just made, as the distance back", 99_990, 0, 10 * 2 + 2],
    ["none, where there was one", 0, 1000, 1],
  ])("say which capability was used: %s", (_, by, last, code) => {
    const context = { seq: 100_000, at: 0, pid: 0, head: 0, by: last };
    const sealed = codec.seal(used(by), 100_000, 0, -1, 0, -1);
    expect(encoded([sealed], { ...context })).toEqual([4, 0, 2, code]);
    expect(decoded([4, 0, 2, code], context)).toEqual([sealed]);
    expect(context.by).toBe(by);
  });

  test("that bring bytes name them by nothing but their length, as they begin where the stream ended", () => {
    const context = { seq: 0, at: 0, pid: 0, head: 1_000_000, by: 0 };
    const sealed = codec.seal(
      { type: "test/bytes", before: 1, position: 1_000_000, length: 5 },
      0,
      0,
      -1,
      0,
      -1,
    );
    expect(encoded([sealed], context)).toEqual([200, 0, 1, 0, 5]);
    expect(context.head).toBe(1_000_005);
  });

  test("that name older bytes say how far back they begin, and leave the head where it is", () => {
    const context = { seq: 0, at: 0, pid: 0, head: 100, by: 0 };
    const sealed = codec.seal({ type: "test/bytes", before: 1, position: 90, length: 5 }, 0, 0, -1, 0, -1);
    const bytes = encoded([sealed], context);
    expect(bytes).toEqual([200, 0, 1, 20, 5]);
    expect(context.head).toBe(100);
    expect(decoded(bytes, { seq: 0, at: 0, pid: 0, head: 100, by: 0 })).toEqual([sealed]);
  });
});

test("append seals with the context's next seq, encodes, and moves the context, as seal and encode do", () => {
  const writer = new ByteWriter(8);
  const context = { seq: 4, at: 10, pid: 1, head: 0, by: 0 };
  const appended = codec.append(writer, plain, context, 12, 3, 1, 7);
  expect(appended).toEqual(codec.seal(plain, 4, 12, 3, 1, 7));
  expect([...writer.view()]).toEqual(encoded([appended], { seq: 4, at: 10, pid: 1, head: 0, by: 0 }));
  expect(context).toEqual({ seq: 5, at: 12, pid: 1, head: 0, by: 0 });
});

test("a sealed event keeps none of the fact's other fields", () => {
  expect(codec.seal({ ...plain, secret: 1 } as TestFact, 0, 0, -1, 0, -1)).not.toHaveProperty("secret");
});

const factArbitrary: fc.Arbitrary<TestFact> = fc.oneof(
  fc.constant(plain),
  fc.record({
    type: fc.constant("test/numbers" as const),
    count: fc.maxSafeNat(),
    balance: fc.integer({ min: -(2 ** 52) + 1, max: 2 ** 52 - 1 }),
    isOn: fc.boolean(),
  }),
  fc.record({
    type: fc.constant("test/used" as const),
    by: fc.oneof(fc.nat(3), fc.nat(1_000_100), fc.nat(2 ** 31)),
    slot: fc.nat(9),
  }),
  fc.record({
    type: fc.constant("test/words" as const),
    color: fc.constantFrom("red" as const, "green" as const),
    name: fc.string({ unit: "grapheme", maxLength: 20 }),
    list: fc.array(fc.string({ maxLength: 5 }), { maxLength: 5 }),
    numbers: fc.array(fc.maxSafeNat(), { maxLength: 5 }),
  }),
);

test("any log comes back, event by event, and both contexts end at the same place", () => {
  const step = fc.record({
    fact: factArbitrary,
    later: fc.nat(10_000_000),
    pid: fc.nat(3),
    call: fc.integer({ min: -1, max: 0xffff }),
    hasCause: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.nat(1_000_000), (steps, firstSeq) => {
      let at = 0;
      const events = steps.map(({ fact, later, pid, call, hasCause }, index) => {
        at += later;
        const seq = firstSeq + index;
        return codec.seal(fact, seq, at, hasCause && seq > 0 ? Math.floor(seq / 2) : -1, pid, call);
      });
      const start = { seq: firstSeq, at: 0, pid: 0, head: 0, by: 0 };
      const writing = { ...start };
      const reading = { ...start };
      expect(decoded(encoded(events, writing), reading)).toEqual(events);
      expect(reading).toEqual(writing);
    }),
  );
});

describe("bytes that no encoder writes are refused", () => {
  test.each([
    ["a tag that belongs to no type", [9, 0], "a type of event that this version knows"],
    ["a cause before the first event", [1, 1, 1], "a cause before the event"],
    ["a cause that is the event itself", [1, 1, 0], "a cause before the event"],
    ["an event without its header", [1], "one more byte"],
    ["half of the call", [1, 4, 1], "one more byte"],
    ["a word beyond those that are known", [3, 0, 2, 0, 0, 0], "one of 2 words"],
    ["a list longer than its event", [3, 0, 0, 0, 100, 0], "a list that fits into its event"],
    [
      "a list that nothing could hold",
      [3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f],
      "a list that fits into its event",
    ],
    ["a text longer than its event", [3, 0, 0, 50, 0x61], "a text of at most"],
    ["a text that is no UTF-8", [3, 0, 0, 1, 0xff, 0, 0], "well-formed UTF-8"],
    ["a capability from before the first event", [4, 0, 0, 4], "the id of a capability"],
    ["bytes from before the stream", [200, 0, 0, 2, 1], "a position within the byte stream"],
    ["bytes from behind the stream's head", [200, 0, 0, 1, 1], "a position within the byte stream"],
  ])("%s", (_, bytes, expected) => {
    expect(refusal(bytes)).toContain(expected);
  });

  test("a kernel time beyond the safe integers", () => {
    const context = { seq: 0, at: 2 ** 53 - 10, pid: 0, head: 0, by: 0 };
    expect(refusal([1, 0x80, 1], context)).toContain("a kernel time of at most 53 bits");
  });

  test("a length that ends beyond the safe integers", () => {
    const context = { seq: 0, at: 0, pid: 0, head: 2 ** 53 - 10, by: 0 };
    expect(refusal([200, 0, 0, 0, 100], context)).toContain("a length within the byte stream");
  });

  test("whatever they are, no other error than a refusal comes of them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          decoded([...bytes]);
        } catch (error) {
          expect((error as Error).name).toBe("MalformedBytes");
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a promise of ours that is broken is a bug", () => {
  test("kernel time goes back", () => {
    const sealed = codec.seal(plain, 0, 5, -1, 0, -1);
    expect(() => encoded([sealed], { seq: 0, at: 6, pid: 0, head: 0, by: 0 })).toThrow(
      "kernel time does not go back",
    );
  });

  test("a type of event was never declared", () => {
    expect(() => codec.seal({ type: "test/unknown" } as never, 0, 0, -1, 0, -1)).toThrow("are declared");
  });

  test("two types share a tag", () => {
    const shared = { "test/a": event(1, {}), "test/b": event(1, {}) };
    expect(() => makeEventCodec(shared)).toThrow("tag 1 belongs to one type of event");
  });
});
