/** What the commands of `foldos caps` share: words judged, and the authority of a moment. */
import { peek, rowsOf, sizeOf } from "../../core/table.ts";
import { isAnyAlive, lastHeld } from "../../replay/authority/last-held.ts";
import { AuthorityView } from "../../replay/authority/authority-view.ts";
import type { Wanted } from "../../replay/authority/object-names.ts";
import { GuestPaths } from "../../replay/guest-paths.ts";
import type { Timeline } from "../../replay/timeline.ts";
import { type Look, lookAt, momentOf, momentWord, parseWords } from "../look-at.ts";
import { UsageError } from "../usage-error.ts";

/** A question of `foldos caps` about a moment, also as it is asked at the prompt of `foldos step`. */
export interface Asked {
  /** What stands behind the recording. */
  readonly words: readonly string[];
  /** The moment that is meant where no word says one; null for the end. */
  readonly now: number | null;
  readonly isJson: boolean;
  /** Whether nothing is left out. */
  readonly isAll: boolean;
}

/** Where a question is answered, and its answer printed. */
export type AskedOf = Pick<Look, "timeline" | "output">;
/** The exit code. */
export type Question = (of: AskedOf, asked: Asked) => number;

/** `@300`, `@-5`, `300`: a moment; that which is meant anyway for no word, mostly the end. */
export const momentAt = (word: string | undefined, timeline: Timeline, now: number | null = null): number =>
  word === undefined && now !== null ? now : momentOf((word ?? "end").replace(/^@/, ""), timeline);

interface Asking {
  readonly name: string;
  /** Words that may stand for themselves, the recording with them. */
  readonly most: number;
  /** Whether it leaves things out unless --all is there. */
  readonly isCut?: boolean;
}

/** The command that asks one question of a recording. */
export function asking(
  { name, most, isCut = false }: Asking,
  question: Question,
): (words: readonly string[]) => Promise<number> {
  return (words) => {
    const options = { json: "boolean", all: "boolean" } as const;
    const { values, positionals } = parseWords(words, { command: "caps", options, most });
    if (values.all === true && !isCut)
      throw new UsageError(`--all: \`foldos caps ${name}\` leaves nothing out; it has no such option`);
    const [recording, ...rest] = positionals;
    const asked = { words: rest, now: null, isJson: values.json === true, isAll: values.all === true };
    return lookAt(recording, `caps ${name}`, (look) => question(look, asked));
  };
}

/** Who holds what after the event of a moment. */
export const viewAt = ({ timeline }: Pick<Look, "timeline">, moment: number): AuthorityView =>
  new AuthorityView(timeline.stateAt(moment), GuestPaths.of(timeline.groups));

/** The words that name an object and a moment, in either order: a moment begins with `@`. */
export function objectAndMoment(words: readonly string[]): {
  readonly object: string | undefined;
  readonly moment: string | undefined;
} {
  const moments = words.filter((word) => word.startsWith("@"));
  const objects = words.filter((word) => !word.startsWith("@"));
  const extra = moments[1] ?? objects[1];
  if (extra !== undefined)
    throw new UsageError(`${extra}: one word too many; a moment begins with @, as @300 or @end`);
  return { object: objects[0], moment: moments[0] };
}

/** The moment that is asked of. */
export interface At {
  readonly timeline: Timeline;
  readonly view: AuthorityView;
  readonly moment: number;
}

/** What a word names at a moment. */
export function wantedOf(at: At, word: string): Wanted {
  const { view, moment } = at;
  const found = view.names.find(word);
  const refuse = (what: string): UsageError =>
    new UsageError([what, endedText(at)].filter(Boolean).join("; "));
  if (!found.ok && /^(\d+|start|end)$/.test(word))
    throw new UsageError(`${found.error}; a moment begins with @: was @${word} meant?`);
  if (!found.ok) throw refuse(found.error);
  const { kind, id } = found.value;
  if (kind === "capability" && view.byId(id) === null)
    throw refuse(
      `${word}: there is no such capability ${momentText(moment)}; \`foldos log REC --from ${id} --to ${id}\` shows whether there ever was`,
    );
  return found.value;
}

