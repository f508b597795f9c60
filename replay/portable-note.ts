/** How a machine was run, as a portable stream tells it: judged field by field, as `resume` goes by it. */
import { fail, ok, type Result } from "../core/result.ts";
import { isFields, isMissingOr, isNullOr, isOneOf, isWhole } from "./judge-fields.ts";
import { isMachine } from "./portable-machine.ts";

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
  imageMebibytes: isMissingOr(isWhole),
  nans: isMissingOr(isOneOf("canonical", "native")),
  machine: isMissingOr(isMachine),
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
