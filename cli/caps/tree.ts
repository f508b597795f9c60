import {
  derivationLines,
  noBounds,
  type TreeLine,
  usualBounds,
} from "../../replay/authority/derivation-lines.ts";
import type { AuthorityView } from "../../replay/authority/authority-view.ts";
import { EventLookup, originOf } from "../../replay/authority/origin.ts";
import { exitCode } from "../exit-codes.ts";
import {
  asking,
  because,
  endedText,
  momentAt,
  momentText,
  objectAndMoment,
  type Question,
  unheldText,
  viewAt,
  wantedOf,
} from "./caps-words.ts";
import { rightsText, rowJson, whereText } from "./row-text.ts";

/** Draws what was made of what: of all that is held, of an object, or below a capability. */
export const askTree: Question = ({ timeline, output }, { words, now, isJson, isAll }) => {
  const { object, moment: word } = objectAndMoment(words);
  const moment = momentAt(word, timeline, now);
  const view = viewAt({ timeline }, moment);
  const wanted = object === undefined ? null : wantedOf({ timeline, view, moment }, object);
  let count = 0;
  if (isJson) {
    const lines = [...derivationLines(view, wanted, noBounds)];
    const events = new EventLookup(timeline.groups).read(
      lines.flatMap(({ row }) => row?.capability.id ?? []),
    );
    for (const { row, depth } of lines)
      if (row !== null)
        output.json({ depth, ...rowJson(view, row, originOf(events.get(row.capability.id) ?? null)) });
    return exitCode.done;
  }
  for (const line of derivationLines(view, wanted, isAll ? noBounds : usualBounds)) {
    output.line(`${branchText(line)}${lineText(view, line)}`);
    count += 1;
  }
  const at = { timeline, view, moment };
  if (count === 0)
    output.line(
      because(`nobody holds ${object ?? "anything"} ${momentText(moment)}`, unheldText(at, wanted)),
    );
  else if (wanted === null && endedText(at) !== "")
    output.line(`no process holds anything: ${endedText(at)}`);
  return exitCode.done;
};

export const tree = asking({ name: "tree", most: 3, isCut: true }, askTree);

/** The lines that join a capability with what it hangs below. */
function branchText({ ends, depth }: TreeLine): string {
  if (depth === 0) return "";
  const hidden = depth > ends.length ? `(${depth - ends.length} levels) ` : "";
  const bars = ends.slice(0, -1).map((isEnd) => (isEnd ? "   " : "│  "));
  return `${hidden}${bars.join("")}${ends[ends.length - 1] === true ? "└─ " : "├─ "}`;
}

function lineText(view: AuthorityView, { row, omitted }: TreeLine): string {
  if (row === null) return `... ${omitted} more, and what hangs below; --all shows them`;
  return `${view.idOf(row)}  ${whereText(view, row)}  ${rightsText(view.rightsOf(row))}`;
}
