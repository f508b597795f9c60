import { invariant } from "../../core/assert.ts";
import type { RefusalReason } from "../../core/refusal-reason.ts";
import { CallRefused, GuestMemory } from "../../guests/guest-memory.ts";
import { type GuestCall, type GuestKernel, GuestStopped } from "../../guests/guest-kernel.ts";
import { requestDigest } from "../../guests/wasi/request-digest.ts";
import type { RawArguments } from "../../guests/wasi/wasi-call.ts";
import { callAt } from "../../guests/call-table.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { place } from "./memory-layout.ts";

/** A call as a compiled program makes it: the function's number, its arguments, and what it put into its memory before. */
export interface RawCall {
  readonly number: number;
  readonly args: RawArguments;
  readonly inputs: readonly { readonly at: number; readonly bytes: Uint8Array }[];
  /** How many bytes of the data buffer the answer may fill. */
  readonly outputBytes: number;
}

/** All that a guest can see of an answer. */
export interface Given {
  readonly errno: number;
  readonly memory: Uint8Array;
}

const PAGE_BYTES = 65_536;

/** A guest without a program: it makes the calls that it is told to, from a linear memory of its own. */
export class GuestDriver {
  readonly #kernel: GuestKernel;
  readonly #pid: number;
  readonly #memory = new GuestMemory();
  /** The event that answered the last call. */
  last: KernelEvent | null = null;
  /** Whether the last call ended the process. */
  hasEnded = false;

  constructor(kernel: GuestKernel, pid: number) {
    this.#kernel = kernel;
    this.#pid = pid;
    this.#memory.attach(new WebAssembly.Memory({ initial: place.end / PAGE_BYTES }));
  }

  /** Makes one call and gives what came back. */
  perform(raw: RawCall): Given {
    const memory = this.#memory;
    memory.bytes.fill(0, 0, place.buffer + raw.outputBytes);
    for (const { at, bytes } of raw.inputs) memory.bytes.set(bytes, at);
    const errno = this.#errnoOf(raw);
    const given = new Uint8Array(place.cellBytes + raw.outputBytes);
    given.set(memory.bytes.subarray(place.cells, place.cells + place.cellBytes));
    given.set(memory.bytes.subarray(place.buffer, place.buffer + raw.outputBytes), place.cellBytes);
    return { errno, memory: given };
  }

  /** Puts the call's bytes into the memory and has it answered by whoever can; null if it has to wait. */
  ask(raw: RawCall, answer: (call: GuestCall) => KernelEvent | null): KernelEvent | null {
    for (const { at, bytes } of raw.inputs) this.#memory.bytes.set(bytes, at);
    return answer(this.judge(raw));
  }

  /** The call as the kernel is asked, judged and with its digest. */
  judge(raw: RawCall): GuestCall {
    const { number, args } = raw;
    let request = null;
    let refused = 0;
    let reason: RefusalReason = "none";
    try {
      request = callAt(number).parse(this.#memory, args);
    } catch (error) {
      ({ errno: refused, reason } = refusalOf(error));
    }
    const digest = requestDigest(number, args, request);
    const judged = { number, args, request, refused, reason, digest };
    return { ...judged, pid: this.#pid, memory: this.#memory, isAgain: false };
  }

  #errnoOf(raw: RawCall): number {
    const event = this.#kernel.answer(this.judge(raw));
    invariant(event !== null, "a guest that is alone is answered");
    this.last = event;
    if (event.type === "process/refused") return event.errno;
    this.hasEnded = event.type === "process/exited" || event.type === "process/killed";
    if (this.hasEnded) return 0;
    try {
      const answer = { pid: this.#pid, state: this.#kernel.state, event, bytes: this.#kernel.bytes };
      callAt(raw.number).reply(this.#memory, raw.args, answer);
      return 0;
    } catch (error) {
      return refusalOf(error).errno;
    }
  }
}

function refusalOf(error: unknown): CallRefused {
  if (error instanceof CallRefused) return error;
  throw error;
}

/** Makes all of the calls, as a program that ends behind them or by one of them. What came back for each. */
export function performAll(kernel: GuestKernel, pid: number, calls: readonly RawCall[]): readonly Given[] {
  const driver = new GuestDriver(kernel, pid);
  const given: Given[] = [];
  for (const call of calls) {
    given.push(driver.perform(call));
    if (driver.hasEnded) return given;
  }
  kernel.end(pid, { kind: "returned" });
  return given;
}

/** As `performAll`, for a kernel that may stop the guest; why it did, or null. */
export function performUntilStopped(
  kernel: GuestKernel,
  pid: number,
  calls: readonly RawCall[],
): GuestStopped | null {
  try {
    performAll(kernel, pid, calls);
    return null;
  } catch (error) {
    if (error instanceof GuestStopped) return error;
    throw error;
  }
}
