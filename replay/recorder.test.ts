import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { ByteWriter } from "../core/byte-writer.ts";
import { newCodecContext } from "../core/event-codec.ts";
import { kernelCodec, type KernelEvent, type KernelFact } from "../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { foldWhole } from "./fold-whole.ts";
import { endOf, eventsBetween } from "./log-reader.ts";
import { groupsWith } from "./index-notes.ts";
import { Recorder } from "./recorder.ts";
import { RecordingStore } from "./recording-store.ts";
import { StateLoader } from "./state-loader.ts";

let home = "";
let store = RecordingStore.prototype;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "foldos-recorder-"));
  store = RecordingStore.create(join(home, "rec"), "none");
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true, force: true });
});

const boot: readonly KernelFact[] = [
  { type: "machine/powered-on", wall: 1_000_000, clock: "virtual", version: 1, nameSeed: 3 },
  { type: "process/started", program: "", name: "p", args: [], environment: [], memoryPages: 1 },
];
const printed = (position: number, length: number): KernelFact => ({
  type: "console/written",
  by: 0,
  stream: 1,
  position,
  length,
});
const yields = (count: number): KernelFact[] =>
  Array.from({ length: count }, () => ({ type: "process/yielded" as const }));

/** What the kernel's thread would have written, group after group. */
class Kernel {
  readonly #context = newCodecContext();
  readonly #fold = new Fold(initialState());
  readonly events: KernelEvent[] = [];

  get state(): KernelState {
    return this.#fold.state;
  }

