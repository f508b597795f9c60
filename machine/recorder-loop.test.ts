import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { KernelFact } from "../reducers/kernel-event.ts";
import { initialState } from "../reducers/kernel-state.ts";
import { Recorder } from "../replay/recorder.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { EffectReleaser } from "./effect-releaser.ts";
import { ModelPrinter } from "./model-printer.ts";
import { PrinterLost } from "./printer.ts";
import { RecorderLoop } from "./recorder-loop.ts";
import { ReleaseCursor } from "./release-cursor.ts";
import { RingLog } from "./ring-log.ts";
import { control, newSharedMemory } from "./shared-control.ts";

let home = "";
const endings: (() => void)[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "foldos-loop-"));
});
afterEach(() => {
  for (const end of endings.splice(0)) end();
  rmSync(home, { recursive: true, force: true });
});

const boot: readonly KernelFact[] = [
  { type: "machine/powered-on", wall: 1_000_000, clock: "virtual", version: 1, nameSeed: 3 },
  { type: "process/started", program: "", name: "p", args: [], environment: [], memoryPages: 1 },
];

const imageSeqsIn = (store: RecordingStore): readonly number[] =>
  [...store.keyframesFrom(0)].flatMap(({ seq, image }) => (image === null ? [] : [seq]));

/** A machine whose kernel is this test, and whose printer prints when it is told to. */
function machine() {
  const shared = newSharedMemory();
  const words = new Int32Array(shared.control);
  const recording = join(home, "rec");
  const store = RecordingStore.create(recording, "none");
  const cursor = new ReleaseCursor(recording);
  const printer = new ModelPrinter([1]);
  const recorder = new Recorder({ store, state: initialState() });
  const told: unknown[] = [];
  const images = new MessageChannel();
  const loop = new RecorderLoop({
    recorder,
    releaser: new EffectReleaser(cursor, () => -1, printer),
    shared,
    images: images.port2,
    onFailures: (failures) => told.push(...failures),
    onStoreFailed: (error) => told.push(error),
  });
  let wakes = 0;
  let happened = 0;
  const log = new RingLog(shared, initialState(), () => (wakes += 1), null);
  let head = 0;
  const append = (fact: KernelFact, isUrgent = false): void => {
    happened += 1;
    log.append(fact, 10, -1, 1, -1, isUrgent);
  };
  const print = (text: Uint8Array, isUrgent = false): void => {
    log.appendBytes(text, 0, text.length);
    append({ type: "console/written", by: 0, stream: 1, position: head, length: text.length }, isUrgent);
    head += text.length;
  };
  for (const fact of boot) append(fact);
  endings.push(() => {
    loop.stop();
    images.port1.close();
    cursor.close();
    store.close();
  });
  const wordAt = (index: number): number => Atomics.load(words, index);
  const takeImage = (): void => {
    images.port1.postMessage({ seq: happened, living: [], guests: [] });
    Atomics.store(words, control.imageAt, wordAt(control.eventsHead));
    Atomics.store(words, control.imageWaits, 1);
  };
  const imageWaits = (): number => wordAt(control.imageWaits);
  const isReleased = (): boolean => wordAt(control.releasedHead) === wordAt(control.eventsHead);
  const imageSeqs = (): readonly number[] => imageSeqsIn(store);
  return {
    loop,
    printer,
    recorder,
    print,
    told,
    isReleased,
    wakes: () => wakes,
    takeImage,
    imageWaits,
    imageSeqs,
  };
}

const MEBIBYTE = new Uint8Array(1 << 20).fill(97);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test("a group is released when its prints are acknowledged, not before", () => {
  const { loop, printer, print, isReleased } = machine();
  print(Buffer.from("abc"));
  loop.drain();
  expect([isReleased(), printer.waiting.length]).toEqual([false, 1]);
  printer.print();
  expect([isReleased(), printer.printed]).toEqual([true, "abc"]);
});

test("a group without prints is released behind the prints of the group before it", () => {
  const { loop, printer, print, isReleased } = machine();
  print(Buffer.from("abc"));
  loop.drain();
  print(new Uint8Array(0));
  loop.drain();
  printer.print(1);
  expect(isReleased()).toBe(false);
  printer.print();
  expect(isReleased()).toBe(true);
});

test("no group is taken while too much is on its way, and who waits for one is heard when it is acknowledged", async () => {
  const { loop, printer, recorder, print, wakes } = machine();
  print(MEBIBYTE);
  print(MEBIBYTE);
  loop.drain();
  const { seq } = recorder.state;
  print(Buffer.from("end"), true);
  expect(wakes()).toBe(1);
  // The only wakeup comes while the loop takes nothing.
  loop.drain();
  await turn();
  print(Buffer.from("!"), true);
  expect([recorder.state.seq, wakes()]).toEqual([seq, 1]);
  printer.print();
  await turn();
  expect(recorder.state.seq).toBe(seq);
  printer.print();
  await turn();
  expect(recorder.state.seq).toBe(seq + 2);
  printer.print();
  expect(printer.printed).toBe(`${"a".repeat(2 << 20)}end!`);
});

test("what is left when the kernel has ended is recorded, ready or not, and printed in its order", () => {
  const { loop, printer, recorder, print } = machine();
  for (let count = 0; count < 3; count += 1) print(MEBIBYTE);
  loop.drain();
  const { seq } = recorder.state;
  print(Buffer.from("end"));
  loop.stop();
  loop.recordRest();
  expect(recorder.state.seq).toBe(seq + 1);
  while (printer.waiting.length > 0) printer.print();
  expect(printer.printed).toBe(`${"a".repeat(3 << 20)}end`);
});

test("a printer that is lost is told as a store that failed, and nothing is taken any more", () => {
  const { loop, printer, recorder, print, told } = machine();
  print(Buffer.from("abc"));
  loop.drain();
  const { seq } = recorder.state;
  const error = new PrinterLost("rec", "ended (SIGKILL)");
  printer.lose(error);
  print(Buffer.from("def"), true);
  loop.drain();
  expect([told, recorder.state.seq]).toEqual([[error], seq]);
});

test("an image is recorded at its place, with what came before it and nothing of what came behind", () => {
  const { loop, recorder, print, takeImage, imageWaits, imageSeqs } = machine();
  print(Buffer.from("abc"));
  takeImage();
  print(Buffer.from("def"));
  print(Buffer.from("ghi"));
  loop.recordRest();
  expect([imageSeqs(), recorder.state.seq, imageWaits()]).toEqual([[3], 5, 0]);
  takeImage();
  loop.recordRest();
  print(Buffer.from("jkl"));
  takeImage();
  loop.recordRest();
  expect([imageSeqs(), recorder.state.seq, imageWaits()]).toEqual([[3, 5, 6], 6, 0]);
});

test("an image without events before it is recorded alone", () => {
  const { loop, print, takeImage, imageSeqs, told } = machine();
  print(Buffer.from("abc"));
  loop.recordRest();
  takeImage();
  loop.recordRest();
  expect([imageSeqs(), told]).toEqual([[3], []]);
});
