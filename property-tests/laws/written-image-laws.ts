/** Laws of images as they lie in a recording: read as they were written, of the moment that they say, and compared. */
import fc from "fast-check";
import { invariant } from "../../core/assert.ts";
import { GuestStopped } from "../../guests/guest-kernel.ts";
import type { GuestImage } from "../../guests/pauses.ts";
import { combineImages, type ProcessImage } from "../../guests/suspendable/process-image.ts";
import { Turns } from "../../guests/take-turns.ts";
import { sha256 } from "../../replay/hash.ts";
import { ImageRefused } from "../../replay/image-nodes.ts";
import { ImageReader } from "../../replay/image-reader.ts";
import { ImageWriter } from "../../replay/image-writer.ts";
import type { StoredKeyframe } from "../../replay/keyframe-record.ts";
import { Diverged, ReplayKernel } from "../../replay/replay-kernel.ts";
import { ReplayTurns } from "../../replay/replay-turns.ts";
import { StreamReader } from "../../replay/stream-reader.ts";
import { machine } from "../model/disturbed-arbitraries.ts";
import type { ShortMachine, TurningRun } from "../model/disturbed-machine.ts";
import { type ImageStep, imageSteps } from "../model/image-arbitraries.ts";
import { ImageShelf } from "../model/image-shelf.ts";
import {
  begunAt,
  FROM_THE_START,
  guestIn,
  imagedRun,
  imagesIn,
  look,
  replayed,
  SEEN_BYTES,
} from "../model/imaged-run.ts";
import { MemoryStore } from "../model/memory-store.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

const KEYFRAME = sha256(new Uint8Array([7]));

/** What a store has to give of a guest: its pages without what a reader finds again. */
const plain = ({ pid, begunAt: from, image }: GuestImage): unknown => ({
  pid,
  from,
  ...image,
  pages: image.pages.map(({ index, bytes }) => [index, Buffer.from(bytes).toString("latin1")]),
});

/** Writes images one after the other, by a writer that knows what it wrote or only what it has read, and reads each. */
function imagesAreReadAsWritten(steps: readonly ImageStep[], isResumed: boolean): void {
  const store = new MemoryStore();
  const shelf = new ImageShelf(store);
  const chains = new Map<number, GuestImage[]>();
  let writer = new ImageWriter(shelf);
  steps.forEach(({ ran, ended }, seq) => {
    for (const pid of ended) chains.delete(pid);
    for (const guest of ran) chains.set(guest.pid, [...(chains.get(guest.pid) ?? []), guest]);
    const image = writer.write({ seq, living: [...chains.keys()], guests: ran }, KEYFRAME);
    const read = new ImageReader(store.asStore).read({ seq, address: KEYFRAME, root: -1, image });
    const expected = [...chains].sort(([one], [other]) => one - other);
    demandEqual(
      [...read.values()].map((guest) => plain(guest.image)),
      expected.map(([, chain]) => {
        const last = chain.at(-1) as GuestImage;
        return plain({ ...last, image: combineImages(chain.map((one) => one.image)) });
      }),
      `the guests of image ${seq}`,
    );
    if (isResumed)
      writer = new ImageWriter(shelf, new Map([...read].map(([pid, { nodes }]) => [pid, nodes])));
  });
}

/** The image of a keyframe as it could be written by somebody else. */
interface Forged {
  readonly seq: number;
  readonly keyframe: Uint8Array;
  readonly change: (image: ProcessImage) => ProcessImage;
}

const SAME = (image: ProcessImage): ProcessImage => image;

function flipped(bytes: Uint8Array, place: number): Uint8Array {
  const other = Uint8Array.from(bytes);
  const at = place % other.length;
  other[at] = (other[at] as number) ^ 1;
  return other;
}

/** Puts a sound image beside a keyframe in place of the one that is there. */
function forge({ store }: TurningRun, keyframe: StoredKeyframe, forged: Partial<Forged>): StoredKeyframe {
  const { seq = keyframe.seq, keyframe: address = keyframe.address, change = SAME } = forged;
  const guests = [...new ImageReader(store.asStore).read(keyframe).values()].map(({ image }) => image);
  const changed = guests.map((guest, place) =>
    place === guests.length - 1 ? { ...guest, image: change(guest.image) } : guest,
  );
  const written = { seq, living: guests.map(({ pid }) => pid), guests: changed };
  return { ...keyframe, image: new ImageWriter(new ImageShelf(store)).write(written, address) };
}

