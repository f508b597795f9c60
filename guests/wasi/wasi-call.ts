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

/** One function of WASI preview 1. */
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

/** A u64 argument as a safe integer; what is larger counts as the largest. */
export function u64(args: RawArguments, index: number): number {
  const value = BigInt.asUintN(64, args[index] as bigint);
  return value > MAX_SAFE ? Number.MAX_SAFE_INTEGER : Number(value);
}

/** An s64 argument as a safe integer; what is beyond counts as the outermost. */
export function s64(args: RawArguments, index: number): number {
  const value = args[index] as bigint;
  if (value > MAX_SAFE) return Number.MAX_SAFE_INTEGER;
  return value < -MAX_SAFE ? -Number.MAX_SAFE_INTEGER : Number(value);
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

export const nothing = (): void => {};
