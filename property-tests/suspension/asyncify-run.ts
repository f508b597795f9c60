/** The oracle: Asyncify of Binaryen makes a module suspendable at its calls to the outside too, in a way of its own. */
import { readFileSync } from "node:fs";
import binaryen from "binaryen";
import { ProgramExited, type ShimProgram, ShimWorld } from "../../bench/shim-program.ts";

/** Where its stack goes: borrowed, as the guest's memory is its own. */
const AREA = 1024;
const AREA_BYTES = 16_384;
const HEAD_BYTES = 8;

export function asyncified(path: string): WebAssembly.Module {
  const module = binaryen.readBinary(readFileSync(path));
  module.setFeatures(binaryen.Features.All);
  binaryen.setPassArgument("asyncify-imports", "wasi_snapshot_preview1.*");
  module.runPasses(["asyncify"]);
  const bytes = module.emitBinary();
  module.dispose();
  return new WebAssembly.Module(bytes);
}

type Export = (...args: readonly number[]) => void;
type Call = readonly [string, readonly (number | bigint)[]];

interface LoggedRun {
  readonly output: string;
  readonly code: number;
  /** Each call with its arguments. */
  readonly calls: readonly string[];
}

export const logOf = ([name, args]: Call): string => `${name}(${args.join()})`;

/** Runs the program; its stack is unwound and rewound at every call. */
export function runAsyncified(module: WebAssembly.Module, program: ShimProgram): LoggedRun {
  const world = new ShimWorld(program);
  const calls: string[] = [];
  const state: { pending: Call | null; aside: Uint8Array } = { pending: null, aside: new Uint8Array(0) };
  const imports = Object.fromEntries(
    Object.keys(world.imports).map((name) => [
      name,
      (...args: readonly (number | bigint)[]) => {
        if (state.pending === null) {
          state.pending = [name, args];
          calls.push(logOf(state.pending));
          begin("asyncify_start_unwind", AREA + HEAD_BYTES);
          return 0;
        }
        state.pending = null;
        run("asyncify_stop_rewind");
        memory().set(state.aside, AREA);
        return world.imports[name]?.(...args) ?? 0;
      },
    ]),
  );
  const { exports } = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: imports,
  } as WebAssembly.Imports);
  world.attach(exports["memory"] as WebAssembly.Memory);
  const memory = (): Uint8Array => new Uint8Array((exports["memory"] as WebAssembly.Memory).buffer);
  const run = (name: string, ...args: readonly number[]): void => (exports[name] as Export)(...args);
  const begin = (name: string, top: number): void => {
    state.aside = memory().slice(AREA, AREA + AREA_BYTES);
    const view = new DataView(memory().buffer);
    view.setUint32(AREA, top, true);
    view.setUint32(AREA + 4, AREA + AREA_BYTES, true);
    run(name, AREA);
  };
  try {
    for (run("_start"); state.pending !== null; run("_start")) {
      run("asyncify_stop_unwind");
      const top = new DataView(memory().buffer).getUint32(AREA, true);
      const stack = memory().slice(AREA + HEAD_BYTES, top);
      memory().set(state.aside, AREA);
      begin("asyncify_start_rewind", top);
      memory().set(stack, AREA + HEAD_BYTES);
    }
  } catch (error) {
    if (!(error instanceof ProgramExited)) throw error;
  }
  return { output: world.output, code: world.exitCode ?? 0, calls };
}
