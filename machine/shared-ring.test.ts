import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { SharedRing } from "./shared-ring.ts";

const HEAD = 0;
const TAIL = 1;
const never = (): void => {
  throw new Error("the ring was full");
};

const peek = (reader: SharedRing, length: number): Uint8Array => reader.peek(new Uint8Array(length));

/** A ring as its writer and its reader see it, with positions that begin anywhere. */
function ring(capacity: number, start = 0) {
  const buffer = new SharedArrayBuffer(capacity);
  const control = new Int32Array(new SharedArrayBuffer(8)).fill(start | 0);
  return {
    writer: new SharedRing(buffer, control, HEAD, TAIL),
    reader: new SharedRing(buffer, control, HEAD, TAIL),
    control,
  };
}

const counting = (from: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => from + index);

describe("bytes", () => {
  test("are readable once they are published, and no longer once they are released", () => {
    const { writer, reader } = ring(16);
    writer.write(counting(1, 5), 1, 3, never);
    expect([reader.readable, writer.unpublished]).toEqual([0, 3]);
    writer.publish();
    expect([reader.readable, writer.unpublished, [...peek(reader, 3)], [...peek(reader, 2)]]).toEqual([
      3,
      0,
      [2, 3, 4],
      [2, 3],
    ]);
    reader.release(3);
    expect(reader.readable).toBe(0);
  });

  test("that were peeked at are a copy", () => {
    const { writer, reader } = ring(4);
    writer.write(counting(1, 4), 0, 4, never);
    writer.publish();
    const kept = peek(reader, 4);
    reader.release(4);
    writer.write(counting(9, 4), 0, 4, never);
    expect([...kept]).toEqual([1, 2, 3, 4]);
  });

  test.each([0, 5, 2 ** 31 - 3, 2 ** 32 - 3])(
    "go round the end of the ring, from position %d on",
    (start) => {
      const { writer, reader } = ring(8, start);
      for (let round = 0; round < 20; round += 1) {
        writer.write(counting(round, 7), 0, 7, never);
        writer.publish();
        expect([reader.readable, [...peek(reader, 7)]]).toEqual([7, [...counting(round, 7)]]);
        reader.release(7);
      }
    },
  );

  test("of which there are many are copied whole", () => {
    const { writer, reader } = ring(1024, 1000);
    writer.write(counting(0, 600), 0, 600, never);
    writer.publish();
    expect([...peek(reader, 600)]).toEqual([...counting(0, 600)]);
  });
});

describe("a full ring", () => {
  test("makes its writer say so, and wait until there is room", () => {
    const { writer, reader } = ring(8);
    const read: number[] = [];
    writer.write(counting(1, 6), 0, 6, never);
    writer.publish();
    const takeSome = (): void => {
      read.push(...peek(reader, 4));
      reader.release(4);
    };
    writer.write(counting(7, 6), 0, 6, takeSome);
    writer.publish();
    read.push(...peek(reader, reader.readable));
    expect(read).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  test("may be filled to its last byte", () => {
    const { writer, reader } = ring(8, 3);
    writer.write(counting(1, 8), 0, 8, never);
    writer.publish();
    expect([reader.readable, [...peek(reader, 8)]]).toEqual([8, [1, 2, 3, 4, 5, 6, 7, 8]]);
  });
});

describe("a place that is reserved", () => {
  test("is in the ring's own memory, and counts once it is said how much was written there", () => {
    const { writer, reader } = ring(16);
    const at = writer.reserve(5);
    writer.memory.set([7, 8, 9], at);
    writer.advance(3);
    writer.publish();
    expect([at, [...peek(reader, reader.readable)]]).toEqual([0, [7, 8, 9]]);
  });

  test("is refused where it would go round the end, or is not free", () => {
    const { writer, reader } = ring(16);
    writer.write(counting(0, 10), 0, 10, never);
    writer.publish();
    expect([writer.reserve(6), writer.reserve(7)]).toEqual([10, -1]);
    writer.write(counting(0, 6), 0, 6, never);
    writer.publish();
    expect(writer.reserve(1)).toBe(-1);
    reader.release(4);
    expect([writer.reserve(4), writer.reserve(5)]).toEqual([0, -1]);
  });
});

test("what was written last can be had again, published or not, released or not", () => {
  const { writer, reader } = ring(8);
  writer.write(counting(1, 6), 0, 6, never);
  writer.publish();
  reader.release(6);
  writer.write(counting(7, 4), 0, 4, never);
  const bytes = new Uint8Array(10).fill(99);
  writer.copyRecent(bytes, 1, 8, 8);
  expect([...bytes]).toEqual([99, 3, 4, 5, 6, 7, 8, 9, 10, 99]);
});

test("a writer that comes later goes on where the last one ended", () => {
  const buffer = new SharedArrayBuffer(8);
  const control = new Int32Array(new SharedArrayBuffer(8));
  const first = new SharedRing(buffer, control, HEAD, TAIL);
  first.write(counting(1, 3), 0, 3, never);
  first.publish();
  const second = new SharedRing(buffer, control, HEAD, TAIL);
  second.write(counting(4, 3), 0, 3, never);
  second.publish();
  expect([...peek(second, 6)]).toEqual([1, 2, 3, 4, 5, 6]);
});

test("any sequence of writes and reads gives every byte once, in its order", () => {
  const step = fc.record({ write: fc.nat(30), read: fc.nat(30) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(2 ** 32 - 1), (steps, start) => {
      const { writer, reader } = ring(32, start);
      const read: number[] = [];
      let written = 0;
      const take = (count: number): void => {
        const size = Math.min(count, reader.readable);
        read.push(...peek(reader, size));
        reader.release(size);
      };
      for (const each of steps) {
        writer.write(counting(written, each.write), 0, each.write, () => {
          writer.publish();
          take(7);
        });
        written += each.write;
        writer.publish();
        take(each.read);
      }
      take(written);
      expect(read).toEqual([...counting(0, written)]);
    }),
  );
});
