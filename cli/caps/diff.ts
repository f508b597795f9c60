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
  const [first, second, third] = positionals;
  if (first === undefined || second === undefined)
    throw new UsageError("between which moments? foldos caps diff REC A B, or REC@A REC2@B");
  const sides = sidesOf(first, second, third);
  const isOne = sides[0].recording === sides[1].recording;
  const output = new Output();
  try {
    const before = await viewOf(sides[0]);
    const after = await viewOf(sides[1]);
    for (const change of authorityDiff(before, after, isOne))
      if (values.json === true) output.json(change);
      else output.line(lineOf(change));
    if (isOne) tellJoins(output, before, after, values.json === true);
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

/** What was held then: all of it is in memory, so the recording is closed again. */
async function viewOf({ recording, moment }: Side): Promise<AuthorityView> {
  const views: AuthorityView[] = [];
  await lookAt(recording, "caps diff", ({ timeline }) => {
    views.push(viewAt({ timeline }, momentAt(moment, timeline)));
    return exitCode.done;
  });
  return views[0] as AuthorityView;
}

function lineOf({ change, holder, program, object, rights, inheriting }: AuthorityChange): string {
  const sign = change === "gained" ? "+" : "-";
  const whose = program === "" ? holder : `${holder} (${quotedName(program)})`;
  const handed = inheriting.length === 0 ? "" : `; to hand on: ${inheriting.join(", ")}`;
  return `${sign} ${whose}  ${object}  ${rights.length === 0 ? "no more rights" : rights.join(", ")}${handed}`;
}
