/** What all commands that look at a recording share: its words judged, the recording opened and closed again. */
import { parseArgs } from "node:util";
import { type GuestMoment, parseGuestMoment, parseMoment } from "../replay/moment.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { Timeline } from "../replay/timeline.ts";
import { Output } from "./output.ts";
import { recordingPath } from "./recordings.ts";
import { UsageError } from "./usage-error.ts";

/** Options by name: `boolean` stands alone, `string` takes a value. */
type Options = Readonly<Record<string, "boolean" | "string">>;

export interface Words<Given extends Options> {
  readonly values: { readonly [Name in keyof Given]?: Given[Name] extends "boolean" ? boolean : string };
  readonly positionals: readonly string[];
  /** How many of those stand in front of an option; 0 if it is not there. */
  readonly inFrontOf: (name: keyof Given) => number;
}

/** The words of a command; `-5` is a moment and no option. At most so many may stand for themselves. */
export function parseWords<const Given extends Options>(
  words: readonly string[],
  { command, options, most }: { readonly command: string; readonly options: Given; readonly most: number },
): Words<Given> {
  const args = words.map((word) => (/^-\d+(?::\d+)?$/.test(word) ? momentWord(word) : word));
  const parsed = parseStrictly(args, options, command);
  const extra = parsed.positionals[most];
  if (extra === undefined) {
    const { values, positionals, tokens } = parsed;
    return { values: values as Words<Given>["values"], positionals, inFrontOf: countInFront(tokens) };
  }
  throw new UsageError(`${extra}: one word too many; \`foldos help ${command}\` says what goes where`);
}

/** `-5` in words that are no option. */
export const momentWord = (word: string): string => (word === "-1" ? "start" : `end${word}`);

type Token = { readonly kind: string; readonly name?: string };

function countInFront(tokens: readonly Token[]): (name: PropertyKey) => number {
  return (name) => {
    const at = tokens.findIndex((token) => token.kind === "option" && token.name === name);
    return tokens.slice(0, Math.max(0, at)).filter(({ kind }) => kind === "positional").length;
  };
}

function parseStrictly(args: string[], given: Options, command: string) {
  const options = Object.fromEntries(Object.entries(given).map(([name, type]) => [name, { type }]));
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: true, tokens: true });
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message: string };
    if (typeof code !== "string" || !code.startsWith("ERR_PARSE_ARGS")) throw error;
    throw new UsageError(`${message.split(". ")[0]}; \`foldos help ${command}\` lists the options`);
  }
}

export interface Look {
  readonly path: string;
  readonly store: RecordingStore;
  readonly timeline: Timeline;
  readonly output: Output;
}

/** Opens a recording to look at it, and closes it again. Others may write it meanwhile. */
export async function lookAt(
  word: string | undefined,
  command: string,
  look: (look: Look) => number | Promise<number>,
): Promise<number> {
  const path = recordingPath(word, command);
  const store = RecordingStore.open(path, { write: false });
  const output = new Output();
  try {
    return await look({ path, store, timeline: new Timeline(store), output });
  } finally {
    output.flush();
    store.close();
  }
}

/** A moment within a guest's run, as a word named it. */
export function guestMomentOf(word: string, timeline: Timeline): GuestMoment {
  const moment = parseGuestMoment(word, timeline.count);
  if (moment.ok) return moment.value;
  throw new UsageError(moment.error);
}

/** A moment of the timeline, as a word named it. */
export function momentOf(word: string, timeline: Timeline): number {
  const moment = parseMoment(word, timeline.count);
  if (moment.ok) return moment.value;
  throw new UsageError(moment.error);
}
