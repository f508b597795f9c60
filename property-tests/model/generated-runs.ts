/** Runs a generated module: as it is, and transformed under a schedule of suspensions. What both show must be equal. */
import { createHash } from "node:crypto";
import { combineImages, type ProcessImage, type Values } from "../../guests/suspendable/process-image.ts";
import { type InstanceHost, type RunEnd, SUSPEND } from "../../guests/suspendable/instance-host.ts";
import { judgeImage } from "../../guests/suspendable/judge-image.ts";
import { SuspendableInstance } from "../../guests/suspendable/suspendable-instance.ts";
import { SuspendableProgram } from "../../guests/suspendable/suspendable-program.ts";
import type { TransformedModule } from "../../guests/transform/transform-module.ts";
import { GLOBALS, OUTSIDE, T } from "./generated-world.ts";

/** What can be seen of a run. */
export interface Seen {
  readonly end: string;
  readonly calls: readonly string[];
  readonly memory: string;
  readonly globals: readonly string[];
}

/** What the outside answers to a call depends on the call alone. */
function answerOf(index: number, args: readonly (number | bigint)[]): Values {
  const number = Number(BigInt.asIntN(32, BigInt(args[0] ?? 0)));
  if (index === 0) return undefined;
  if (index === 1) return (number * 3 + 1) | 0;
  if (index === 2) return BigInt(number) * 5n + BigInt(args[1] ?? 0);
  return [number ^ 5, BigInt(number) - 2n];
}

const hashOf = (memory: ArrayBuffer): string =>
  createHash("sha256").update(new Uint8Array(memory)).digest("hex");

/** A NaN has many bits, and which of them a computation gives is nobody's promise. */
function globalsOf(exports: WebAssembly.Exports, name: (index: number) => string): readonly string[] {
  return GLOBALS.map((type, index) => {
    if (type === T.v128 || index === 0) return "";
    const { value } = exports[name(index)] as WebAssembly.Global;
    return typeof value === "function" ? value.name : String(value);
  });
}

const describeError = (error: unknown): string => {
  const { message } = error as { readonly message?: string };
  if (error instanceof RangeError || message?.includes("call stack") === true) return "stack";
  return message?.startsWith("wasm exception") === true ? "exception" : `trap: ${message ?? "exception"}`;
};

export function runPlain(bytes: Uint8Array): Seen {
  const calls: string[] = [];
  const outside = Object.fromEntries(
    OUTSIDE.map((_, index) => [
      `${index}`,
      (...args: readonly (number | bigint)[]) => {
        calls.push(`${index}(${args.join()})`);
        return answerOf(index, args);
      },
    ]),
  );
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { outside } as never);
  let end: string;
  try {
    end = `returned ${(exports["run"] as () => number)()}`;
  } catch (error) {
    end = describeError(error);
  }
  const memory = (exports["memory"] as WebAssembly.Memory).buffer;
  return { end, calls, memory: hashOf(memory), globals: globalsOf(exports, String) };
}

/** How often, and how, a run is interrupted. */
export interface Schedule {
  /** Ticks of each turn; 0: it is never pre-empted. */
  readonly quantum: number;
  /** Every so manieth call waits for its answer; 0: none. */
  readonly waits: number;
  /** What happens at rest: nothing, an image that is not used, a new instance that goes on. */
  readonly image: "none" | "taken" | "restored";
}

interface TransformedRun {
  readonly seen: Seen;
  readonly ticks: number;
  readonly rests: number;
}

export function runTransformed(transformed: TransformedModule, schedule: Schedule): TransformedRun {
  const program = new SuspendableProgram(transformed);
  const calls: string[] = [];
  const chain: ProcessImage[] = [];
  const host: InstanceHost = {
    call: (index, args) => {
      calls.push(`${index}(${args.join()})`);
      return schedule.waits > 0 && calls.length % schedule.waits === 0 ? SUSPEND : answerOf(index, args);
    },
  };
  const entry = { name: "run", args: [] };
  const quantum = schedule.quantum === 0 ? Number.POSITIVE_INFINITY : schedule.quantum;
  let process = new SuspendableInstance(program, host, entry);
  let end = process.run(quantum);
  let rests = 0;
  while (end.kind === "preempted" || end.kind === "waiting") {
    rests += 1;
    if (schedule.image !== "none") chain.push(structuredClone(process.image()));
    if (schedule.image === "restored") {
      const image = combineImages(chain);
      const why = judgeImage(image, transformed.layout);
      if (why !== null) throw new Error(`an image of the program is refused: ${why}`);
      process = SuspendableInstance.restore(program, image, { host, entry });
    }
    const { pendingCall } = process;
    if (pendingCall !== null) process.answer(answerOf(pendingCall.index, pendingCall.args));
    end = process.run(end.kind === "preempted" ? quantum : 0);
  }
  const memory = hashOf(process.memory.buffer);
  const globals = globalsOf(process.exports, (index) => `g${index}`);
  return { seen: { end: describeEnd(end), calls, memory, globals }, ticks: process.ticksUsed, rests };
}

function describeEnd(end: RunEnd): string {
  if (end.kind === "returned") return `returned ${String(end.values)}`;
  return end.kind === "trapped" ? (end.isStackExhausted ? "stack" : describeError(end.error)) : end.kind;
}
