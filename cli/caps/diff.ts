import { authorityDiff, type AuthorityChange } from "../../replay/authority/authority-diff.ts";
import type { AuthorityView } from "../../replay/authority/authority-view.ts";
import { domainJoins, MOST_JOINS } from "../../replay/authority/domain-joins.ts";
import { holderName, programName } from "../../replay/authority/holder.ts";
import type { TrustDomains } from "../../replay/authority/trust-domains.ts";
import { looksLikeMoment } from "../../replay/moment.ts";
import { exitCode } from "../exit-codes.ts";
import { lookAt, parseWords } from "../look-at.ts";
import { Output } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { momentAt, viewAt } from "./caps-words.ts";
import { quotedName } from "./row-text.ts";

/** Says which authority was gained and lost between two moments, of one recording or of two. */
export async function diff(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words, {
    command: "caps",
    options: { json: "boolean" },
    most: 3,
  });
  const [one, other, third] = positionals;
  if (one === undefined || other === undefined)
    throw new UsageError("between which moments? foldos caps diff REC A B, or REC@A REC2@B");
  const sides = sidesOf(one, other, third);
  const isOne = sides[0].recording === sides[1].recording;
  const output = new Output();
  try {
    const [first, second] = [await heldAt(sides[0]), await heldAt(sides[1])];
    const isReversed = isOne && first.moment > second.moment;
    const [before, after] = isReversed ? [second, first] : [first, second];
    if (isReversed)
      process.stderr.write(
        `foldos: the later moment stands first; told from ${before.word} to ${after.word}\n`,
      );
    const changes = authorityDiff(before.view, after.view, isOne);
    for (const change of changes)
      if (values.json === true) output.json(change);
      else output.line(changeText(change));
    if (changes.length === 0 && values.json !== true) output.line("nobody's authority differs");
    if (isOne) tellJoins(output, before.view, after.view, values.json === true);
    return exitCode.done;
  } finally {
    output.flush();
  }
}

/** Warns of grants by which domains of trust became one: no policy can hold apart any more what these hold. */
function tellJoins(output: Output, before: AuthorityView, after: AuthorityView, isJson: boolean): void {
  const joins = domainJoins(before, after);
  for (const { domains, by } of joins) {
    const capability = after.idOf(by);
    if (isJson) output.json({ change: "joined", domains, capability, holder: holderName(by.holder) });
    else
      output.line(
        `! ${domainsText(after, domains)} are one domain of trust: by ${capability}, of ${holderName(by.holder)}`,
      );
  }
  if (joins.length === MOST_JOINS && !isJson)
    output.line("... more may have become one; no more are looked for");
}

/** At most so many processes of a domain are named. */
const NAMED_PROCESSES = 3;

function domainsText({ state }: AuthorityView, domains: TrustDomains): string {
  const named = domains.map((pids) => {
    const first = pids
      .slice(0, NAMED_PROCESSES)
      .map((pid) => `process:${pid} (${quotedName(programName(state, pid))})`);
    const left = pids.length - first.length;
    return `${first.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
  });
  return named.join(" | ");
}

interface Side {
  readonly recording: string;
  readonly moment: string | undefined;
}

function sidesOf(first: string, second: string, third: string | undefined): readonly [Side, Side] {
  if (third !== undefined)
    return [
      { recording: first, moment: second },
      { recording: first, moment: third },
    ];
  return [sideOf(first), sideOf(second)];
}

/** `REC@MOMENT`; the end for no moment. */
function sideOf(word: string): Side {
  const [, recording, moment] = /^(.+)@([^@/]+)$/.exec(word) ?? [];
  if (recording === undefined || moment === undefined || !looksLikeMoment(moment))
    return { recording: word, moment: undefined };
  return { recording, moment };
}

interface HeldAt {
  readonly word: string;
  readonly moment: number;
  readonly view: AuthorityView;
}

/** What was held then: all of it is in memory, so the recording is closed again. */
async function heldAt({ recording, moment: word = "end" }: Side): Promise<HeldAt> {
  const found: HeldAt[] = [];
  await lookAt(recording, "caps diff", ({ timeline }) => {
    const moment = momentAt(word, timeline);
    found.push({ word, moment, view: viewAt({ timeline }, moment) });
    return exitCode.done;
  });
  return found[0] as HeldAt;
}

/** `+ process:1 (server)  file:/ada.txt  fd_write`. */
export function changeText({ change, holder, program, object, rights, inheriting }: AuthorityChange): string {
  const sign = change === "gained" ? "+" : "-";
  const whose = program === "" ? holder : `${holder} (${quotedName(program)})`;
  const handed = inheriting.length === 0 ? "" : `; to hand on: ${inheriting.join(", ")}`;
  return `${sign} ${whose}  ${object}  ${rights.length === 0 ? "no more rights" : rights.join(", ")}${handed}`;
}
