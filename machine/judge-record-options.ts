import { inspect } from "node:util";
import { MAX_PAGES } from "../guests/module/read-limits.ts";
import type { DirectoryGrant } from "./boot.ts";
import { grantedDirectory } from "./granted-directory.ts";
import type { RecordOptions } from "./record.ts";

/** The options of `record`, each there and allowed. */
export interface JudgedOptions {
  readonly program: string;
  readonly recording: string;
  readonly args: readonly string[];
  /** `K=V` each. */
  readonly environment: readonly string[];
  readonly directories: readonly DirectoryGrant[];
  readonly seed: number | null;
  readonly clock: "host" | "virtual";
  readonly durability: "group" | "event" | "none";
  readonly memoryPages: number;
  readonly signal: AbortSignal | null;
}

const known = {
  options: [
    "program",
    "recording",
    "args",
    "env",
    "directories",
    "seed",
    "clock",
    "durability",
    "memoryPages",
    "signal",
  ],
  directory: ["host", "guest", "mode"],
} as const;

/**
 * Judges what `record` is given, before anything is made. A value of another type, or under a name that is none, is a TypeError; one
 * of the right type that is not allowed is a RangeError. Each says what it is about, what was expected and what was given.
 */
export function judgeRecordOptions(options: RecordOptions): JudgedOptions {
  fields("options", options, known.options);
  const { args = [], env = {}, directories = [], seed, memoryPages, signal } = options;
  return {
    program: fullText("program", options.program),
    recording: fullText("recording", options.recording),
    args: list("args", args).map((arg, index) => text(`args[${index}]`, arg)),
    environment: environmentOf(env),
    directories: list("directories", directories).map(directoryOf),
    seed: seed === undefined ? null : whole("seed", seed, 0, Number.MAX_SAFE_INTEGER),
    clock: oneOf("clock", options.clock ?? "host", ["host", "virtual"]),
    durability: oneOf("durability", options.durability ?? "group", ["group", "event", "none"]),
    memoryPages: memoryPages === undefined ? MAX_PAGES : whole("memoryPages", memoryPages, 1, MAX_PAGES),
    signal: signal === undefined ? null : abortSignal(signal),
  };
}

function directoryOf(value: unknown, index: number): DirectoryGrant {
  const name = `directories[${index}]`;
  const { host, guest, mode = "write-through" } = fields(name, value, known.directory);
  const path = grantedDirectory(fullText(`${name}.host`, host));
  if (!path.ok) throw new RangeError(`record: ${name}.host: ${path.error}`);
  return {
    host: path.value,
    guest: fullText(`${name}.guest`, guest),
    mode: oneOf(`${name}.mode`, mode, ["write-through", "read-only", "copy"]),
  };
}

function environmentOf(env: unknown): readonly string[] {
  return Object.entries(fields("env", env, null)).map(([key, value]) => {
    if (key === "" || key.includes("=") || key.includes("\0"))
      throw new RangeError(`record: env: a name without = and NUL was expected, not ${shown(key)}`);
    return `${text("env", key)}=${text(`env.${key}`, value)}`;
  });
}

const shown = (value: unknown): string =>
  inspect(value, { depth: 0, breakLength: Infinity, maxStringLength: 80 });

const wrongType = (name: string, expected: string, value: unknown): TypeError =>
  new TypeError(`record: ${name}: ${expected} was expected, not ${shown(value)}`);

const notAllowed = (name: string, expected: string, value: unknown): RangeError =>
  new RangeError(`record: ${name}: ${expected} was expected, not ${shown(value)}`);

/** A plain object; with `names`, one that has no other fields, as a misspelt `mode` would grant more than was meant. */
function fields(
  name: string,
  value: unknown,
  names: readonly string[] | null,
): Readonly<Record<string, unknown>> {
  if (Object.prototype.toString.call(value) !== "[object Object]") throw wrongType(name, "an object", value);
  const other = names === null ? undefined : Object.keys(value as object).find((key) => !names.includes(key));
  if (other !== undefined)
    throw new TypeError(`record: ${name}: one of ${names?.join(", ")} was expected, not ${shown(other)}`);
  return value as Readonly<Record<string, unknown>>;
}

function list(name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw wrongType(name, "a list", value);
}

function text(name: string, value: unknown): string {
  if (typeof value !== "string") throw wrongType(name, "a text", value);
  if (/\0|\p{Surrogate}/u.test(value)) throw notAllowed(name, "a text of Unicode without NUL", value);
  return value;
}

function fullText(name: string, value: unknown): string {
  if (value === "") throw notAllowed(name, "a text that is not empty", value);
  return text(name, value);
}

function whole(name: string, value: unknown, least: number, most: number): number {
  const expected = `a whole number from ${least} to ${most}`;
  if (typeof value !== "number") throw wrongType(name, expected, value);
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw notAllowed(name, expected, value);
}

function oneOf<const Word extends string>(name: string, value: unknown, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const error = typeof value === "string" ? notAllowed : wrongType;
  throw error(name, `one of ${words.join(", ")}`, value);
}

function abortSignal(value: unknown): AbortSignal {
  if (Object.prototype.toString.call(value) === "[object AbortSignal]") return value as AbortSignal;
  throw wrongType("signal", "an AbortSignal", value);
}
