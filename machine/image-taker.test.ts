import { type MessagePort, MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { afterEach, expect, test } from "@jest/globals";
import type { GuestImage, RestingGuests } from "../guests/pauses.ts";
import type { MachineImage } from "../replay/machine-image.ts";
import { ImageTaker } from "./image-taker.ts";
import { control, newSharedMemory } from "./shared-control.ts";

const PAGE = 4096;
const MINUTE = 60_000;
const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A guest with so many changed pages. Nobody looks at what is in them. */
const guestOf = (pages: number): GuestImage => ({
  pid: 1,
  begunAt: 0,
  image: {
    version: 1,
    entry: 0,
    status: "ready",
    stack: new Uint8Array(0),
    references: [],
    call: null,
    answer: undefined,
    ticksLeft: 0,
    ticksUsed: 0,
    memoryPages: 1000,
    pages: Array.from({ length: pages }, (_, index) => ({
      index,
      bytes: new Uint8Array(0),
      address: new Uint8Array(0),
    })),
    freshPages: [],
    globals: [],
    globalReferences: [],
    dropped: [],
    tables: null,
  },
});

/** A taker whose time and events are this test's. */
function taker({ everyEvents = 100, mebibytes = 64 }: { everyEvents?: number; mebibytes?: number } = {}) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1);
  const words = new Int32Array(newSharedMemory().control);
  const at = { now: 0, seq: 0 };
  const images = new ImageTaker({
    words,
    port: port1,
    seq: () => at.seq,
    everyEvents,
    mebibytes,
    now: () => at.now,
  });
  const take = (pages: number, millis = 0): void => {
    const resting: RestingGuests = {
      living: () => [1],
      images: () => {
        at.now += millis;
        return [guestOf(pages)];
      },
    };
    images.take(resting);
  };
  /** What the recorder does when it comes to the place of an image. */
  const record = (): MachineImage | undefined => {
    const image = (receiveMessageOnPort(port2) as { message: MachineImage } | undefined)?.message;
    if (image !== undefined) Atomics.store(words, control.imageWaits, 0);
    return image;
  };
  return { images, at, take, record, words };
}

test("one is due after so many events, or after a second, and not before", () => {
  const { images, at } = taker();
  at.seq = 99;
  at.now = 999;
  expect(images.isDue(false)).toBe(false);
  at.seq = 100;
  expect(images.isDue(false)).toBe(true);
  const { images: slow, at: later } = taker();
  later.seq = 1;
  later.now = 999;
  expect(slow.isDue(false)).toBe(false);
  later.seq = 2;
  later.now = 1000;
  expect(slow.isDue(false)).toBe(true);
});

test("none is due where nothing has happened, nor inside of what a guest does between two events", () => {
  const { images, at } = taker();
  at.now = 1e6;
  expect([images.isDue(false), images.isDue(true)]).toEqual([false, false]);
  at.seq = 1000;
  expect([images.isDue(true), images.isDue(false)]).toEqual([false, true]);
});

test("one tells its place in the ring, and none is due before the recorder has come there", () => {
  const { images, at, take, record, words } = taker();
  at.seq = 100;
  Atomics.store(words, control.eventsHead, 777);
  take(1);
  expect([Atomics.load(words, control.imageAt), Atomics.load(words, control.imageWaits)]).toEqual([777, 1]);
  for (let step = 0; step < 50; step += 1) {
    at.seq += 100;
    at.now += 2000;
    expect(images.isDue(false)).toBe(false);
  }
  expect(record()).toMatchObject({ seq: 100, living: [1], guests: [{ pid: 1 }] });
  at.seq += 1;
  at.now += 1;
  expect(images.isDue(false)).toBe(true);
});

test("no more than a twentieth of the time is spent on them", () => {
  const { images, at, take, record } = taker();
  let spent = 0;
  for (let event = 0; event < 20_000; event += 1) {
    at.seq += 100;
    at.now += 1;
    if (!images.isDue(false)) continue;
    take(0, 7);
    spent += 7;
    record();
  }
  expect(spent).toBeGreaterThan(at.now / 25);
  expect(spent).toBeLessThanOrEqual(at.now / 20 + 7);
});

test.each([1, 8])("no more than %d MiB a minute are written, but for the last one's rest", (mebibytes) => {
  const { images, at, take, record } = taker({ mebibytes });
  const pages = 100;
  let bytes = 0;
  const minutes = 10;
  while (at.now < minutes * MINUTE) {
    at.seq += 100;
    at.now += 50;
    if (!images.isDue(false)) continue;
    take(pages);
    bytes += pages * PAGE;
    record();
  }
  // What a minute may have is there at the beginning.
  const most = (minutes + 1) * mebibytes * 2 ** 20;
  expect(bytes).toBeLessThanOrEqual(most + pages * PAGE);
  expect(bytes).toBeGreaterThan(most * 0.9);
});

test("one that was much larger than what is allowed is followed by none for as long as it takes", () => {
  const { images, at, take, record } = taker({ mebibytes: 1 });
  at.seq = 100;
  take(256 * 3);
  record();
  // Of three MiB one was there, and two take two minutes.
  for (at.now = 0; at.now < 2 * MINUTE; at.now += 500) {
    at.seq += 100;
    expect(images.isDue(false)).toBe(false);
  }
  at.seq += 100;
  at.now += 500;
  expect(images.isDue(false)).toBe(true);
});
