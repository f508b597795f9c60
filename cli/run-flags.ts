import { parseArgs, type ParseArgsConfig } from "node:util";
import { MAX_PAGES } from "../guests/module/read-limits.ts";
import type { DirectoryGrant, TurnSpec } from "../machine/boot.ts";
import { grantedDirectory } from "../machine/granted-directory.ts";
import { DEFAULT_QUANTUM } from "../machine/program.ts";
import { DEFAULT_IMAGE_MEBIBYTES } from "../machine/run-machine.ts";
import type { NanBits } from "../replay/nan-bits.ts";
import type { Durability } from "../replay/recording-store.ts";
import { UsageError } from "./usage-error.ts";

/** What `foldos run` was asked for. */
export interface RunFlags {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: readonly string[];
  readonly directories: readonly DirectoryGrant[];
  readonly record: string | null;
  readonly isRecorded: boolean;
  readonly keep: number;
  readonly seed: number | null;
  readonly memoryPages: number;
  readonly clock: "host" | "virtual";
  readonly durability: Durability;
  readonly keyframeEvents: number | null;
  /** How it takes turns and how long; null if it is not to be stopped. */
  readonly turns: TurnSpec | null;
  /** MiB of images a minute at most. */
  readonly imageMebibytes: number;
  readonly nans: NanBits;
}

const options = {
  dir: { type: "string", multiple: true },
  env: { type: "string", multiple: true },
  record: { type: "string" },
  "no-record": { type: "boolean" },
  keep: { type: "string" },
  seed: { type: "string" },
  "max-memory": { type: "string" },
  clock: { type: "string" },
  durability: { type: "string" },
  "keyframe-events": { type: "string" },
  "max-ticks": { type: "string" },
  quantum: { type: "string" },
  "image-mib": { type: "string" },
  "native-nans": { type: "boolean" },
} satisfies ParseArgsConfig["options"];

const PAGE_BYTES = 65_536;
const DEFAULT_KEEP = 20;
/** A year of them. */
const MOST_TICKS = 2 ** 50;

/** Everything before the program is ours, everything behind it the program's own. */
export function parseRunFlags(words: readonly string[]): RunFlags {
  const at = programIndex(words);
  const program = words[at];
  if (program === undefined)
    throw new UsageError("which program? foldos run [options] PROGRAM.wasm [ARGS...]");
  const { values } = parse(words.slice(0, at));
  if (values["no-record"] === true && values.record !== undefined)
    throw new UsageError(`--no-record --record ${values.record}: one or the other was expected`);
  const taken = turns(values["max-ticks"], values.quantum, values["image-mib"]);
  if (values["native-nans"] === true && taken === null)
    throw new UsageError(
      "--native-nans: without --quantum, --max-ticks or --image-mib a program runs as it is, and has such NaNs anyway",
    );
  return {
    program,
    args: words.slice(at + 1),
    environment: (values.env ?? []).flatMap(environmentEntry),
    directories: (values.dir ?? []).map(directoryGrant),
    record: values.record ?? null,
    isRecorded: values["no-record"] !== true,
    keep: keepOf(values.keep),
    seed: values.seed === undefined ? null : wholeNumber("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
    memoryPages: values["max-memory"] === undefined ? MAX_PAGES : memoryPages(values["max-memory"]),
    clock: oneOf("--clock", values.clock ?? "host", ["host", "virtual"]),
    durability: oneOf("--durability", values.durability ?? "group", ["group", "event", "none"]),
    keyframeEvents: keyframeEventsOf(values["keyframe-events"]),
    turns: taken,
    imageMebibytes: imageMebibytes(values["image-mib"]),
    nans: nanBits(values["native-nans"]),
  };
}

/** Events between keyframes; null for as many as usual. */
export const keyframeEventsOf = (word: string | undefined): number | null =>
  word === undefined ? null : wholeNumber("--keyframe-events", word, 1, 1e9);

/** MiB of images a minute, of a machine that is recorded. */
export const imageMebibytes = (word: string | undefined): number =>
  word === undefined ? DEFAULT_IMAGE_MEBIBYTES : wholeNumber("--image-mib", word, 0, 1_000_000);

/** Whether NaNs are to have the same bits on every processor. */
export const nanBits = (isNative: boolean | undefined): NanBits =>
  isNative === true ? "native" : "canonical";

/** A program takes turns when it is to be stopped now and then, or written down. */
function turns(
  maxTicks: string | undefined,
  quantum: string | undefined,
  images: string | undefined,
): TurnSpec | null {
  const hasImages = images !== undefined && imageMebibytes(images) > 0;
  if (maxTicks === undefined && quantum === undefined && !hasImages) return null;
  return {
    quantum: quantum === undefined ? DEFAULT_QUANTUM : wholeNumber("--quantum", quantum, 1, MOST_TICKS),
    seed: 0,
    maxTicks: maxTicks === undefined ? 0 : wholeNumber("--max-ticks", maxTicks, 1, MOST_TICKS),
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: false });
  } catch (error) {
    throw new UsageError(
      `${(error as Error).message.split(/\.(?:\s|$)/)[0]}; \`foldos run --help\` lists the options`,
    );
  }
}

