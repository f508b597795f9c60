import { describe, expect, test } from "@jest/globals";
import { PackReader, PagePacker } from "./page-packs.ts";
import type { RecordingStore, StoredPack } from "./recording-store.ts";

/** The part of a store that holds packs, in memory; it counts how often it was read. */
class PackStore {
  readonly packs = new Map<number, Uint8Array>();
  reads = 0;

  get asStore(): RecordingStore {
    return this as unknown as RecordingStore;
  }

  putPack(first: number, pack: Uint8Array): void {
    this.packs.set(first, pack.slice());
  }

  packAt(number: number): StoredPack | null {
    this.reads += 1;
    const first = Math.max(...[...this.packs.keys()].filter((key) => key <= number), -1);
    return first < 0 ? null : { first, bytes: this.packs.get(first) as Uint8Array };
  }
}

const page = (fill: number, length: number): Uint8Array => new Uint8Array(length).fill(fill);

/** A store with pages of so many bytes, each filled with its number. */
function packed(...lengths: readonly number[]): PackStore {
  const store = new PackStore();
  const packer = new PagePacker(store.asStore);
  lengths.forEach((length, number) => packer.put(page(number, length)));
  packer.flush();
  return store;
}

describe("pages that are put", () => {
  test("are found again by their numbers, small, empty and large ones", () => {
    const lengths = [3, 0, 100_000, 1, 200, 40_000, 7];
    const reader = new PackReader(packed(...lengths).asStore);
    const found = lengths.map((_, number) => reader.page(number));
    expect(found).toEqual(lengths.map((length, number) => page(number, length)));
  });

  test("share a pack until it is full, and the next begins with the number behind", () => {
    const store = packed(...Array.from({ length: 20 }, () => 4000));
    expect([...store.packs.keys()]).toEqual([0, 9, 18]);
  });

  test("are numbered on behind what is there, in a later packer", () => {
    const store = packed(1, 2, 3);
    const packer = new PagePacker(store.asStore);
    expect(packer.next).toBe(3);
    packer.put(page(9, 5));
    expect(packer.next).toBe(4);
    packer.flush();
    const reader = new PackReader(store.asStore);
    expect([reader.page(2), reader.page(3)]).toEqual([page(2, 3), page(9, 5)]);
  });

  test("are written when they are flushed, and nothing is if there are none", () => {
    const store = new PackStore();
    const packer = new PagePacker(store.asStore);
    packer.flush();
    packer.put(page(1, 10));
    expect(store.packs.size).toBe(0);
    packer.flush();
    packer.flush();
    expect([...store.packs.keys()]).toEqual([0]);
  });
});

describe("a page that is not there", () => {
  test("is null: in an empty store, and behind the last", () => {
    expect(new PackReader(new PackStore().asStore).page(0)).toBeNull();
    const reader = new PackReader(packed(1, 2).asStore);
    expect([reader.page(2), reader.page(99)]).toEqual([null, null]);
  });

  test.each([
    ["of another version", (pack: Uint8Array) => pack.fill(2, 0, 1)],
    ["that was cut off", (pack: Uint8Array) => pack.subarray(0, -1)],
    ["that is empty", () => new Uint8Array(0)],
  ])("is null in a pack %s", (_, change) => {
    const store = packed(10, 10);
    store.putPack(0, change((store.packs.get(0) as Uint8Array).slice()));
    expect([0, 1].map((number) => new PackReader(store.asStore).page(number))).toEqual([null, null]);
  });
});

describe("packs that were read", () => {
  test("are kept, and read once", () => {
    const store = packed(...Array.from({ length: 20 }, () => 4000));
    const reader = new PackReader(store.asStore);
    store.reads = 0;
    for (let round = 0; round < 3; round += 1)
      for (const number of [0, 19, 8, 9]) expect(reader.page(number)?.[0]).toBe(number);
    expect(store.reads).toBe(3);
  });

  test("are let go once there are more than eight mebibytes, those first that were used longest ago", () => {
    const mebibyte = 1 << 20;
    const store = packed(...Array.from({ length: 12 }, () => mebibyte));
    const reader = new PackReader(store.asStore);
    for (let number = 0; number < 7; number += 1) reader.page(number);
    reader.page(0);
    for (let number = 7; number < 9; number += 1) reader.page(number);
    store.reads = 0;
    expect([reader.page(0)?.length, store.reads]).toEqual([mebibyte, 0]);
    expect([reader.page(1)?.length, store.reads]).toEqual([mebibyte, 1]);
  });
});
