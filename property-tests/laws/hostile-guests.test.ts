/** Guests that were written down and changed by somebody: each is refused with a reason, or runs on like any guest. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { guestPath } from "../../bench/child-process.ts";
import { ByteReader, MalformedBytes } from "../../core/byte-reader.ts";
import { ByteWriter } from "../../core/byte-writer.ts";
import type { GuestImage } from "../../guests/pauses.ts";
import { describeTrap } from "../../guests/module/describe-trap.ts";
import { type InstanceHost, SUSPEND } from "../../guests/suspendable/instance-host.ts";
import { judgeImage } from "../../guests/suspendable/judge-image.ts";
import { combineImages, type ProcessImage } from "../../guests/suspendable/process-image.ts";
import { SuspendableInstance } from "../../guests/suspendable/suspendable-instance.ts";
import { SuspendableProgram } from "../../guests/suspendable/suspendable-program.ts";
import { transformModule } from "../../guests/transform/transform-module.ts";
import { lastImage } from "../../machine/last-image.ts";
import { readGuestRecord, writeGuestRecord } from "../../replay/guest-record.ts";
import { hex, sha256 } from "../../replay/hash.ts";
import { ImageReader } from "../../replay/image-reader.ts";
import { ImageWriter } from "../../replay/image-writer.ts";
import type { StoredKeyframe } from "../../replay/keyframe-record.ts";
import { imagedRun, imagesIn } from "../model/imaged-run.ts";
import { ImageShelf } from "../model/image-shelf.ts";

const MAX_PAGES = 64;
const QUANTUM = 20_000;
/** How often a guest rests before it is written down, and afterwards at most. */
const RESTS = [0, 1, 4, 12] as const;
const MOST_RESTS = 6;
const names = ["std-files", "deep-recursion", "cpu-kernels"] as const;

const host: InstanceHost = { call: () => SUSPEND };

interface Written {
  readonly program: SuspendableProgram;
  readonly record: Uint8Array;
  readonly pages: ProcessImage["pages"];
}

function programOf(name: string): SuspendableProgram {
  const made = transformModule(new Uint8Array(readFileSync(guestPath(name))), { maxPages: MAX_PAGES });
  if (!made.ok) throw new Error(made.error.what);
  return new SuspendableProgram(made.value);
}

/** Calls are answered that all is well, which is not what any program of ours takes for an answer for long. */
function rest(process: SuspendableInstance): boolean {
  if (process.pendingCall !== null) process.answer(0);
  const end = process.run(QUANTUM);
  if (end.kind === "trapped") expect(describeTrap(end.error)).not.toBeNull();
  return end.kind === "preempted" || end.kind === "waiting";
}

function writtenAfter(program: SuspendableProgram, rests: number): Written | null {
  const process = new SuspendableInstance(program, host);
  for (let count = 0; count < rests; count += 1) if (!rest(process)) return null;
  const image = combineImages([process.image()]);
  const writer = new ByteWriter();
  writeGuestRecord(writer, { begunAt: 0, image });
  return { program, record: writer.view().slice(), pages: image.pages };
}

const written: readonly Written[] = names
  .map(programOf)
  .flatMap((program) => RESTS.map((rests) => writtenAfter(program, rests)))
  .filter((one) => one !== null);

/** Most places are of the stack: the others are drawn as often. */
const place = fc.oneof(
  fc.nat(40),
  fc.nat(),
  fc.nat(60).map((back) => -1 - back),
);
const change = fc.record({
  place,
  kind: fc.constantFrom("set", "set", "add", "remove"),
  byte: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)),
});

type Change = typeof change extends fc.Arbitrary<infer Made> ? Made : never;

function changed(record: Uint8Array, changes: readonly Change[]): Uint8Array {
  const bytes = [...record];
  for (const { place: at, kind, byte } of changes) {
    const index = at < 0 ? Math.max(0, bytes.length + at) : at % bytes.length;
    bytes.splice(index, kind === "add" ? 0 : 1, ...(kind === "remove" ? [] : [byte]));
  }
  return Uint8Array.from(bytes);
}

