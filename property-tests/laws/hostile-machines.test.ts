/** Images of machines in which somebody has changed a guest: none is begun at, or its guests run and do what was recorded, or not. */
import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { guestPath } from "../../bench/child-process.ts";
import { ByteReader, MalformedBytes } from "../../core/byte-reader.ts";
import { ByteWriter } from "../../core/byte-writer.ts";
import type { GuestImage } from "../../guests/pauses.ts";
import { Turns } from "../../guests/take-turns.ts";
import { transformModule } from "../../guests/transform/transform-module.ts";
import { lastImage } from "../../machine/last-image.ts";
import type { Program } from "../../machine/program.ts";
import { readGuestRecord, writeGuestRecord } from "../../replay/guest-record.ts";
import { hex, sha256 } from "../../replay/hash.ts";
import { ImageWriter } from "../../replay/image-writer.ts";
import type { StoredKeyframe } from "../../replay/keyframe-record.ts";
import { Diverged, ReplayKernel } from "../../replay/replay-kernel.ts";
import { ReplayTurns } from "../../replay/replay-turns.ts";
import { StreamReader } from "../../replay/stream-reader.ts";
import { pipeline } from "../model/disturbed-arbitraries.ts";
import type { TurningRun } from "../model/disturbed-machine.ts";
import { begunAt, guestIn, imagedRun, imagesIn } from "../model/imaged-run.ts";
import { ImageShelf } from "../model/image-shelf.ts";
import { MemoryStore } from "../model/memory-store.ts";

const PAGES = 256;

function programOf(name: string): Program {
  const source = new Uint8Array(readFileSync(guestPath(name)));
  const options = { maxPages: PAGES };
  const made = transformModule(source, options);
  if (!made.ok) throw new Error(made.error.what);
  const sha = hex(sha256(source));
  const guest = { sha, memoryPages: PAGES, source, options, transformed: made.value };
  return { path: name, bytes: source, sha, guest: { kind: "turns", guests: [guest] } };
}

const programs = ["cat", "std-files", "sleep"].map(programOf);

const runs: readonly TurningRun[] = [
  imagedRun(pipeline([16, 64], ["one two\n", "x".repeat(100)], 500), 7),
  imagedRun({ processes: [{ program: "std-files" }, { program: "sleep", args: ["1"] }], quantum: 200 }, 9),
];

interface Change {
  readonly place: number;
  readonly byte: number;
}

/** The guest whose record has other bytes; null if they are none. */
function changed(guest: GuestImage, changes: readonly Change[]): GuestImage | null {
  const writer = new ByteWriter();
  writeGuestRecord(writer, guest);
  const bytes = writer.view().slice();
  for (const { place, byte } of changes) bytes[place % bytes.length] = byte;
  try {
    const { begunAt: from, image } = readGuestRecord(new ByteReader(bytes));
    return { pid: guest.pid, begunAt: from, image: { ...image, pages: guest.image.pages, freshPages: [] } };
  } catch (error) {
    if (error instanceof MalformedBytes) return null;
    throw error;
  }
}

/** The keyframe with an image of these guests, in a store of its own. */
function forged(run: TurningRun, keyframe: StoredKeyframe, guests: readonly GuestImage[]): MemoryStore {
  const store = run.store.generation(run.store.commits);
  const living = guests.map(({ pid }) => pid);
  const written = { seq: keyframe.seq, living, guests };
  const image = new ImageWriter(new ImageShelf(store)).write(written, keyframe.address);
  store.asStore.putKeyframe({ ...keyframe, image });
  return store;
}

/** Runs on from an image as a resume does, up to the end of the log, or up to where the guests do something else. */
function replayedFrom(store: MemoryStore, keyframe: StoredKeyframe): "equal" | "diverged" {
  const { asStore } = store;
  const { from, images } = begunAt(store, keyframe);
  const replay = new ReplayKernel(asStore, new StreamReader(asStore), () => {}, { from });
  const kernel = new ReplayTurns(replay, (): number => turns.ticks);
  const turns: Turns = new Turns(kernel, guestIn(kernel), { pauses: null, images });
  try {
    if (turns.run() instanceof Diverged) return "diverged";
    replay.drain();
    return "equal";
  } catch (error) {
    if (error instanceof Diverged) return "diverged";
    throw error;
  }
}

type Fate = "no record" | "refused" | "equal" | "diverged";

function fate(run: TurningRun, place: number, changes: readonly Change[]): Fate {
  const images = imagesIn(run);
  const keyframe = images[place % images.length] as StoredKeyframe;
  const guests = [...begunAt(run.store, keyframe).images.values()];
  const which = Math.floor(place / images.length) % guests.length;
  const other = guests[which] === undefined ? null : changed(guests[which], changes);
  if (other === null) return "no record";
  const store = forged(
    run,
    keyframe,
    guests.map((guest, at) => (at === which ? other : guest)),
  );
  const found = lastImage(store.asStore, keyframe.seq, { programs, onBadImage: () => {} });
  if (found?.seq !== keyframe.seq) return "refused";
  return replayedFrom(store, store.asStore.keyframeAt(keyframe.seq) as StoredKeyframe);
}

test("a machine goes on from its images as it was recorded", () => {
  for (const run of runs)
    for (let place = 0; place < 6; place += 1) expect(fate(run, place, [])).toBe("equal");
});

test("a machine with a guest that somebody changed is refused, or its guests run and are compared", () => {
  const fates = new Set<Fate>();
  fc.assert(
    fc.property(
      fc.constantFrom(...runs),
      fc.nat(10_000),
      fc.array(
        fc.record({
          place: fc.oneof(fc.nat(30), fc.nat(10_000)),
          byte: fc.oneof(fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff), fc.nat(255)),
        }),
        { minLength: 1, maxLength: 3, size: "max" },
      ),
      (run, place, changes) => void fates.add(fate(run, place, changes)),
    ),
    { numRuns: Number(process.env["FOLDOS_RUNS"] ?? 120) },
  );
  for (const one of ["refused", "diverged"] as const) expect(fates).toContain(one);
}, 60_000);
