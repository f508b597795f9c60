/** Shows what a guest has in its memory, or on its stack, at a moment within its run. */
import { lookAtGuests } from "../machine/look-at-guests.ts";
import type { GuestAnswer, GuestAsk } from "../machine/messages.ts";
import type { StackFrame } from "../guests/suspendable-guest.ts";
import { exitCode } from "./exit-codes.ts";
import { formatBytes } from "./format-bytes.ts";
import { guestMomentOf, type Look } from "./look-at.ts";
import { UsageError } from "./usage-error.ts";

export interface GuestFlags {
  readonly memory?: boolean;
  readonly stack?: boolean;
  readonly json?: boolean;
  readonly raw?: boolean;
}

const NAMES = { memory: ["PID", "ADDRESS", "LENGTH"], stack: ["PID"] } as const;

/** The words behind the recording, and how many of them stand in front of the option that asks. */
export interface GuestWords {
  readonly words: readonly string[];
  readonly inFront: number;
}

export async function showGuest(look: Look, flags: GuestFlags, given: GuestWords): Promise<number> {
  const { words } = given;
  const kind = flags.memory === true ? "memory" : "stack";
  if (flags.memory === flags.stack) throw new UsageError(`${usageOf(kind)} was expected`);
  const { moment: word, asked } = judgeWords(kind, given);
  const moment = guestMomentOf(word, look.timeline);
  const ask = askOf(kind, asked);
  const { ticks, pid, answers } = await lookAtGuests(look.store, {
    ...moment,
    asks: [ask],
    onProgress: tell,
  });
  const answer = answers[0] as GuestAnswer;
  if (answer.kind === "refused") throw new UsageError(`${words.join(" ")}: ${answer.why}`);
  // Where it can be stopped may be a few ticks behind what was asked for.
  const at = `${moment.event}${ticks > 0 ? `:${ticks}` : ""}`;
  if (flags.json === true) look.output.json({ moment: at, running: pid, ...jsonOf(ask, answer) });
  else if (answer.kind === "stack") for (const line of stackLines(answer)) look.output.line(line);
  else if (flags.raw === true) look.output.bytes(answer.bytes);
  else
    for (const line of formatBytes(answer.bytes, (ask as { readonly address: number }).address))
      look.output.line(line);
  return exitCode.done;
}

const usageOf = (kind: keyof typeof NAMES): string =>
  `foldos show REC [MOMENT] --${kind} ${NAMES[kind].join(" ")}`;

/** A word that stands alone in front of the option is a moment; else one more than is needed has it in front. */
function judgeWords(
  kind: keyof typeof NAMES,
  { words, inFront }: GuestWords,
): { readonly moment: string; readonly asked: readonly string[] } {
  const names = NAMES[kind];
  const hasMoment = inFront === 1 || words.length > names.length;
  const asked = hasMoment ? words.slice(1) : words;
  const extra = asked[names.length];
  if (extra !== undefined) throw new UsageError(`${extra}: one word too many; ${usageOf(kind)} was expected`);
  const missing = names.slice(asked.length);
  const last = missing.pop();
  if (last === undefined) return { moment: hasMoment ? (words[0] as string) : "end", asked };
  const all = missing.length === 0 ? `${last} is` : `${missing.join(", ")} and ${last} are`;
  throw new UsageError(`${all} missing; ${usageOf(kind)} was expected`);
}

function tell(seq: number): void {
  if (process.stderr.isTTY && seq > 0)
    process.stderr.write(`\r${seq.toLocaleString("en-US")} events run again\x1b[K\r`);
}

function askOf(kind: "memory" | "stack", [pid = "", address = "", length = ""]: readonly string[]): GuestAsk {
  if (kind === "stack") return { kind, pid: numberOf("PID", pid) };
  return {
    kind,
    pid: numberOf("PID", pid),
    address: numberOf("ADDRESS", address),
    length: numberOf("LENGTH", length),
  };
}

/** Decimal, or hexadecimal as 0x1f00. */
function numberOf(what: string, word: string): number {
  const value = /^(?:\d+|0x[0-9a-f]+)$/i.test(word) ? Number(word) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new UsageError(`${what} ${word}: a whole number was expected, as 4096 or 0x1000`);
}

function jsonOf(ask: GuestAsk, answer: Exclude<GuestAnswer, { readonly kind: "refused" }>): object {
  if (answer.kind === "memory") return { ...ask, bytes: Buffer.from(answer.bytes).toString("hex") };
  const frames = answer.frames.map((frame) => ({
    ...frame,
    // Numbers of 64 bits are texts: JSON has none that could hold them.
    values: frame.values.map(({ value, ...rest }) => ({
      ...rest,
      value: typeof value === "bigint" ? `${value}` : value,
    })),
  }));
  return { ...ask, call: answer.call, frames };
}

function stackLines({ call, frames }: Extract<GuestAnswer, { readonly kind: "stack" }>): readonly string[] {
  const lines = call === null ? [] : [`     waits for ${call}`];
  if (frames.length === 0) lines.push("     it has not begun");
  frames.forEach((frame, at) => lines.push(...frameLines(frame, at)));
  return lines;
}

function frameLines({ name, functionIndex, offset, values }: StackFrame, at: number): readonly string[] {
  const place = offset === 0 ? "" : `  at 0x${offset.toString(16)}`;
  const lines = [`${`#${at}`.padEnd(5)}${name ?? `function ${functionIndex}`}${place}`];
  for (const { local, type, value } of values)
    lines.push(
      `       ${(local < 0 ? "operand" : `local ${local}`).padEnd(10)} ${type.padEnd(5)} ${value ?? "(not known)"}`,
    );
  return lines;
}
