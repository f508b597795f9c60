import { describe, expect, test } from "@jest/globals";
import { exportOf, importOf, moduleOf, section, vector } from "../module/module-builder.ts";
import { transformModule } from "../transform/transform-module.ts";
import { combineImages } from "./process-image.ts";
import { type InstanceHost, SUSPEND } from "./instance-host.ts";
import { SuspendableInstance } from "./suspendable-instance.ts";
import { SuspendableProgram } from "./suspendable-program.ts";

interface Parts {
  readonly code: readonly number[];
  /** Of the function that runs before `_start`. */
  readonly start?: readonly number[];
}

/** The outside is (i32) -> i32, function 0. */
function programOf({ code, start }: Parts): SuspendableProgram {
  const body = (instructions: readonly number[]): readonly number[] => [
    instructions.length + 2,
    0,
    ...instructions,
    0x0b,
  ];
  const bytes = moduleOf(
    section(1, vector([0x60, 1, 0x7f, 1, 0x7f], [0x60, 0, 0])),
    section(2, vector(importOf("outside", "ask", 0, 0))),
    section(3, [2, 1, 1]),
    section(5, [1, 1, 1, 20]),
    section(7, vector(exportOf("_start", 0, 1), exportOf("memory", 2, 0))),
    start === undefined ? [] : section(8, [2]),
    section(10, vector(body(code), body(start ?? []))),
  );
  const result = transformModule(bytes, { maxPages: 5 });
  if (!result.ok) throw new Error(result.error.what);
  return new SuspendableProgram(result.value);
}

const waiting: InstanceHost = { call: () => SUSPEND };
/** Stores at the address what the outside answers to the question. */
const ask = (address: number, question: number): readonly number[] => [
  0x41,
  address,
  0x41,
  question,
  0x10,
  0,
  0x36,
  0,
  0,
];
const wordAt = (process: SuspendableInstance, address: number): number =>
  new DataView(process.memory.buffer).getUint32(address, true);

describe("a process", () => {
  test("waits for the answers to its calls, and has them", () => {
    const process = new SuspendableInstance(programOf({ code: [...ask(0, 7), ...ask(4, 8)] }), waiting);
    expect(process.run(100)).toEqual({ kind: "waiting", call: { index: 0, args: [7] } });
    process.answer(70);
    expect(process.run(0)).toEqual({ kind: "waiting", call: { index: 0, args: [8] } });
    process.answer(80);
    expect(process.run(0)).toEqual({ kind: "returned", values: undefined });
    expect([wordAt(process, 0), wordAt(process, 4)]).toEqual([70, 80]);
  });

  test("may be suspended in the function that runs before any other", () => {
    const program = programOf({ code: ask(0, 2), start: ask(4, 1) });
    let process = new SuspendableInstance(program, waiting);
    expect(process.run(0)).toMatchObject({ call: { args: [1] } });
    process = SuspendableInstance.restore(program, process.image(), { host: waiting });
    process.answer(10);
    expect(process.run(0)).toMatchObject({ call: { args: [2] } });
    process.answer(20);
    expect(process.run(0).kind).toBe("returned");
    expect([wordAt(process, 0), wordAt(process, 4)]).toEqual([20, 10]);
  });

  test("grows its memory as far as it may, and an image has what it grew to", () => {
    const grow = [0x41, 3, 0x40, 0, 0x1a, 0x41, 3, 0x40, 0, 0x1a];
    const program = programOf({ code: [...grow, ...ask(0, 1), 0x41, 4, 0x3f, 0, 0x36, 0, 0] });
    const first = new SuspendableInstance(program, waiting);
    first.run(0);
    const process = SuspendableInstance.restore(program, first.image(), { host: waiting });
    process.answer(0);
    process.run(0);
    expect(wordAt(process, 4)).toBe(4);
  });

  test("has pages in an image that changed since the one before, and in a chain all of them", () => {
    const process = new SuspendableInstance(
      programOf({ code: [...ask(0, 1), ...ask(8, 2), ...ask(80, 3)] }),
      waiting,
    );
    process.run(0);
    const images = [process.image()];
    expect(images[0]?.pages).toEqual([]);
    new Uint8Array(process.memory.buffer)[9000] = 1;
    for (const question of [1, 2]) {
      process.answer(question);
      process.run(0);
      images.push(process.image());
    }
    expect(images.map(({ pages }) => pages.map(({ index }) => index))).toEqual([[], [0, 2], [0]]);
    expect(combineImages(images).pages.map(({ index }) => index)).toEqual([0, 2]);
  });

  test("keeps an answer that it has not heard of yet in its image", () => {
    const program = programOf({ code: ask(0, 1) });
    const first = new SuspendableInstance(program, waiting);
    first.run(0);
    first.answer(33);
    const process = SuspendableInstance.restore(program, first.image(), { host: waiting });
    expect(process.run(0).kind).toBe("returned");
    expect(wordAt(process, 0)).toBe(33);
  });

  test("does not catch what its host throws", () => {
    const caught = [0x06, 0x40, ...ask(0, 1), 0x19, 0x0b];
    const host: InstanceHost = {
      call: () => {
        throw new Error("the host's own");
      },
    };
    expect(() => new SuspendableInstance(programOf({ code: caught }), host).run(0)).toThrow("the host's own");
  });

  test("is given more ticks by its host, without being written down", () => {
    const forever = [0x03, 0x40, 0x0c, 0, 0x0b];
    let refills = 0;
    const host: InstanceHost = { call: () => 0, refill: () => (refills++ < 10 ? 1000 : 0) };
    const process = new SuspendableInstance(programOf({ code: forever }), host);
    expect(process.run(1000).kind).toBe("preempted");
    expect(process.ticksUsed).toBeGreaterThanOrEqual(11_000);
    expect(process.ticksUsed).toBeLessThan(11_020);
  });
});
