import { namesOfRights, type ObjectKind } from "../../core/object-rights.ts";
import {
  type LostCapability,
  namesOf,
  type Rehearsal,
  rehearseRevocation,
} from "../../replay/authority/rehearse-revocation.ts";
import { capabilityOf, countOf } from "./what-if.ts";
import { exitCode } from "../exit-codes.ts";
import { lookAt, momentOf, parseWords } from "../look-at.ts";
import type { Output } from "../output.ts";
import { wholeNumber } from "../run-flags.ts";
import { UsageError } from "../usage-error.ts";
import { rightsText } from "./row-text.ts";
import { Teller } from "./teller.ts";

const DEFAULT_USES = 3;
const MAX_USES = 1000;

/** Tells what would fail now, were a capability revoked: on a recording, or on a machine that runs. */
export function rehearse(words: readonly string[]): Promise<number> {
  const options = { json: "boolean", uses: "string" } as const;
  const { values, positionals } = parseWords(words, { command: "caps", options, most: 4 });
  const [recording, verb, word, at = "@end"] = positionals;
  return lookAt(recording, "caps rehearse", ({ timeline, output, path }) => {
    if (verb !== "revoke" || word === undefined)
      throw new UsageError("foldos caps rehearse REC revoke CAP was expected");
    const uses = values.uses === undefined ? DEFAULT_USES : wholeNumber("--uses", values.uses, 0, MAX_USES);
    const capability = capabilityOf(word);
    const moment = momentOf(at.replace(/^@/, ""), timeline);
    const found = rehearseRevocation(timeline, { moment, capability, uses });
    if (found === null)
      throw new UsageError(`${path}: nobody holds capability #${capability} after event ${moment}`);
    const teller = new Teller(timeline);
    const names = teller.namesAt(moment);
    const objectOf = ({ object, target }: LostCapability): string =>
      names.nameOf(teller.refAt({ object: object as ObjectKind, target }, moment));
    if (values.json === true)
      output.json({ ...found, lost: found.lost.map((each) => jsonOf(each, objectOf(each))) });
    else print(output, found, { objectOf, teller, programs: namesOf(timeline.stateAt(moment)) });
    return exitCode.done;
  });
}

const spaces = ["slot", "service", "place", "message"] as const;

const jsonOf = (lost: LostCapability, name: string): object => ({
  ...lost,
  name,
  rights: namesOfRights(lost.object as ObjectKind, lost.rights),
});

/** What a rehearsal is told with. */
interface Words {
  readonly objectOf: (lost: LostCapability) => string;
  readonly teller: Teller;
  readonly programs: ReadonlyMap<number, string>;
}

function print(output: Output, found: Rehearsal, { objectOf, teller, programs }: Words): void {
  const { moment, capability, lost, waiting } = found;
  output.line(`after event ${moment}, revoking #${capability} takes ${countOf(lost.length)} away:`);
  for (const each of lost) {
    output.line(`  ${wordsOf(each, objectOf(each), programs)}`);
    output.line(`    ${statementOf(each)}`);
    for (const use of each.uses) output.line(`    ${teller.line(use)}`);
  }
  for (const each of waiting)
    output.line(
      `process ${each.pid} waits for #${each.capability}, and would be told that it is gone (ESTALE)`,
    );
}

function wordsOf(
  { id, object, rights, space, owner, slot }: LostCapability,
  objectName: string,
  names: ReadonlyMap<number, string>,
): string {
  const name = names.get(owner);
  const isOfProcess = space !== 2;
  const who = isOfProcess ? `process ${owner}${name === undefined ? "" : ` (${name})`}` : `object ${owner}`;
  const told = rightsText(namesOfRights(object as ObjectKind, rights));
  return `${objectName}#${id}, ${spaces[space]} ${slot} of ${who}: ${told}`;
}

function statementOf({ uses, slot, space }: LostCapability): string {
  const [last] = uses;
  if (last === undefined) return "never used, as far as was looked: nothing is known that would fail";
  const what =
    space === 0
      ? `its next call on descriptor ${slot} would fail with ESTALE`
      : "its next use would fail with ESTALE";
  return `${what}; used last:`;
}
