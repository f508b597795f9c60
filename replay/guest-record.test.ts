import { describe, expect, test } from "@jest/globals";
import { ByteReader } from "../core/byte-reader.ts";
import { ByteWriter } from "../core/byte-writer.ts";
import { exportOf, moduleOf, section, vector } from "../guests/module/module-builder.ts";
import { judgeImage } from "../guests/suspendable/judge-image.ts";
import { SuspendableInstance } from "../guests/suspendable/suspendable-instance.ts";
import { SuspendableProgram } from "../guests/suspendable/suspendable-program.ts";
import { transformModule } from "../guests/transform/transform-module.ts";
import { type GuestRecord, readGuestRecord, writeGuestRecord } from "./guest-record.ts";

const VECTOR = Array.from({ length: 16 }, (_, place) => 0xf0 + place);

/** Its globals are below 0, whatever their type: -5, -2, -1.5, -2.5, and a vector of large bytes. */
const bytes = moduleOf(
  section(1, vector([0x60, 0, 0])),
  section(3, [1, 0]),
  section(5, [1, 0, 1]),
  section(
    6,
    vector(
      [0x7f, 1, 0x41, 0x7b, 0x0b],
      [0x7e, 1, 0x42, 0x7e, 0x0b],
      [0x7d, 1, 0x43, 0, 0, 0xc0, 0xbf, 0x0b],
      [0x7c, 1, 0x44, 0, 0, 0, 0, 0, 0, 4, 0xc0, 0x0b],
      [0x7b, 1, 0xfd, 0x0c, ...VECTOR, 0x0b],
    ),
  ),
  section(7, vector(exportOf("_start", 0, 0), exportOf("memory", 2, 0))),
  section(10, vector([2, 0, 0x0b])),
);

const transformed = transformModule(bytes, {});
if (!transformed.ok) throw new Error(transformed.error.what);
const program = new SuspendableProgram(transformed.value);
const host = { call: () => 0 };
const image = new SuspendableInstance(program, host).image();

function encoded(record: GuestRecord): Uint8Array {
  const writer = new ByteWriter();
  writeGuestRecord(writer, record);
  return writer.view().slice();
}

const again = (record: GuestRecord): GuestRecord => readGuestRecord(new ByteReader(encoded(record)));

test("globals below 0 are what they were, in the record and in the guest that goes on from it", () => {
  const read = { ...again({ begunAt: 0, image }).image, pages: [], freshPages: [] };
  expect(read.globals).toEqual(image.globals);
  expect(judgeImage(read, program.layout)).toBeNull();
  // Other values than a new process has, so that it is seen whether they are set.
  const other = {
    ...read,
    globals: read.globals.map(([index, low, high]) => [index, low - 1n, high] as const),
  };
  const restored = SuspendableInstance.restore(program, other, { host });
  expect(restored.image().globals).toEqual(other.globals);
});

describe("a record is refused", () => {
  const record: GuestRecord = { begunAt: 0, image };
  const changes: readonly (readonly [string, GuestRecord, string])[] = [
    ["of a turn that begins later", { ...record, begunAt: 1 }, "began before now"],
    [
      "of more references than there can be",
      { begunAt: 0, image: { ...image, references: Array<number>((1 << 20) + 1).fill(-1) } },
      "a list of at most 1048576",
    ],
    ["of no function", { begunAt: 0, image: { ...image, references: [-2] } }, "the number of a function"],
    [
      "of a function beyond 31 bits",
      { begunAt: 0, image: { ...image, globalReferences: [[0, 2 ** 32 - 1]] } },
      "the number of a function",
    ],
  ];

  test.each(changes)("%s", (_, changed, why) => {
    expect(() => again(changed)).toThrow(why);
  });

  test("with a flag that is neither 0 nor 1", () => {
    const last = encoded(record);
    last[last.length - 1] = 2;
    expect(() => readGuestRecord(new ByteReader(last))).toThrow("0 or 1");
  });
});
