/**
 * A guest that calls WASI's functions one by one, for tests: a memory of one page, a machine that decides, and the bytes that
 * went by. It does what a running machine does with a call, without a module, a log or a device.
 */
import { invariant } from "../../core/assert.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { PID, scriptedMachine, type ScriptedMachine } from "../../reducers/scripted-machine.ts";
import { GuestMemory } from "../guest-memory.ts";
import { gather } from "./transfers.ts";
import { type ByteSource, i32, type RawArguments, type WasiCall } from "./wasi-call.ts";
import { wasiCalls } from "./wasi-table.ts";

export const MEMORY_BYTES = 65_536;
const STREAM_BYTES = 1 << 20;

export class ScriptedGuest {
  readonly machine: ScriptedMachine = scriptedMachine();
  readonly memory = new GuestMemory();
  readonly stream = new Uint8Array(STREAM_BYTES);
  readonly #bytes: ByteSource = {
    copyTo: (target, offset, position, length) =>
      target.set(this.stream.subarray(position, position + length), offset),
  };

  constructor() {
    this.memory.attach(new WebAssembly.Memory({ initial: 1 }));
  }

  /** Calls a function; its errno. */
  call(name: string, ...args: RawArguments): number {
    const call = wasiCalls[name];
    invariant(call !== undefined, `${name} is a function of WASI`);
    try {
      return this.#answered(call, args);
    } catch (error) {
      if (error instanceof Error && "errno" in error) return Number(error.errno);
      throw error;
    }
  }

  #answered(call: WasiCall, args: RawArguments): number {
    const request = call.parse(this.memory, args);
    const decision = this.machine.ask(request);
    if (decision.kind === "refused") return decision.errno;
    invariant(decision.kind === "facts", `${request.call} is answered at once`);
    const event = this.machine.perform(request);
    this.#keep(event, args);
    call.reply(this.memory, args, { pid: PID, state: this.machine.state, event, bytes: this.#bytes });
    return 0;
  }

  /** Puts what the guest wrote where the event says; random bytes count up. */
  #keep(event: KernelEvent, args: RawArguments): void {
    if (event.type === "entropy/drawn") {
      for (let index = 0; index < event.length; index += 1) this.stream[event.position + index] = index + 1;
    } else if (
      event.type === "file/written" ||
      event.type === "file/written-at" ||
      event.type === "console/written"
    ) {
      let at = event.position;
      gather(this.memory, i32(args, 1), event.length, (bytes, start, length) => {
        this.stream.set(bytes.subarray(start, start + length), at);
        at += length;
      });
    }
  }

  /** Puts a text into the memory; pointer and length, as arguments. */
  text(at: number, text: string): readonly [number, number] {
    const bytes = new TextEncoder().encode(text);
    this.memory.bytes.set(bytes, at);
    return [at, bytes.length];
  }

  /** Puts iovecs into the memory, each as pointer and length; pointer and count, as arguments. */
  iovecs(at: number, ...pairs: readonly (readonly [number, number])[]): readonly [number, number] {
    pairs.forEach(([pointer, length], index) => {
      this.memory.setU32(at + index * 8, pointer);
      this.memory.setU32(at + index * 8 + 4, length);
    });
    return [at, pairs.length];
  }

  u8(at: number): number {
    return this.memory.view.getUint8(at);
  }

  u16(at: number): number {
    return this.memory.view.getUint16(at, true);
  }

  u32(at: number): number {
    return this.memory.view.getUint32(at, true);
  }

  u64(at: number): bigint {
    return this.memory.view.getBigUint64(at, true);
  }

  bytes(at: number, length: number): number[] {
    return [...this.memory.bytes.subarray(at, at + length)];
  }

  textAt(at: number, length: number): string {
    return new TextDecoder().decode(this.memory.bytes.subarray(at, at + length));
  }
}
