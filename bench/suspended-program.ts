/** Real programs, transformed, under a schedule of suspensions. */
import { readFileSync } from "node:fs";
import { combineImages, type ProcessImage } from "../guests/suspendable/process-image.ts";
import { type InstanceHost, SUSPEND } from "../guests/suspendable/instance-host.ts";
import { SuspendableInstance } from "../guests/suspendable/suspendable-instance.ts";
import { SuspendableProgram } from "../guests/suspendable/suspendable-program.ts";
import { transformCached } from "../guests/transform-cache/transform-cached.ts";
import { userCacheFolder } from "../guests/transform-cache/user-cache-folder.ts";
import { transformModule, type TransformOptions } from "../guests/transform/transform-module.ts";
import { type PlainRun, ProgramExited, type ShimProgram, ShimWorld } from "./shim-program.ts";

export interface Turns {
  /** Ticks of each turn; Infinity: it is never pre-empted. */
  readonly quantum: number;
  /** Whether every call waits for its answer at rest. */
  readonly waits: boolean;
  /** Whether it goes on in a new instance, from an image, after each of so many rests. 0: never. */
  readonly restores: number;
  /** Whether it has as many ticks again when they are used up, and goes on without a rest. */
  readonly isRefilled?: boolean;
}

interface SuspendedRun extends PlainRun {
  readonly ticks: number;
  readonly rests: number;
  /** Calls that waited at rest, by name. */
  readonly calls: readonly (readonly [string, readonly (number | bigint)[]])[];
  readonly images: readonly ProcessImage[];
}

/** The file's module, transformed and compiled. */
export function programOf(path: string, options: TransformOptions = {}): SuspendableProgram {
  const result = transformModule(readFileSync(path), options);
  if (!result.ok) throw new Error(`${path}: ${result.error.what}`);
  return new SuspendableProgram(result.value);
}

/** The same of a module that takes seconds to transform: from the user's cache, if it is there. */
export function cachedProgramOf(path: string): SuspendableProgram {
  const result = transformCached(readFileSync(path), {}, { folder: userCacheFolder() });
  if (!result.ok) throw new Error(`${path}: ${result.error.what}`);
  return new SuspendableProgram(result.value);
}

export function runSuspendedProgram(
  transformed: SuspendableProgram,
  program: ShimProgram,
  turns: Turns,
): SuspendedRun {
  const world = new ShimWorld(program);
  const run = new Run(transformed, world, turns);
  try {
    run.toEnd();
  } catch (error) {
    if (!(error instanceof ProgramExited)) throw error;
  }
  return {
    output: world.output,
    code: world.exitCode ?? 0,
    files: world.files,
    ticks: run.process.ticksUsed,
    rests: run.rests,
    calls: run.calls,
    images: run.images,
  };
}

class Run {
  process: SuspendableInstance;
  rests = 0;
  readonly images: ProcessImage[] = [];
  readonly calls: (readonly [string, readonly (number | bigint)[]])[] = [];
  readonly #transformed: SuspendableProgram;
  readonly #world: ShimWorld;
  readonly #turns: Turns;
  readonly #host: InstanceHost;

  constructor(transformed: SuspendableProgram, world: ShimWorld, turns: Turns) {
    this.#transformed = transformed;
    this.#world = world;
    this.#turns = turns;
    const calls = transformed.layout.imports.map(({ name }) => world.imports[name]);
    this.#host = {
      call: (index, args) => (turns.waits ? SUSPEND : calls[index]?.(...args)),
      ...(turns.isRefilled === true ? { refill: () => turns.quantum } : {}),
    };
    this.process = new SuspendableInstance(transformed, this.#host);
    world.attach(this.process.memory);
  }

  toEnd(): void {
    let end = this.process.run(this.#turns.quantum);
    while (end.kind === "preempted" || end.kind === "waiting") {
      this.rests += 1;
      if (this.#turns.restores > 0 && this.rests % this.#turns.restores === 0) this.#restore();
      const call = this.process.pendingCall;
      if (call !== null) {
        const { name } = this.#transformed.layout.imports[call.index] as { name: string };
        this.calls.push([name, call.args]);
        this.process.answer(this.#world.imports[name]?.(...call.args));
      }
      end = this.process.run(end.kind === "preempted" ? this.#turns.quantum : 0);
    }
    if (end.kind === "trapped") throw end.error;
  }

  #restore(): void {
    this.images.push(structuredClone(this.process.image()));
    const image = combineImages(this.images);
    this.process = SuspendableInstance.restore(this.#transformed, image, { host: this.#host });
    this.#world.attach(this.process.memory);
  }
}