export const momentText = (moment: number): string =>
  moment < 0 ? "before the first event" : `after event ${moment}`;

export const because = (what: string, why: string): string => (why === "" ? what : `${what}: ${why}`);

/** Why nobody holds what is wanted, null for anything, and of which moment to ask; empty if nothing is known of that. */
export function unheldText({ timeline, view, moment }: At, wanted: Wanted | null): string {
  const object = wanted?.kind === "capability" ? null : wanted;
  const last = wanted?.kind === "capability" ? null : lastHeld(timeline, moment, { pid: null, object });
  const isOver = !isAnyAlive(view.state);
  const ended = sizeOf(view.state.processes.rows) === 0 ? "no process had begun by then" : ALL_ENDED;
  return [...(isOver ? [ended] : []), ...tryText(last, object === null ? "something" : "it")].join("; ");
}

const ALL_ENDED = "all processes had ended by then";

/** The same of anything; empty where some process lives. */
export const endedText = (at: At): string => (isAnyAlive(at.view.state) ? "" : unheldText(at, null));

/** That a process has ended, and of which moment to ask. */
export const processEndedText = (timeline: Timeline, moment: number, pid: number): string =>
  ["it has ended", ...tryText(lastHeld(timeline, moment, { pid, object: null }))].join("; ");

const tryText = (last: number | null, what = "something"): readonly string[] =>
  last === null ? [] : [`try @${last}, the last moment at which ${what} was held`];

const MAX_PID = 2 ** 31 - 1;
/** Pids told when one is unknown. */
const TOLD_PIDS = 8;

/** The pid that a word names (`1`, `process:1`, or the only process of a name), of a process that there is, or was. */
export function pidOf({ state }: AuthorityView, word: string | undefined, command: string): number {
  if (word === undefined) throw new UsageError(`which process? ${command} PID`);
  const digits = /^(?:process:)?(\d{1,10})$/.exec(word)?.[1];
  const pid = Number(digits ?? -1);
  if (digits !== undefined && pid <= MAX_PID && peek(state.processes.rows, pid) !== null) return pid;
  const all = [...rowsOf(state.processes.rows)];
  const named = all.filter(([, { name }]) => name === word);
  const [only] = named.length > 1 ? named.filter(([, { exitCode }]) => exitCode === -1) : named;
  if (only !== undefined) return only[0];
  const pids = all.map(([each]) => String(each));
  const there =
    pids.length === 0
      ? "no process had begun"
      : `there ${pids.length === 1 ? "is" : "are"} ${pids.slice(0, TOLD_PIDS).join(", ")}${pids.length > TOLD_PIDS ? " and more" : ""}`;
  if (digits === undefined)
    throw new UsageError(`${word}: the pid or the name of a process was expected; ${there}`);
  throw new UsageError(`${word}: there is no such process at that moment; ${there}`);
}

/** `-9..-5` begins with no option. */
export const stretchWord = (word: string): string =>
  /^-\d+\.\./.test(word) ? word.replace(/^-\d+/, momentWord) : word;

/** The two moments of `A..B`; all of the log for no word. */
export function stretchOf(word: string | undefined, timeline: Timeline): readonly [number, number] {
  if (word === undefined) return [-1, timeline.count - 1];
  const ends = /^@?(.+)\.\.(.+)$/.exec(word);
  if (ends === null) throw new UsageError(`${word}: two moments were expected, as 100..200`);
  const [from, to] = [momentOf(ends[1] as string, timeline), momentOf(ends[2] as string, timeline)];
  if (from > to) throw new UsageError(`${word}: the end is before the beginning`);
  return [from, to];
}
