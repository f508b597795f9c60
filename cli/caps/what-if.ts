import type { ForkResult } from "../../machine/fork/fork-spec.ts";
import { whatIf as forkWithout } from "../../machine/fork/what-if.ts";
import { removedOf } from "../../reducers/capabilities/capability-event.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { exitCode } from "../exit-codes.ts";
import { formatEvent } from "../format-event.ts";
import { lookAt, momentOf, parseWords } from "../look-at.ts";
import type { Output } from "../output.ts";
import { wholeNumber } from "../run-flags.ts";
import { UsageError } from "../usage-error.ts";
import { Teller } from "./teller.ts";

const USAGE = "foldos caps what-if REC revoke CAP @MOMENT";
const MAX_SECONDS = 86_400;
const MAX_TOLD = 1_000_000;

/** Tells what would have happened, had a capability been revoked at a moment. */
export function whatIf(words: readonly string[]): Promise<number> {
  const options = { json: "boolean", seconds: "string", most: "string" } as const;
  const { values, positionals } = parseWords(words, { command: "caps", options, most: 4 });
  const [recording, verb, word, at = "@end"] = positionals;
  return lookAt(recording, "caps what-if", async ({ store, timeline, output }) => {
    if (verb !== "revoke" || word === undefined) throw new UsageError(`${USAGE} was expected`);
    const capability = capabilityOf(word);
    const event = momentOf(at.replace(/^@/, ""), timeline);
    const { seconds, most } = values;
    const result = await forkWithout(store, {
      event,
      capability,
      ...(seconds === undefined ? {} : { seconds: wholeNumber("--seconds", seconds, 1, MAX_SECONDS) }),
      ...(most === undefined ? {} : { most: wholeNumber("--most", most, 0, MAX_TOLD) }),
    });
    if (values.json === true) output.json(result);
    else print(output, { asked: event, result, teller: new Teller(timeline) });
    return exitCode.done;
  });
}

export const countOf = (count: number): string => `${count} ${count === 1 ? "capability" : "capabilities"}`;

/** The id of a capability: `57`, `#57`, `capability:57`, or as it is shown, with its object in front. */
export function capabilityOf(word: string): number {
  const id = Number(/^(?:|.*#|capability:)(\d{1,15})$/.exec(word)?.[1] ?? Number.NaN);
  if (Number.isSafeInteger(id)) return id;
  throw new UsageError(`${word}: the id of a capability was expected, as #57`);
}

const ends = {
  off: "the fork came to its end",
  waits: "the fork waits for ever",
  "log-ends": "the recording ends there, and so does the fork",
  bound: "the fork went on for much longer than the recording, and was ended",
  time: "the fork took too long, and was ended",
} as const;

interface Told {
  readonly asked: number;
  readonly result: ForkResult;
  readonly teller: Teller;
}

function print(output: Output, { asked, result, teller }: Told): void {
  const { at, inserted, removedCount, difference, missing, missingCount, refusals, unknownCount, end } =
    result;
  const later = at === asked ? "" : ` (not within what event ${asked} is part of)`;
  output.line(`after event ${at}${later}: ${countOf(removedCount)} would have been taken away`);
  for (const line of removedLines(inserted, teller, at)) output.line(line);
  if (difference === null) {
    output.line("nothing would have been different");
    output.line(ends[end]);
    return;
  }
  const { recorded, forked } = difference;
  output.line("the first difference:");
  output.line(`  recorded ${recorded === null ? "       (the log ends)" : teller.line(recorded)}`);
  output.line(
    `  instead  ${forked === null ? "       (waits, or asks what was not recorded)" : formatEvent(forked)}`,
  );
  if (refusals.length > 0) output.line(`refused then, ${refusals.length} of it:`);
  for (const event of refusals.slice(0, FEW)) output.line(`  ${formatEvent(event)}`);
  output.line(
    missingCount === 0
      ? "all effects would have happened all the same"
      : `would not have happened, ${missingCount} effects:`,
  );
  for (const event of missing) output.line(`  ${teller.line(event)}`);
  if (missingCount > missing.length) output.line(`  and ${missingCount - missing.length} more`);
  if (unknownCount > 0)
    output.line(
      `the fork asked the host ${unknownCount} times for what the recording does not know: it was told that it is not there`,
    );
  output.line(ends[end]);
}

/** Refusals that are shown; they repeat themselves. */
const FEW = 10;

/** What would have been taken away, by its names at the moment of the fork. */
function removedLines(inserted: readonly KernelEvent[], teller: Teller, moment: number): readonly string[] {
  const names = teller.namesAt(moment);
  return inserted.flatMap((event) =>
    event.type !== "capability/removed"
      ? []
      : [...removedOf(event)].map(
          ([object, target]) => `  - ${names.nameOf(teller.refAt({ object, target }, moment))}`,
        ),
  );
}
