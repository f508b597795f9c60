/** How a machine was run, as a portable stream tells it: judged field by field, as `resume` goes by it. */
import { fail, ok, type Result } from "../core/result.ts";

type Judge = (value: unknown) => boolean;

const isWhole: Judge = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isOneOf =
  (...words: readonly string[]): Judge =>
  (value) =>
    words.includes(value as string);
const isNullOr =
  (judge: Judge): Judge =>
  (value) =>
    value === null || judge(value);

const isFields =
  (fields: Readonly<Record<string, Judge>>): Judge =>
  (value) => {
    if (typeof value !== "object" || value === null) return false;
    const given = value as Readonly<Record<string, unknown>>;
    const hasOthers = Object.keys(given).some((key) => !Object.hasOwn(fields, key));
    return !hasOthers && Object.entries(fields).every(([key, judge]) => judge(given[key]));
  };

const isNote = isFields({
  devices: isFields({
    clock: isOneOf("host", "virtual"),
    seed: isNullOr(isWhole),
    nameSeed: Number.isSafeInteger,
  }),
  durability: isOneOf("group", "event", "none"),
  keyframeEvents: (value) => isWhole(value) && value !== 0,
  /** Device and inode of a file that standard input was. */
  inputFile: isNullOr((value) => typeof value === "string" && /^\d{1,20}:\d{1,20}$/.test(value)),
});

/** What stands in a recording under the name "run"; null where nothing does. */
interface PortableNote {
  readonly keyframeEvents: number;
}

export function parseNote(bytes: Uint8Array): Result<PortableNote | null, string> {
  let note: unknown;
  try {
    note = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return fail("a note that is no JSON");
  }
  return note === null || isNote(note)
    ? ok(note as PortableNote | null)
    : fail("a note with other fields than a run's");
}
