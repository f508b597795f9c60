/** Guests that were written down, of no program: all that an image can hold, and how it changes from one image to the next. */
import fc from "fast-check";
import type { GuestImage } from "../../guests/pauses.ts";
import { PAGE_BYTES } from "../../guests/suspendable/page-hash.ts";
import type { PageImage, PendingCall, ProcessImage } from "../../guests/suspendable/process-image.ts";
import { sha256 } from "../../replay/hash.ts";

/** Pages of 64 KiB; enough that the pages of 4 KiB need several nodes. */
const MEMORY_PAGES = 12;
const PIDS = 4;
const LARGEST_TICKS = 2 ** 51;

const int32 = fc.oneof(fc.constantFrom(-1, 0, 2 ** 31 - 1, -(2 ** 31)), fc.integer());
const int64 = fc.oneof(
  fc.constantFrom(0n, -(2n ** 63n), -1n),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const functionNumber = fc.integer({ min: -1, max: 300 });
const short = { maxLength: 6 };

const call: fc.Arbitrary<PendingCall> = fc.record(
  {
    index: fc.nat(40),
    args: fc.array(fc.oneof(int32, int64), short),
  },
  { noNullPrototype: true },
);

/** All of a guest but its pages. */
export const restOfImage: fc.Arbitrary<Omit<ProcessImage, "pages" | "freshPages">> = fc.record({
  version: fc.nat(300),
  entry: fc.integer({ min: -1, max: 1 }),
  status: fc.constantFrom("ready", "preempted", "waiting"),
  stack: fc.uint8Array({ maxLength: 300 }),
  references: fc.array(functionNumber, short),
  call: fc.option(call),
  answer: fc.option(fc.nat(76), { nil: undefined }),
  ticksLeft: fc.oneof(fc.integer(), fc.constantFrom(LARGEST_TICKS, -1, 0)),
  ticksUsed: fc.oneof(fc.nat(), fc.constant(LARGEST_TICKS)),
  memoryPages: fc.constant(MEMORY_PAGES),
  globals: fc.array(fc.tuple(fc.nat(300), int64, int64), short),
  globalReferences: fc.array(fc.tuple(fc.nat(300), functionNumber), short),
  dropped: fc.array(fc.string({ minLength: 1, maxLength: 12 }), short),
  tables: fc.option(
    fc.array(
      fc.array(functionNumber, short).map((list) => Int32Array.from(list)),
      short,
    ),
  ),
});

/** A page that is told by few bytes, so that the same ones come again. */
function pageOf(index: number, [fill, at, byte]: readonly [number, number, number]): PageImage {
  const bytes = new Uint8Array(PAGE_BYTES).fill(fill);
  bytes[at] = byte;
  return { index, bytes, address: sha256(bytes) };
}

const content = fc.tuple(fc.nat(255), fc.constantFrom(0, 1, PAGE_BYTES - 1), fc.nat(255));
const place = fc.oneof(fc.nat(MEMORY_PAGES * 16 - 1), fc.nat(3), fc.integer({ min: 62, max: 66 }));

/** What a guest has become since the last image. */
const changes: fc.Arbitrary<Omit<GuestImage, "pid">> = fc
  .record({
    begunAt: fc.nat(),
    image: fc
      .record({
        rest: restOfImage,
        written: fc.uniqueArray(fc.tuple(place, content), { selector: ([index]) => index, maxLength: 8 }),
        fresh: fc.uniqueArray(place, { maxLength: 4 }),
      })
      .map(({ rest, written, fresh }) => ({
        ...rest,
        pages: written.map(([index, bytes]) => pageOf(index, bytes)),
        freshPages: fresh.filter((index) => written.every(([other]) => other !== index)),
      })),
  })
  .map(({ begunAt, image }) => ({ begunAt: Math.min(begunAt, image.ticksUsed), image }));

/** What happens up to the next image: guests run, and some end. */
export interface ImageStep {
  readonly ran: readonly GuestImage[];
  readonly ended: readonly number[];
}

export const imageSteps: fc.Arbitrary<readonly ImageStep[]> = fc.array(
  fc
    .record({
      ran: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: PIDS }), changes), {
        selector: ([pid]) => pid,
        maxLength: 3,
      }),
      ended: fc.uniqueArray(fc.integer({ min: 1, max: PIDS }), { maxLength: 1 }),
    })
    .map(({ ran, ended }) => ({
      ran: ran.filter(([pid]) => !ended.includes(pid)).map(([pid, guest]) => ({ pid, ...guest })),
      ended,
    })),
  { minLength: 1, maxLength: 6 },
);
