import { describe, expect, test } from "@jest/globals";
import { ByteWriter } from "../core/byte-writer.ts";
import { kernelCodec, type KernelFact } from "../reducers/kernel-event.ts";
import {
  contextOf,
  eventsOf,
  followsHash,
  GENESIS,
  type Group,
  type GroupHeader,
  HASH_BYTES,
  parseGroup,
  sealGroup,
} from "./group.ts";

const header: GroupHeader = {
  firstSeq: 100,
  count: 3,
  at: 5000,
  pid: 1,
  by: 7,
  streamStart: 40,
  streamEnd: 47,
};
const facts: readonly KernelFact[] = [
  { type: "process/yielded" },
  { type: "console/written", by: 7, stream: 1, position: 40, length: 7 },
  { type: "clock/read", by: 0, clock: 0 },
];
const bytes = [Uint8Array.from([1, 2, 3, 4]), Uint8Array.from([5, 6, 7])];

function body(): Uint8Array {
  const writer = new ByteWriter();
  const context = contextOf(header);
  facts.forEach((fact, index) => kernelCodec.append(writer, fact, context, 5000 + index * 10, -1, 1, index));
  return writer.view().slice();
}

const sealed = sealGroup(GENESIS, header, body(), bytes);

function sound(record: Uint8Array): Group {
  const group = parseGroup(record);
  if (!group.ok) throw new Error(group.error.what);
  return group.value;
}

const refusal = (record: Uint8Array): string => {
  const group = parseGroup(record);
  if (!group.ok) return group.error.what;
  const events = eventsOf(group.value);
  return events.ok ? "" : events.error.what;
};

/** The record with another header. */
const withHeader = (more: Partial<GroupHeader>): Uint8Array =>
  sealGroup(GENESIS, { ...header, ...more }, body(), bytes).record;

describe("a group", () => {
  test("whose numbers are written longer than they need to be is refused", () => {
    const { record } = sealed;
    // The first number, 100, as two bytes.
    const longer = Uint8Array.from([record[0] as number, 0xe4, 0, ...record.subarray(2)]);
    expect(record[1]).toBe(100);
    expect(refusal(longer)).toContain("numbers as short as they can be");
  });

  test("comes back with its header, its events and its hash", () => {
    const group = sound(sealed.record);
    expect(group.header).toEqual(header);
    expect([...group.hash]).toEqual([...sealed.hash]);
    const events = eventsOf(group);
    expect(events.ok && events.value).toMatchObject(
      facts.map((fact, index) => ({
        ...fact,
        seq: 100 + index,
        at: 5000 + index * 10,
        pid: 1,
        call: index,
        cause: -1,
      })),
    );
  });

  test("follows the group whose hash it was sealed with, and brought the bytes that it was sealed with", () => {
    const group = sound(sealed.record);
    expect(followsHash(group, GENESIS, bytes)).toBe(true);
    expect(followsHash(group, GENESIS, [Uint8Array.from([1, 2, 3, 4, 5, 6, 7])])).toBe(true);
    expect(followsHash(group, sealed.hash, bytes)).toBe(false);
    expect(followsHash(group, GENESIS, [Uint8Array.from([1, 2, 3, 4, 5, 6, 8])])).toBe(false);
    expect(followsHash(group, GENESIS, [])).toBe(false);
  });

  test("of which any one byte is changed does not follow any more, or is none", () => {
    for (let index = 0; index < sealed.record.length; index += 1) {
      const changed = sealed.record.slice();
      changed[index] = (changed[index] as number) ^ 0x10;
      const group = parseGroup(changed);
      expect(group.ok && followsHash(group.value, GENESIS, bytes)).toBe(false);
    }
  });

  test("that is cut off anywhere does not follow any more, or is none", () => {
    for (let length = 0; length < sealed.record.length; length += 1) {
      const group = parseGroup(sealed.record.subarray(0, length));
      expect(group.ok && followsHash(group.value, GENESIS, bytes)).toBe(false);
    }
  });
});

describe("bytes are refused as a group", () => {
  test.each([
    ["that are none", new Uint8Array(0), "one more byte"],
    ["that are shorter than a hash", new Uint8Array(HASH_BYTES - 1), "one more byte"],
    [
      "of another version",
      sealed.record.map((byte, index) => (index === 0 ? 1 : byte)),
      "a group of version 2, not 1",
    ],
    ["without events", withHeader({ count: 0 }), "1 to 1048576 events"],
    ["with more events than are ever written", withHeader({ count: (1 << 20) + 1 }), "1 to 1048576 events"],
    [
      "whose stretch of the stream ends before it begins",
      withHeader({ streamStart: 48 }),
      "a stretch of the byte stream",
    ],
    ["with fewer events than they say", withHeader({ count: 4 }), "one more byte"],
    ["with more events than they say", withHeader({ count: 2 }), "the end of the group after 2 events"],
    [
      "whose events bring fewer bytes than they say",
      withHeader({ streamEnd: 48 }),
      "the bytes that the header says",
    ],
    [
      "whose events bring more bytes than they say",
      withHeader({ streamEnd: 46 }),
      "the bytes that the header says",
    ],
  ])("%s", (_, record, expected) => {
    expect(refusal(record)).toContain(expected);
  });
});
