import { CallRefused, type GuestMemory } from "./guest-memory.ts";
import type { GuestCall, GuestKernel } from "./guest-kernel.ts";
import type { RefusalReason } from "../core/refusal-reason.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";
import { requestDigest } from "./wasi/request-digest.ts";
import type { Answer, RawArguments, WasiCall } from "./wasi/wasi-call.ts";

type Mutable<Record> = { -readonly [Key in keyof Record]: Record[Key] };

/** Stands where an event will be. */
const NO_EVENT = { type: "process/yielded", seq: -1, at: 0, cause: -1, pid: 0, call: -1 } as const;

/** The calls of one guest: judged, answered by its kernel, and the answers written into its memory. */
export class GuestCaller {
  readonly #kernel: GuestKernel;
  readonly #memory: GuestMemory;
  /** What is asked and what is answered, one at a time and filled anew for each call: making both cost more than filling them. */
  readonly #asked: Mutable<GuestCall>;
  readonly #answered: Mutable<Answer>;
  #hasEnded = false;

  constructor(kernel: GuestKernel, pid: number, memory: GuestMemory) {
    this.#kernel = kernel;
    this.#memory = memory;
    const { state, bytes } = kernel;
    const nothing = { number: 0, args: [], request: null, refused: 0, reason: "none", digest: 0 } as const;
    this.#asked = { ...nothing, pid, memory, isAgain: false };
    this.#answered = { pid, state, event: NO_EVENT, bytes };
  }

  /** Whether a call has ended the guest. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** What the last call was answered with. */
  get answer(): KernelEvent {
    return this.#answered.event;
  }

  /** The errno of a call; null if the guest has to wait, and is to ask again. */
  ask(call: WasiCall, number: number, args: RawArguments, isAgain: boolean): number | null {
    const memory = this.#memory;
    memory.refresh();
    let request = null;
    let refused = 0;
    let reason: RefusalReason = "none";
    try {
      request = call.parse(memory, args);
    } catch (error) {
      ({ errno: refused, reason } = refusalOf(error));
    }
    const asked = this.#asked;
    asked.number = number;
    asked.args = args;
    asked.request = request;
    asked.refused = refused;
    asked.reason = reason;
    asked.digest = requestDigest(number, args, request);
    asked.isAgain = isAgain;
    const event = this.#kernel.answer(asked);
    if (event === null) return null;
    const answer = this.#answered;
    answer.event = event;
    if (event.type === "process/refused") return event.errno;
    if (isEnd(event)) {
      this.#hasEnded = true;
      return 0;
    }
    try {
      answer.state = this.#kernel.state;
      answer.bytes = this.#kernel.bytes;
      call.reply(memory, args, answer);
      return 0;
    } catch (error) {
      return refusalOf(error).errno;
    }
  }
}

const isEnd = (event: KernelEvent): boolean =>
  event.type === "process/exited" || event.type === "process/killed";

function refusalOf(error: unknown): CallRefused {
  if (error instanceof CallRefused) return error;
  throw error;
}
