import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { Request } from "../../reducers/decide/request.ts";
import type { GuestMemory } from "../guest-memory.ts";

/** A call's arguments as WebAssembly gave them: numbers for i32, bigints for i64. */
export type RawArguments = readonly (number | bigint)[];

/** Where the bytes are that events and state only name by their position. */
export interface ByteSource {
  /** Copies `length` bytes of the recording's byte stream, from `position` on, to a place in `target`. */
  copyTo(target: Uint8Array, targetOffset: number, position: number, length: number): void;
}

/** What a reply is made from: the state after the fact, the fact, and the bytes that both name (law P2). */
export interface Answer {
  readonly pid: number;
  readonly state: KernelState;
  readonly event: KernelEvent;
  readonly bytes: ByteSource;
}

/** One function of WASI preview 1, or of the module `foldos`, which has the same form. */
export interface WasiCall {
  /** Its parameters, as letters: "i" for i32, "l" for i64. */
  readonly parameters: string;
  /** Judges the arguments and the memory behind them, all of it, before anything is decided. Throws CallRefused. */
  readonly parse: (memory: GuestMemory, args: RawArguments) => Request;
  /** Writes what the guest was answered into its memory. */
  readonly reply: (memory: GuestMemory, args: RawArguments, answer: Answer) => void;
}

export type WasiCalls = Readonly<Record<string, WasiCall>>;

export const i32 = (args: RawArguments, index: number): number => (args[index] as number) >>> 0;

/** A 64-bit argument seen as two words: storing it makes no second bigint. */
const wide = new BigInt64Array(1);
const words = new Uint32Array(wide.buffer);
/** What the upper word of a safe integer is below. */
const SAFE_UPPER = 2 ** 21;

/** A u64 argument as a safe integer; what is larger counts as the largest. */
export function u64(args: RawArguments, index: number): number {
  wide[0] = args[index] as bigint;
  const upper = words[1] as number;
  return upper < SAFE_UPPER ? upper * 2 ** 32 + (words[0] as number) : Number.MAX_SAFE_INTEGER;
}

/** An s64 argument as a safe integer; what is beyond counts as the outermost. */
export function s64(args: RawArguments, index: number): number {
  const value = args[index] as bigint;
  if (value > MAX_SAFE) return Number.MAX_SAFE_INTEGER;
  return value < -MAX_SAFE ? -Number.MAX_SAFE_INTEGER : Number(value);
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

export const nothing = (): void => {};