/** Why it is refused; null if it was restored, and ran. */
function fate({ program, pages }: Written, record: Uint8Array): string | null {
  const reader = new ByteReader(record);
  let image: ProcessImage;
  try {
    image = { ...readGuestRecord(reader).image, pages, freshPages: [] };
  } catch (error) {
    if (error instanceof MalformedBytes) return error.message;
    throw error;
  }
  const why = judgeImage(image, program.layout);
  if (why !== null) return why;
  const process = SuspendableInstance.restore(program, image, { host });
  for (let rests = 0; rests < MOST_RESTS; rests += 1) {
    if (!rest(process)) break;
    expect(process.memory.buffer.byteLength).toBeLessThanOrEqual(MAX_PAGES * 65_536);
    expect(judgeImage({ ...process.image(), freshPages: [] }, program.layout)).toBeNull();
  }
  return null;
}

test("a guest that was written down is restored", () => {
  expect(written.length).toBeGreaterThan(6);
  for (const one of written) expect(fate(one, one.record)).toBeNull();
});

test("a guest whose record was changed anywhere is refused, or runs on like any other", () => {
  let restored = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...written),
      fc.array(change, { minLength: 1, maxLength: 3, size: "max" }),
      (one, changes) => {
        if (fate(one, changed(one.record, changes)) === null) restored += 1;
      },
    ),
    { numRuns: Number(process.env["FOLDOS_RUNS"] ?? 400) },
  );
  expect(restored).toBeGreaterThan(0);
}, 60_000);

describe("an image is not begun at whose guests are not as the kernel knows them", () => {
  const run = imagedRun({ processes: [{ program: "std-files" }], quantum: 500 }, 3);
  const { store } = run;
  const source = new Uint8Array(readFileSync(guestPath("std-files")));
  const options = { maxPages: 256 };
  const made = transformModule(source, options);
  if (!made.ok) throw new Error(made.error.what);
  const sha = hex(sha256(source));
  const turns = { sha, memoryPages: 256, source, options, transformed: made.value };
  const programs = [{ path: "", bytes: source, sha, guest: { kind: "turns" as const, guests: [turns] } }];

  /** The place of the image that is chosen, and why others were not, when the last one was changed. */
  function chosen(change: (guest: GuestImage) => GuestImage): readonly [boolean, readonly string[]] {
    const last = imagesIn(run).at(-1) as StoredKeyframe;
    const guests = [...new ImageReader(store.asStore).read(last).values()].map(({ image }) => change(image));
    const { seq, address } = last;
    const image = new ImageWriter(new ImageShelf(store)).write({ seq, living: [1], guests }, address);
    store.asStore.putKeyframe({ ...last, image });
    const reasons: string[] = [];
    const onBadImage = (_: number, why: string): void => void reasons.push(why);
    const found = lastImage(store.asStore, Number.MAX_SAFE_INTEGER, { programs, onBadImage });
    store.asStore.putKeyframe(last);
    return [found?.seq === seq, reasons];
  }

  test("and begun at when they are", () => {
    expect(chosen((guest) => guest)).toEqual([true, []]);
  });

  test("nor if they have used other ticks", () => {
    const [isLast, [why]] = chosen(({ image, ...rest }) => ({
      pid: rest.pid,
      begunAt: rest.begunAt + 1,
      image: { ...image, ticksUsed: image.ticksUsed + 1 },
    }));
    expect(isLast).toBe(false);
    expect(why).toMatch(/^process 1 has used \d+ ticks in it, and \d+ were counted$/);
  });

  test("nor if they hold what their program cannot", () => {
    const [isLast, [why]] = chosen((guest) => ({ ...guest, image: { ...guest.image, globals: [] } }));
    expect([isLast, why]).toEqual([false, "process 1: its globals are not the program's"]);
  });
});