type Place = "seq" | "keyframe" | "root";

/** An image that is of another event, of another state, or not the one that its keyframe names is none of this keyframe. */
function foreignImageIsRefused(
  of: ShortMachine,
  every: number,
  { what, place }: { what: Place; place: number },
): void {
  const run = imagedRun(of, every);
  const images = imagesIn(run);
  const keyframe = images[place % Math.max(1, images.length)];
  if (keyframe === undefined) return;
  new ImageReader(run.store.asStore).read(forge(run, keyframe, {}));
  const foreign = foreignOf(run, keyframe, what, place);
  try {
    new ImageReader(run.store.asStore).read(foreign);
  } catch (error) {
    demand(error instanceof ImageRefused, `it is refused, not ${String(error)}`);
    return;
  }
  throw new Error(`an image whose ${what} is another was read`);
}

function foreignOf(run: TurningRun, keyframe: StoredKeyframe, what: Place, place: number): StoredKeyframe {
  if (what === "seq") return forge(run, keyframe, { seq: keyframe.seq + 1 + (place % 3) });
  if (what === "keyframe") return forge(run, keyframe, { keyframe: flipped(keyframe.address, place) });
  const { image } = keyframe;
  invariant(image !== null, "a keyframe with an image was chosen");
  return { ...keyframe, image: { ...image, address: flipped(image.address, place) } };
}

const forgeries: readonly ((image: ProcessImage) => ProcessImage)[] = [
  (image) => ({ ...image, ticksLeft: image.ticksLeft + 1 }),
  (image) => ({ ...image, entry: image.entry - 1 }),
  (image) => ({ ...image, globals: image.globals.map(([index, low, high]) => [index, low ^ 1n, high]) }),
  (image) => {
    const [page, ...others] = image.pages;
    if (page === undefined) return { ...image, ticksUsed: image.ticksUsed + 1 };
    const bytes = flipped(page.bytes, image.ticksUsed);
    return { ...image, pages: [{ ...page, bytes, address: sha256(bytes) }, ...others] };
  },
];

function replayComparesEachImage(of: ShortMachine, every: number, place: number): void {
  const run = imagedRun(of, every);
  const images = imagesIn(run);
  const keyframe = images[place % Math.max(1, images.length)];
  if (keyframe === undefined) return;
  const change = forgeries[place % forgeries.length] as (image: ProcessImage) => ProcessImage;
  const forged = forge(run, keyframe, { change });
  // There may be no guest in it, or one that has nothing which could be changed so.
  if (Buffer.compare(forged.image?.address ?? KEYFRAME, keyframe.image?.address ?? KEYFRAME) === 0) return;
  run.store.asStore.putKeyframe(forged);
  try {
    replayed(run, FROM_THE_START);
  } catch (error) {
    const { message } = error as Error;
    demand(message.includes("not as their image"), `the image is told: ${message}`);
    return;
  }
  throw new Error(`a replay came by an image at event ${keyframe.seq} of other guests, and said nothing`);
}

/** What is seen at the event of an image is what the image has. */
function imageIsWhatIsSeen(of: ShortMachine, every: number, place: number): void {
  const run = imagedRun(of, every);
  const images = imagesIn(run);
  const keyframe = images[place % Math.max(1, images.length)];
  if (keyframe === undefined) return;
  for (const [pid, { image }] of new ImageReader(run.store.asStore).read(keyframe)) {
    const moment = { event: keyframe.seq - 1, ticks: 0, pid };
    const [memory, stack] = look(run.store, FROM_THE_START, moment).answers;
    invariant(memory?.kind === "memory" && stack?.kind === "stack", "a guest that was written down is seen");
    for (const { index, bytes } of image.image.pages) {
      const at = index * bytes.length;
      if (at >= SEEN_BYTES) continue;
      const seen = Buffer.compare(memory.bytes.subarray(at, at + bytes.length), bytes) === 0;
      demand(seen, `page ${index} of process ${pid} is what the image at event ${keyframe.seq} has`);
    }
    demandEqual(stack.call === null, image.image.call === null, `whether process ${pid} waits`);
  }
}

