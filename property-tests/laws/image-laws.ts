/** Laws of machines whose guests rest, are written down, and go on from what was written: nobody inside can tell. */
import fc from "fast-check";
import { foldWhole } from "../../replay/fold-whole.ts";
import { hex, sha256 } from "../../replay/hash.ts";
import { ImageRefused } from "../../replay/image-nodes.ts";
import { ImageReader } from "../../replay/image-reader.ts";
import { disturbances, machine, pipeline } from "../model/disturbed-arbitraries.ts";
import {
  type Disturbance,
  runTurning,
  type ShortMachine,
  type TurningRun,
} from "../model/disturbed-machine.ts";
import {
  type Begun,
  begunAt,
  FROM_THE_START,
  type GuestMoment,
  imagedRun,
  imagesIn,
  look,
  replayed,
} from "../model/imaged-run.ts";
import type { MemoryStore } from "../model/memory-store.ts";
import type { StoredKeyframe } from "../../replay/keyframe-record.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { hashOf } from "./recorded.ts";

const undisturbed = new Map<string, ReturnType<typeof seen>>();

/** What of a run is the same however it was disturbed. */
function seen({ log, printed, state }: TurningRun) {
  return { printed, log: hex(sha256(log.encoded(0, log.eventCount))), state: hashOf(state) };
}

function undisturbedRun(of: ShortMachine): ReturnType<typeof seen> {
  const key = JSON.stringify(of);
  const known = undisturbed.get(key) ?? seen(runTurning(of));
  undisturbed.set(key, known);
  return known;
}

function disturbanceIsInvisible(of: ShortMachine, disturbance: Disturbance): void {
  demandEqual(seen(runTurning(of, disturbance)), undisturbedRun(of), "what a disturbed run shows");
}

/** All of a guest that can be seen at a moment, short enough to be shown. */
function looked(store: MemoryStore, begun: Begun, moment: GuestMoment): unknown {
  const { answers, ...where } = look(store, begun, moment);
  return {
    ...where,
    answers: answers.map((answer) =>
      answer.kind === "memory" ? { kind: "memory", hash: hex(sha256(answer.bytes)) } : answer,
    ),
  };
}

interface Moment {
  readonly place: number;
  readonly ticks: number;
  readonly pid: number;
}

function anyImageLeadsThere(of: ShortMachine, every: number, moments: readonly Moment[]): void {
  const run = imagedRun(of, every);
  const images = imagesIn(run);
  for (const { place, ticks, pid } of moments) {
    const event = place % run.log.eventCount;
    const before = images.filter(({ seq }) => seq <= event + 1);
    const chosen = before[(place * 31) % Math.max(1, before.length)];
    if (chosen === undefined) continue;
    const moment = { event, ticks, pid: 1 + (pid % of.processes.length) };
    demandEqual(
      looked(run.store, begunAt(run.store, chosen), moment),
      looked(run.store, FROM_THE_START, moment),
      `guest ${moment.pid} after event ${event}, from the image at ${chosen.seq}`,
    );
  }
}

function replayIsFromAnyImage(of: ShortMachine, every: number, which: number): void {
  const run = imagedRun(of, every);
  const images = imagesIn(run);
  replayed(run, FROM_THE_START);
  const chosen = images[which % Math.max(1, images.length)];
  if (chosen !== undefined) replayed(run, begunAt(run.store, chosen));
}

/** Guests that go on from each of their images are at the next one what they are without that, to the address. */
function restoredAreTheSame(of: ShortMachine, every: number): void {
  const addresses = (image: "taken" | "restored"): readonly string[] =>
    imagesIn(runTurning(of, { rests: "turns", every, image })).map(
      ({ seq, image: root }) => `${seq} ${hex(root?.address ?? new Uint8Array(0))}`,
    );
  demandEqual(addresses("restored"), addresses("taken"), "images of guests that were restored each time");
}

function nothingIsLostInPipes(
  capacities: readonly number[],
  input: readonly string[],
  { quantum, disturbance }: { readonly quantum: number; readonly disturbance: Disturbance },
): void {
  const { printed } = runTurning(pipeline(capacities, input, quantum), disturbance);
  demandEqual(printed, input.join(""), "what came out of the pipes");
}

/** A changed byte of what images and keyframes are made of is noticed by whoever reads them, or nobody reads it. */
function damageIsNoticed(
  of: ShortMachine,
  every: number,
  places: readonly (readonly [number, number])[],
): void {
  const run = imagedRun(of, every);
  const images = imagesIn(run);
  const last = images.at(-1);
  if (last === undefined) return;
  const sound = begunAt(run.store, last).images;
  for (const [place, change] of places) {
    const damaged = run.store.withDamagedPack(place, 1 + (change % 255));
    try {
      const read = new ImageReader(damaged.asStore).read(last);
      demandEqual(
        [...read].map(([pid, { image }]) => [pid, image]),
        [...sound],
        "what a damaged store gives",
      );
    } catch (error) {
      demand(error instanceof ImageRefused, `a damaged image is refused, not ${String(error)}`);
    }
  }
}

