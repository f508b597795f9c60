/** Runs one guest from its start to its end, on this thread, with every call answered by a kernel. */
import { invariant } from "../core/assert.ts";
import { callAt, callNumber } from "./call-table.ts";
import { GuestCaller } from "./guest-caller.ts";
import { GuestMemory } from "./guest-memory.ts";
import { type GuestEnd, type GuestKernel, GuestStopped } from "./guest-kernel.ts";
import { describeTrap } from "./module/describe-trap.ts";
import type { RawArguments, WasiCall } from "./wasi/wasi-call.ts";

/** A module whose only function traps: a guest can catch a JavaScript exception by `catch_all`, but never a trap. */
const TRAP_MODULE = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 0x74, 0, 0, 10, 5, 1, 3, 0, 0,
  0x0b,
]);

type GuestFunction = (...args: (number | bigint)[]) => number;

class Guest {
  readonly #kernel: GuestKernel;
  readonly #pid: number;
  readonly #shiftBytes: number;
  readonly #memory = new GuestMemory();
  readonly #caller: GuestCaller;
  readonly #trap: () => void;
  #stopped: Error | null = null;

  constructor(kernel: GuestKernel, pid: number, shiftBytes: number) {
    this.#kernel = kernel;
    this.#pid = pid;
    this.#shiftBytes = shiftBytes;
    this.#caller = new GuestCaller(kernel, pid, this.#memory);
    const trap = new WebAssembly.Instance(new WebAssembly.Module(TRAP_MODULE)).exports["t"];
    this.#trap = trap as unknown as () => void;
  }

  run(module: WebAssembly.Module): GuestStopped | null {
    try {
      const end = this.#runToEnd(module);
      if (end !== null) this.#kernel.end(this.#pid, end);
      return null;
    } catch (error) {
      if (error instanceof GuestStopped) return error;
      throw error;
    }
  }

  #runToEnd(module: WebAssembly.Module): GuestEnd | null {
    try {
      const instance = new WebAssembly.Instance(module, this.#imports(module));
      const memory = instance.exports["memory"];
      if (memory !== undefined) this.#memory.attach(memory as WebAssembly.Memory);
      (instance.exports["_start"] as () => void)();
      return { kind: "returned" };
    } catch (error) {
      if (this.#stopped !== null) throw this.#stopped;
      if (this.#caller.hasEnded) return null;
      const trap = describeTrap(error, this.#shiftBytes);
      if (trap === null) throw error;
      return { kind: "trapped", ...trap };
    }
  }

  #imports(module: WebAssembly.Module): Record<string, Record<string, GuestFunction>> {
    const imports: Record<string, Record<string, GuestFunction>> = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      const number = callNumber(from, name);
      invariant(number >= 0, "a module's imports were judged");
      const call = callAt(number);
      (imports[from] ??= {})[name] = (...args) => this.#call(call, number, args);
    }
    return imports;
  }

  /** Answers one call. An exception of ours must not unwind the guest, which could catch it: it waits until the guest is gone. */
  #call(call: WasiCall, number: number, args: RawArguments): number {
    let answer = 0;
    try {
      const errno = this.#caller.ask(call, number, args, false);
      invariant(errno !== null, "a guest that is alone is answered before it goes on");
      answer = errno;
    } catch (error) {
      this.#stopped = error as Error;
    }
    if (this.#stopped !== null || this.#caller.hasEnded) this.#trap();
    return answer;
  }
}

export interface GuestProgram {
  readonly module: WebAssembly.Module;
  /** By how much its code was moved from where the file of the user has it. */
  readonly shiftBytes: number;
}

/** Runs the guest until it ends, which gives null, or is stopped by its kernel. */
export const runGuest = (kernel: GuestKernel, pid: number, program: GuestProgram): GuestStopped | null =>
  new Guest(kernel, pid, program.shiftBytes).run(program.module);
