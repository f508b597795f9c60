import { describe, expect, test } from "@jest/globals";
import { exportOf, importOf, moduleOf, section, vector } from "../module/module-builder.ts";
import { parseWasmFrames } from "../module/wasm-frames.ts";
import { type InstanceHost, SUSPEND } from "../suspendable/instance-host.ts";
import { SuspendableInstance } from "../suspendable/suspendable-instance.ts";
import { SuspendableProgram } from "../suspendable/suspendable-program.ts";
import { type RunFrame, traceFrames } from "./trace-frames.ts";
import { transformModule } from "./transform-module.ts";
import { SLOW_MODULE_NAME } from "./write-slow-module.ts";

const framesOf = (error: unknown): readonly RunFrame[] =>
  parseWasmFrames(error as object).map(({ module, functionIndex, offset }) => ({
    isSlow: module.startsWith(SLOW_MODULE_NAME),
    functionIndex,
    offset,
  }));

const placesOf = (error: unknown): readonly (readonly [number, number])[] =>
  framesOf(error).map(({ functionIndex, offset }) => [functionIndex, offset]);

function plainTrap(bytes: Uint8Array, imports: WebAssembly.Imports): unknown {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  try {
    (exports["_start"] as () => void)();
  } catch (error) {
    return error;
  }
  return null;
}

/** The trap of the transformed module, traced back. Each turn has so many ticks. */
function tracedTrap(
  bytes: Uint8Array,
  host: InstanceHost,
  quantum: number,
): readonly (readonly [number, number])[] {
  const result = transformModule(bytes);
  if (!result.ok) throw new Error(result.error.what);
  const process = new SuspendableInstance(new SuspendableProgram(result.value), host);
  let end = process.run(quantum);
  while (end.kind === "preempted" || end.kind === "waiting") {
    if (end.kind === "waiting") process.answer(0);
    end = process.run(end.kind === "preempted" ? quantum : 0);
  }
  const frames = end.kind === "trapped" ? framesOf(end.error) : [];
  return traceFrames(bytes, result.value, { frames, options: {} }).map((place) => [
    place.functionIndex,
    place.offset,
  ]);
}

describe("a trap's stack is the source's", () => {
  /** A loop counts to 50, asks in each turn, and traps in a function without points. */
  const bytes = moduleOf(
    section(1, vector([0x60, 0, 1, 0x7f], [0x60, 0, 0])),
    section(2, vector(importOf("outside", "ask", 0, 0))),
    section(3, [3, 1, 1, 1]),
    section(5, [1, 0, 1]),
    section(7, vector(exportOf("_start", 0, 1), exportOf("memory", 2, 0))),
    section(
      10,
      vector(
        [6, 0, 0x01, 0x10, 2, 0x01, 0x0b],
        [
          28, 1, 1, 0x7f, 0x03, 0x40, 0x10, 0, 0x1a, 0x20, 0, 0x41, 1, 0x6a, 0x22, 0, 0x41, 50, 0x46, 0x04,
          0x40, 0x10, 3, 0x0b, 0x0c, 0, 0x0b, 0x01, 0x0b,
        ],
        [5, 0, 0x01, 0x01, 0x00, 0x0b],
      ),
    ),
  );
  const expected = placesOf(plainTrap(bytes, { outside: { ask: () => 0 } }));

  const answers: InstanceHost = { call: () => 0 };
  const waits: InstanceHost = { call: () => SUSPEND };

  test.each([
    ["never", answers, Number.POSITIVE_INFINITY],
    ["at every call", waits, Number.POSITIVE_INFINITY],
    ["at ticks", answers, 40],
  ])("if it was suspended %s", (_, host, quantum) => {
    expect(expected).toHaveLength(3);
    expect(tracedTrap(bytes, host, quantum)).toEqual(expected);
  });
});
