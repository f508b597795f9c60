import { authorityDiff, type AuthorityChange } from "../../replay/authority/authority-diff.ts";
import type { AuthorityView } from "../../replay/authority/authority-view.ts";
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
    const changes = authorityDiff(before, after, isOne);
    for (const change of changes)
      if (values.json === true) output.json(change);
      else output.line(changeText(change));
    return exitCode.done;
  } finally {
    output.flush();
  }
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

/** `+ process:1 (server)  file:/ada.txt  fd_write`. */
export function changeText({ change, holder, program, object, rights, inheriting }: AuthorityChange): string {
  const sign = change === "gained" ? "+" : "-";
  const whose = program === "" ? holder : `${holder} (${quotedName(program)})`;
  const handed = inheriting.length === 0 ? "" : `; to hand on: ${inheriting.join(", ")}`;
  return `${sign} ${whose}  ${object}  ${rights.length === 0 ? "no more rights" : rights.join(", ")}${handed}`;
}
