/** The forms that most calls of `foldos` have: an errno and nothing else, or one number as well. */
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { FoldosRequest } from "../../reducers/decide/foldos-request.ts";
import type { GuestMemory } from "../guest-memory.ts";
import { i32, nothing, type RawArguments, type WasiCall } from "../wasi/wasi-call.ts";
import { slotMade } from "./answer-fields.ts";

/** What a call asks, from its arguments and the memory behind them. */
export type ParseCall = (memory: GuestMemory, args: RawArguments) => FoldosRequest;

export const answersNothing = (parameters: string, parse: ParseCall): WasiCall => ({
  parameters,
  parse,
  reply: nothing,
});

/** A call whose last argument points to where a number of 32 bits goes: by itself the slot of a capability that was made. */
export function answersNumber(
  parameters: string,
  parse: ParseCall,
  read: (event: KernelEvent) => number = slotMade,
): WasiCall {
  const out = parameters.length - 1;
  return {
    parameters,
    parse: (memory, args) => {
      memory.within(i32(args, out), 4);
      return parse(memory, args);
    },
    reply: (memory, args, { event }) => memory.setU32(i32(args, out), read(event)),
  };
}

const MICRO = 1000n;
/** Half of the safe integers is 142 years: later than that is never, and adding to it stays safe. */
const LATEST = BigInt(Number.MAX_SAFE_INTEGER) / 2n;

/** Nanoseconds of the monotonic clock as kernel time: nothing comes early, and only 0 is 0. */
export function kernelTime(args: RawArguments, index: number): number {
  const micros = (BigInt.asUintN(64, args[index] as bigint) + MICRO - 1n) / MICRO;
  return Number(micros > LATEST ? LATEST : micros);
}