/** The first word that is neither an option nor the value of one. */
function programIndex(words: readonly string[]): number {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as string;
    if (word === "--") return index + 1;
    if (!word.startsWith("-") || word === "-") return index;
    const name = word.slice(2);
    const takesValue = name in options && options[name as keyof typeof options].type === "string";
    if (takesValue) index += 1;
  }
  return words.length;
}

/** `K=V`; or `K` for the value that foldos itself has, and nothing if it has none. */
function environmentEntry(entry: string): readonly string[] {
  if (entry.includes("\0")) throw new UsageError("--env: an entry cannot hold a NUL");
  if (entry.startsWith("=") || entry === "")
    throw new UsageError(`--env ${entry}: a name was expected, as K=V or K`);
  if (entry.includes("=")) return [entry];
  const value = process.env[entry];
  return value === undefined ? [] : [`${entry}=${value}`];
}

const modes = { ro: "read-only", copy: "copy", rw: "write-through" } as const;

/** `HOST[::GUEST][:ro|:copy]`. */
export function directoryGrant(word: string): DirectoryGrant {
  const suffix = /:(ro|copy|rw)$/.exec(word);
  const pair = suffix === null ? word : word.slice(0, suffix.index);
  const split = pair.indexOf("::");
  const host = split < 0 ? pair : pair.slice(0, split);
  const guest = split < 0 ? pair : pair.slice(split + 2);
  if (host === "" || guest === "")
    throw new UsageError(`--dir ${word}: HOST[::GUEST], and neither may be empty`);
  const path = grantedDirectory(host);
  if (!path.ok) throw new UsageError(`--dir ${word}: ${path.error}`);
  return { host: path.value, guest, mode: modes[(suffix?.[1] ?? "rw") as keyof typeof modes] };
}

export function wholeNumber(name: string, word: string, least: number, most: number): number {
  const value = Number(word);
  if (/^\d+$/.test(word) && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`${name} ${word}: a whole number from ${least} to ${most} was expected`);
}

/** How many recordings are kept where nobody says where. */
export const keepOf = (word: string | undefined): number =>
  word === undefined ? DEFAULT_KEEP : wholeNumber("--keep", word, 1, 1_000_000);

export function oneOf<const Word extends string>(name: string, word: string, words: readonly Word[]): Word {
  const found = words.find((allowed) => allowed === word);
  if (found !== undefined) return found;
  throw new UsageError(`${name} ${word}: one of ${words.join(", ")} was expected`);
}

/** Bytes, with K, M or G behind for powers of 1,024; rounded up to whole pages. */
function memoryPages(word: string): number {
  const found = /^(\d+)([KMG]?)(?:i?B)?$/i.exec(word);
  if (found === null) throw new UsageError(`--max-memory ${word}: bytes were expected, as 65536, 64M or 1G`);
  const scale = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[(found[2] as string).toUpperCase()] as number;
  const pages = Math.ceil((Number(found[1]) * scale) / PAGE_BYTES);
  if (pages < 1 || pages > MAX_PAGES) throw new UsageError(`--max-memory ${word}: from 64K to 4G`);
  return pages;
}