  encode(...facts: readonly KernelFact[]): Uint8Array {
    const writer = new ByteWriter();
    for (const fact of facts) {
      const call = fact.type === "process/yielded" ? 7 : -1;
      const event = kernelCodec.append(writer, fact, this.#context, this.#context.at + 10, -1, 1, call);
      this.#fold.apply(event);
      this.events.push(event);
    }
    return writer.view().slice();
  }
}

const newRecorder = (keyframeEvents?: number): Recorder =>
  new Recorder({ store, state: initialState(), ...(keyframeEvents === undefined ? {} : { keyframeEvents }) });

const recorded = (): KernelEvent[] => [...eventsBetween(store, 0, Number.MAX_SAFE_INTEGER)];

test("what is appended can be read, and the recorder has the kernel's state", () => {
  const kernel = new Kernel();
  const recorder = newRecorder();
  recorder.append(kernel.encode(...boot), () => []);
  recorder.append(kernel.encode(printed(0, 3)), () => [Uint8Array.from([1, 2, 3])]);
  expect(recorded()).toEqual(kernel.events);
  expect(JSON.stringify(recorder.state)).toBe(JSON.stringify(kernel.state));
  expect(endOf(store)).toMatchObject({ seq: 3 });
});

test("nothing is recorded behind a group that is gone, and the log is whole up to there", () => {
  const kernel = new Kernel();
  const recorder = newRecorder();
  recorder.append(kernel.encode(...boot), () => []);
  const whole = recorded();
  const lost = jest.spyOn(store, "lastGroupSeq").mockReturnValue(-1);
  const more = kernel.encode(printed(0, 3));
  expect(() => recorder.append(more, () => [Uint8Array.from([1, 2, 3])])).toThrow(
    "the events from 0 on are gone",
  );
  lost.mockRestore();
  expect(recorded()).toEqual(whole);
});

test("the effects that are due are handed out in their order, and only those of this group", () => {
  const kernel = new Kernel();
  const recorder = newRecorder();
  expect(recorder.append(kernel.encode(...boot), () => [])).toEqual([]);
  const effects = recorder.append(
    kernel.encode(printed(0, 3), { type: "process/yielded" }, printed(3, 2)),
    () => [new Uint8Array(5)],
  );
  expect(effects.map(({ seq, kind }) => [seq, kind])).toEqual([[2, "print"]]);
  expect(effects).toMatchObject([{ position: 0, length: 5, endSeq: 5 }]);
});

describe("a group", () => {
  test("takes exactly the bytes that its events brought", () => {
    const kernel = new Kernel();
    const recorder = newRecorder();
    const asked: number[] = [];
    const take = (length: number) => {
      asked.push(length);
      return length === 0 ? [] : [new Uint8Array(length - 1).fill(7), Uint8Array.of(8)];
    };
    recorder.append(kernel.encode(...boot), take);
    recorder.append(kernel.encode(printed(0, 10), printed(10, 90)), take);
    recorder.append(kernel.encode(printed(100, 1000)), take);
    expect(asked).toEqual([0, 100, 1000]);
    const tail = store.streamAt(99);
    expect(tail).toMatchObject({ position: 99, bytes: expect.objectContaining({ length: 1 }) });
  });

  test("of nothing is none", () => {
    const recorder = newRecorder();
    expect(recorder.append(new Uint8Array(0), () => [new Uint8Array(9)])).toEqual([]);
    expect(store.lastGroup()).toBeNull();
  });

  test("follows the one before, in one chain of hashes", () => {
    const kernel = new Kernel();
    const recorder = newRecorder();
    recorder.append(kernel.encode(...boot), () => []);
    recorder.append(kernel.encode(...yields(5)), () => []);
    expect([...endOf(store).hash]).toEqual([...recorder.hash]);
    expect(foldWhole(store, () => {})).toMatchObject({ events: 7 });
  });
});

describe("keyframes", () => {
  test("stand behind every so many events, and give the state of that moment", () => {
    const kernel = new Kernel();
    const recorder = newRecorder(3);
    const states = new Map<number, string>();
    for (const facts of [boot, yields(1), yields(1), yields(7), yields(2)]) {
      recorder.append(kernel.encode(...facts), () => []);
      states.set(kernel.state.seq, JSON.stringify({ ...kernel.state, epoch: 0 }));
    }
    const found = [...store.keyframesFrom(0)].map(({ seq }) => seq);
    expect(found).toEqual([3, 6, 9, 12]);
    const loader = new StateLoader(store);
    for (const seq of found) expect(loader.keyframeState(seq)).toMatchObject({ seq, at: seq * 10 });
    expect(foldWhole(store, () => {})).toMatchObject({ events: 13, keyframes: 4 });
  });

  test("can be asked for, and are not written twice", () => {
    const kernel = new Kernel();
    const recorder = newRecorder();
    recorder.append(kernel.encode(...boot), () => []);
    recorder.keyframe();
    recorder.keyframe();
    expect([...store.keyframesFrom(0)].map(({ seq }) => seq)).toEqual([2]);
  });

  test("divide a group that is longer than the way to the next one", () => {
    const kernel = new Kernel();
    const recorder = newRecorder(2000);
    recorder.append(kernel.encode(...boot, ...yields(4500)), () => []);
    expect([...store.keyframesFrom(0)].map(({ seq }) => seq)).toEqual([2000, 4000]);
    expect(recorded()).toEqual(kernel.events);
  });
});

test("a recorder goes on where another ended", () => {
  const kernel = new Kernel();
  newRecorder().append(kernel.encode(...boot, printed(0, 4)), () => [new Uint8Array(4)]);
  const state = new StateLoader(store).stateAt(3);
  const later = new Recorder({ store, state, hash: endOf(store).hash, last: { pid: 1, by: 0 } });
  later.append(kernel.encode(printed(4, 2), ...yields(2)), () => [new Uint8Array(2)]);
  expect(recorded()).toEqual(kernel.events);
  expect(foldWhole(store, () => {}).events).toBe(6);
});

test("facts that the recorder states itself are events of the same log", () => {
  const kernel = new Kernel();
  const recorder = newRecorder();
  recorder.append(kernel.encode(...boot), () => []);
  recorder.appendFacts([
    { pid: 1, fact: { type: "process/killed", signal: "SIGKILL", code: 137 } },
    { pid: 0, fact: { type: "machine/powered-off", reason: "interrupted" } },
  ]);
  expect(recorded().slice(2)).toMatchObject([
    { seq: 2, at: 20, pid: 1, type: "process/killed" },
    { seq: 3, at: 20, pid: 0, type: "machine/powered-off" },
  ]);
  expect(recorder.state.clock.isOn).toBe(false);
});

test("the index says in which groups something happened", () => {
  const kernel = new Kernel();
  const recorder = newRecorder();
  recorder.append(kernel.encode(...boot), () => []);
  recorder.append(kernel.encode(...yields(2)), () => []);
  recorder.append(
    kernel.encode(printed(0, 1), {
      type: "process/refused",
      function: 1,
      errno: 44,
      reason: "none",
      slot: -1,
      missing: 0,
      path: "",
    }),
    () => [new Uint8Array(1)],
  );
  expect([...groupsWith(store, "errno", [44], 0)]).toEqual([4]);
  expect([...groupsWith(store, "pid", [1], 0)]).toEqual([0, 2, 4]);
  expect([...groupsWith(store, "pid", [1], 3)]).toEqual([4]);
  expect([...groupsWith(store, "errno", [1], 0)]).toEqual([]);
});

describe("nothing is acknowledged", () => {
  test("of events that cannot be read", () => {
    const recorder = newRecorder();
    expect(() => recorder.append(Uint8Array.of(255, 0), () => [])).toThrow(
      "the kernel wrote an event that cannot be read",
    );
    expect(store.lastGroup()).toBeNull();
  });

  test("of events that cannot be folded", () => {
    const kernel = new Kernel();
    const recorder = newRecorder();
    const writer = new ByteWriter();
    kernelCodec.append(
      writer,
      { type: "capability/closed", by: 0, slot: 5, object: "file", target: 1 },
      newCodecContext(),
      0,
      -1,
      1,
      -1,
    );
    expect(() => recorder.append(writer.view().slice(), () => [])).toThrow("broken promise");
    expect([store.lastGroup(), kernel.state.seq]).toEqual([null, 0]);
  });

  test("when the store fails", () => {
    const kernel = new Kernel();
    const recorder = newRecorder();
    const failing = () => {
      throw new Error("no space");
    };
    expect(() => recorder.append(kernel.encode(...boot), failing)).toThrow("no space");
    expect(store.lastGroup()).toBeNull();
  });
});
