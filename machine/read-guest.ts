/** What a guest has in its memory, or on its stack, at a moment of a recording: for users of the library. */
import { resolve } from "node:path";
import { endOf } from "../replay/log-reader.ts";
import { judgeGuestMoment } from "../replay/judge-moment.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { lookAtGuests } from "./look-at-guests.ts";
import type { GuestAnswer, GuestAsk } from "./messages.ts";

/** The functions that a process is in, innermost first, and the WASI function that it waits for; null if none. */
export type GuestStack = Omit<Extract<GuestAnswer, { readonly kind: "stack" }>, "kind">;

/**
 * A stretch of a process's memory at a moment, which may be `E:I`. Its program is run again up to there, from the nearest image.
 * What is not there then (the process, the address, the tick) is a RangeError; a recording that does not run again is refused with
 * RecordingRefused.
 */
export async function readMemory(
  path: string,
  moment: number | string,
  { pid, address, length }: { readonly pid: number; readonly address: number; readonly length: number },
): Promise<Uint8Array> {
  const ask = { kind: "memory", pid: whole("pid", pid), address: whole("address", address) } as const;
  const answer = await answered(path, moment, { ...ask, length: whole("length", length) });
  return (answer as Extract<GuestAnswer, { readonly kind: "memory" }>).bytes;
}

/** The stack of a process at a moment, which may be `E:I`; as `readMemory`. */
export async function readStack(path: string, moment: number | string, pid: number): Promise<GuestStack> {
  const answer = await answered(path, moment, { kind: "stack", pid: whole("pid", pid) });
  const { call, frames } = answer as Extract<GuestAnswer, { readonly kind: "stack" }>;
  return { call, frames };
}

function whole(name: string, value: number): number {
  if (typeof value !== "number") throw new TypeError(`${name} is a number, not ${typeof value}`);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`${name} ${value}: a whole number from 0 on was expected`);
}

async function answered(path: string, moment: number | string, ask: GuestAsk): Promise<GuestAnswer> {
  const store = RecordingStore.open(resolve(path), { write: false });
  try {
    const { event, ticks } = judgeGuestMoment(moment, endOf(store).seq);
    const { answers } = await lookAtGuests(store, { event, ticks, asks: [ask] });
    const answer = answers[0] as GuestAnswer;
    if (answer.kind === "refused") throw new RangeError(answer.why);
    return answer;
  } finally {
    store.close();
  }
}