/** A pack of which a byte was changed: whoever comes by the images that are in it says which is the first that is not sound. */
function damageOfImagesIsSaid(
  of: ShortMachine,
  every: number,
  { place, change }: { readonly place: number; readonly change: number },
): void {
  const run = imagedRun(of, every);
  if (run.store.packs.keys.length === 0) return;
  const store = run.store.withDamagedPack(place, change);
  const damaged = imagesIn(run).find((keyframe) => !isRead(store, keyframe));
  for (const verify of [
    () => replayed({ ...run, store }, FROM_THE_START),
    () => void foldWhole(store.asStore, () => {}),
  ]) {
    const said = messageOf(verify);
    const expected =
      damaged === undefined ? "" : `the image of its programs at event ${damaged.seq} is damaged`;
    demand(said.includes(expected) && (said === "") === (expected === ""), `${expected}: ${said}`);
  }
}

function isRead({ asStore }: MemoryStore, keyframe: StoredKeyframe): boolean {
  try {
    return new ImageReader(asStore).read(keyframe).size >= 0;
  } catch (error) {
    if (error instanceof ImageRefused) return false;
    throw error;
  }
}

function messageOf(act: () => void): string {
  try {
    act();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const every = fc.integer({ min: 1, max: 40 });
const text = fc.string({ unit: fc.constantFrom("a", "b", "\n"), minLength: 1, maxLength: 80 });

export const imageLaws: readonly Law[] = [
  law({
    id: "U8",
    statement: "guests of a machine that rest anywhere, and go on from images, do, log and become the same",
    runs: 25,
    cases: fc.record({ of: machine, disturbance: disturbances(["none", "restored"]) }),
    holds: ({ of, disturbance }) => disturbanceIsInvisible(of, disturbance),
  }),
  law({
    id: "D7-guests",
    statement: "what is in pipes when guests are written down is there once when they go on",
    runs: 15,
    cases: fc.record({
      capacities: fc.array(fc.integer({ min: 5, max: 200 }), { minLength: 1, maxLength: 3 }),
      input: fc.array(text, { minLength: 1, maxLength: 3 }),
      how: fc.record({
        quantum: fc.constantFrom(7, 100, 1000, 1_000_000),
        disturbance: disturbances(["restored"]),
      }),
    }),
    holds: ({ capacities, input, how }) => nothingIsLostInPipes(capacities, input, how),
  }),
  law({
    id: "D9-images",
    statement: "when images are taken changes nothing of what happens",
    runs: 15,
    cases: fc.record({ of: machine, disturbance: disturbances(["taken"]) }),
    holds: ({ of, disturbance }) => disturbanceIsInvisible(of, disturbance),
  }),
  law({
    id: "D10-guests",
    statement: "guests that were restored, over and over, are written down as those that never were",
    runs: 15,
    cases: fc.record({ of: machine, every: fc.integer({ min: 5, max: 40 }) }),
    holds: (drawn) => restoredAreTheSame(drawn.of, drawn.every),
  }),
  law({
    id: "P4",
    statement: "a guest at a moment is the same from whichever image it is run again",
    runs: 20,
    cases: fc.record({
      of: machine,
      every: fc.integer({ min: 5, max: 40 }),
      moments: fc.array(
        fc.record({ place: fc.nat(5000), ticks: fc.oneof(fc.constant(0), fc.nat(60)), pid: fc.nat(5) }),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
    }),
    holds: (drawn) => anyImageLeadsThere(drawn.of, drawn.every, drawn.moments),
  }),
  law({
    id: "P4-replayed",
    statement: "a replay, from the start or from an image, comes by every image that was taken",
    runs: 20,
    cases: fc.record({ of: machine, every, which: fc.nat(1000) }),
    holds: (drawn) => replayIsFromAnyImage(drawn.of, drawn.every, drawn.which),
  }),
  law({
    id: "G5-images",
    statement: "an image of which a byte was changed is refused",
    runs: 15,
    cases: fc.record({
      of: machine,
      every: fc.integer({ min: 5, max: 40 }),
      places: fc.array(fc.tuple(fc.nat(1 << 24), fc.nat(254)), { minLength: 1, maxLength: 20 }),
    }),
    holds: (drawn) => damageIsNoticed(drawn.of, drawn.every, drawn.places),
  }),
  law({
    id: "G5-verified",
    statement:
      "a replay, and a fold, say which image is the first that is damaged, and nothing where none is",
    runs: 20,
    cases: fc.record({
      of: machine,
      every: fc.integer({ min: 5, max: 40 }),
      place: fc.nat(1 << 24),
      change: fc.integer({ min: 1, max: 255 }),
    }),
    holds: ({ of, every: often, ...damage }) => damageOfImagesIsSaid(of, often, damage),
  }),
];
