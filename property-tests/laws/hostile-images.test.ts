import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ByteWriter } from "../../core/byte-writer.ts";
import type { GuestImage } from "../../guests/pauses.ts";
import { PAGE_BYTES } from "../../guests/suspendable/page-hash.ts";
import type { ProcessImage } from "../../guests/suspendable/process-image.ts";
import { imageSteps } from "../model/image-arbitraries.ts";
import { ImageShelf } from "../model/image-shelf.ts";
import { MemoryStore } from "../model/memory-store.ts";
import { writeGuestRecord } from "../../replay/guest-record.ts";
import { sha256 } from "../../replay/hash.ts";
import { ImageRefused } from "../../replay/image-nodes.ts";
import { ImageReader } from "../../replay/image-reader.ts";
import { ImageWriter } from "../../replay/image-writer.ts";
import type { StoredKeyframe } from "../../replay/keyframe-record.ts";
import { IMAGE_VERSION } from "../../replay/machine-image.ts";

const ADDRESS = sha256(new Uint8Array(0));
const SEQ = 5;

const idle: Omit<ProcessImage, "pages" | "freshPages"> = {
  version: 1,
  entry: 0,
  status: "ready",
  stack: new Uint8Array(0),
  references: [],
  call: null,
  answer: undefined,
  ticksLeft: -3,
  ticksUsed: 9,
  memoryPages: 1,
  globals: [],
  globalReferences: [],
  dropped: [],
  tables: null,
};

function guest(pid: number, indices: readonly number[], memoryPages = 1): GuestImage {
  const pages = indices.map((index) => {
    const bytes = new Uint8Array(PAGE_BYTES).fill(index + 1);
    return { index, bytes, address: sha256(bytes) };
  });
  return { pid, begunAt: 2, image: { ...idle, memoryPages, pages, freshPages: [] } };
}

function written(store: MemoryStore, guests: readonly GuestImage[]): StoredKeyframe {
  const writer = new ImageWriter(new ImageShelf(store));
  const image = writer.write({ seq: SEQ, living: guests.map(({ pid }) => pid), guests }, ADDRESS);
  return { seq: SEQ, address: ADDRESS, root: -1, image };
}

const read = (store: MemoryStore, keyframe: StoredKeyframe) => new ImageReader(store.asStore).read(keyframe);

/** The keyframe of a node that was put last, as a root. */
const rootAt = (number: number, address = ADDRESS): StoredKeyframe => ({
  seq: SEQ,
  address: ADDRESS,
  root: -1,
  image: { number, address },
});

/** A root that names one guest so often, as it lies in the store. */
function rootOf(store: MemoryStore, guestNumber: number, count: number): StoredKeyframe {
  const writer = new ByteWriter();
  writer.uint(IMAGE_VERSION);
  writer.uint(SEQ);
  writer.raw(ADDRESS);
  writer.uint(count);
  const places: { number: number; offset: number }[] = [];
  for (let pid = 1; pid <= count; pid += 1) {
    writer.uint(pid);
    places.push({ number: guestNumber, offset: writer.length });
    writer.raw(ADDRESS);
  }
  return rootAt(new ImageShelf(store).put(writer.view().slice(), places));
}

describe("an image", () => {
  test("that is there once for several guests has their pages once", () => {
    const store = new MemoryStore();
    const keyframe = written(store, [guest(1, [0, 3]), guest(2, [3])]);
    const found = read(store, keyframe);
    expect([...found].map(([pid, { image }]) => [pid, image.image.pages.map(({ index }) => index)])).toEqual([
      [1, [0, 3]],
      [2, [3]],
    ]);
    expect(found.get(1)?.nodes.pages.get(3)?.number).toBe(found.get(2)?.nodes.pages.get(3)?.number);
  });

  test.each([
    [1, 16],
    [1, 63],
    [2, 32],
  ])("of a memory of %d pages of 64 KiB has no page %d of 4 KiB", (memoryPages, index) => {
    const store = new MemoryStore();
    const keyframe = written(store, [guest(1, [index], memoryPages)]);
    expect(() => read(store, keyframe)).toThrow(ImageRefused);
    expect(read(store, written(store, [guest(1, [memoryPages * 16 - 1], memoryPages)])).size).toBe(1);
  });

  test("of more memory than there can be is refused", () => {
    const store = new MemoryStore();
    expect(() => read(store, written(store, [guest(1, [], 65_537)]))).toThrow("at most 65536 pages");
  });

  test("that names a node that is not there, or one behind itself, is refused", () => {
    const store = new MemoryStore();
    const writer = new ByteWriter();
    writeGuestRecord(writer, { begunAt: 0, image: idle });
    writer.uint(0);
    const number = new ImageShelf(store).put(writer.view().slice(), []);
    expect(() => read(store, rootAt(number + 7))).toThrow("is missing");
    // A root that names itself, and one that names what does not come before it.
    for (const below of [number + 1, number - 3])
      expect(() => read(store, rootOf(store, below, 1))).toThrow(ImageRefused);
  });

  test("that names one guest over and over is refused as soon as that is seen", () => {
    const store = new MemoryStore();
    const keyframe = written(store, [
      guest(
        1,
        Array.from({ length: 1024 }, (_, page) => page),
        64,
      ),
    ]);
    const node = read(store, keyframe).get(1)?.nodes.guest.number as number;
    const many = rootOf(store, node, 200_000);
    expect(() => read(store, many)).toThrow("stands in it twice");
  });

  test("that was changed anywhere is refused, or is what it was", () => {
    fc.assert(
      fc.property(
        imageSteps,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 8 }),
        (steps, changes) => {
          const store = new MemoryStore();
          const guests = new Map(steps.flatMap(({ ran }) => ran).map((one) => [one.pid, one]));
          const keyframe = written(store, [...guests.values()]);
          const sound = [...read(store, keyframe)];
          for (const [place, change] of changes) {
            const damaged = store.withDamagedPack(place, change);
            try {
              expect([...read(damaged, keyframe)]).toEqual(sound);
            } catch (error) {
              expect(error).toMatchObject({ name: "ImageRefused" });
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("of whatever bytes is refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, hasHead) => {
        const store = new MemoryStore();
        const head = new ByteWriter();
        head.uint(IMAGE_VERSION);
        head.uint(SEQ);
        head.raw(ADDRESS);
        const node = hasHead ? Buffer.concat([head.view(), bytes]) : bytes;
        new ImageShelf(store).put(new Uint8Array(PAGE_BYTES), []);
        const number = new ImageShelf(store).put(node, []);
        expect(() => read(store, rootAt(number, new Uint8Array(32)))).toThrow(ImageRefused);
      }),
      { numRuns: 500 },
    );
  });
});

test("a writer puts what is new, and nothing of what is there", () => {
  let nodes = 0;
  const writer = new ImageWriter({ put: () => (nodes += 1) });
  writer.write({ seq: 1, living: [1], guests: [guest(1, [0, 1, 2], 4)] }, ADDRESS);
  // Three pages, the node of their addresses, the guest and the root.
  expect(nodes).toBe(6);
  writer.write({ seq: 2, living: [1], guests: [] }, ADDRESS);
  expect(nodes).toBe(7);
  // Page 9 is as page 1 was: only what leads there is new.
  const [, page] = guest(1, [0, 1], 4).image.pages;
  const copied = {
    ...guest(1, [], 4),
    image: { ...guest(1, [], 4).image, pages: [{ ...(page as NonNullable<typeof page>), index: 9 }] },
  };
  writer.write({ seq: 3, living: [1], guests: [copied] }, ADDRESS);
  expect(nodes).toBe(10);
});