/** A replay in which the guest that runs is looked into where it rests, and then goes on: it uses up its ticks where it did. */
function lookingIsForgotten(of: ShortMachine, every: number, ticks: number): void {
  const { store, log } = imagedRun(of, 1_000_000);
  const { asStore } = store;
  const replay = new ReplayKernel(asStore, new StreamReader(asStore), () => {});
  let places = 0;
  let isElsewhere = false;
  const take = (): void => {
    const pid = replay.state.scheduler?.running ?? 0;
    if (pid === 0 || turns.resting(pid) === null) return;
    // At its next call it would have to ask anew, at its end nothing could go on, and behind its ticks it would have stopped before.
    isElsewhere = turns.step(pid, ticks) < ticks || turns.ticks >= of.quantum;
    if (isElsewhere) throw new GuestStopped("it came to where its turn is interrupted");
  };
  const isDue = (inside: boolean): boolean => !inside && (places += 1) % every === 0;
  const kernel = new ReplayTurns(replay, (): number => turns.ticks);
  const turns: Turns = new Turns(kernel, guestIn(kernel), { pauses: { isDue, take }, images: new Map() });
  const stopped = turns.run();
  if (stopped instanceof Diverged)
    throw new Error(`at event ${stopped.divergence.seq}: ${stopped.divergence.got}`);
  if (isElsewhere) return;
  replay.drain();
  demandEqual(replay.state.seq, log.eventCount, "events that were run again");
}

/** The state beside an image has those guests, and no others, that live and have begun. */
function guestsOfImageAreThoseThatLive(of: ShortMachine, every: number): void {
  const run = imagedRun(of, every);
  const begun = new Set<number>();
  const events = run.log.decoded();
  let next = 0;
  for (const keyframe of imagesIn(run)) {
    for (; next < keyframe.seq; next += 1) {
      const { type, pid } = events[next] as (typeof events)[number];
      if (type === "process/scheduled") begun.add(pid);
      if (type === "process/exited" || type === "process/trapped" || type === "process/killed")
        begun.delete(pid);
    }
    const { from, images } = begunAt(run.store, keyframe);
    demandEqual(from.seq, keyframe.seq, "the state beside an image");
    demandEqual(
      [...images.keys()],
      [...begun].sort((one, other) => one - other),
      `guests at ${keyframe.seq}`,
    );
  }
}

const every = fc.integer({ min: 3, max: 40 });
const imaged = fc.record({ of: machine, every, place: fc.nat(1000) });

export const writtenImageLaws: readonly Law[] = [
  law({
    id: "D2-images",
    statement: "images are read as they were written, whoever lives, runs and ends between them",
    runs: 100,
    cases: fc.record({ steps: imageSteps, isResumed: fc.boolean() }),
    holds: ({ steps, isResumed }) => imagesAreReadAsWritten(steps, isResumed),
  }),
  law({
    id: "G5-foreign",
    statement: "an image of another event, of another state, or under another address is refused",
    runs: 20,
    cases: fc.record({ drawn: imaged, what: fc.constantFrom<Place>("seq", "keyframe", "root") }),
    holds: ({ drawn: { of, every: often, place }, what }) =>
      foreignImageIsRefused(of, often, { what, place }),
  }),
  law({
    id: "P4-compared",
    statement: "a replay that comes by an image of guests that are not as they were tells it",
    runs: 20,
    cases: imaged,
    holds: (drawn) => replayComparesEachImage(drawn.of, drawn.every, drawn.place),
  }),
  law({
    id: "P4-seen",
    statement: "a guest at the event of an image is seen as the image has it",
    runs: 15,
    cases: imaged,
    holds: (drawn) => imageIsWhatIsSeen(drawn.of, drawn.every, drawn.place),
  }),
  law({
    id: "U8-looked",
    statement: "a guest that was looked into on its way goes on as if nobody had looked",
    runs: 40,
    cases: fc.record({
      of: machine,
      every: fc.integer({ min: 1, max: 10 }),
      ticks: fc.integer({ min: 1, max: 300 }),
    }),
    holds: ({ of, every: often, ticks }) => lookingIsForgotten(of, often, ticks),
  }),
  law({
    id: "D7-living",
    statement: "an image has the guests that live and have begun, and the state beside it is of its event",
    runs: 15,
    cases: fc.record({ of: machine, every }),
    holds: (drawn) => guestsOfImageAreThoseThatLive(drawn.of, drawn.every),
  }),
];
