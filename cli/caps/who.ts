import type { AuthorityView } from "../../replay/authority/authority-view.ts";
import { holderText } from "../../replay/authority/holder.ts";
import { EventLookup, originOf, type Origin } from "../../replay/authority/origin.ts";
import { type Holding, whoHolds } from "../../replay/authority/who-holds.ts";
import { exitCode } from "../exit-codes.ts";
import type { Output } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import {
  asking,
  because,
  momentAt,
  momentText,
  objectAndMoment,
  type Question,
  unheldText,
  viewAt,
  wantedOf,
} from "./caps-words.ts";
import { rightsText, rowJson, traits, whereText } from "./row-text.ts";

/** Holdings printed, unless all are asked for. */
const SHOWN = 200;
/** Capabilities named through which others get at one. */
const SHOWN_THROUGH = 8;

/** Says who holds an object at a moment, and how each came to it. */
export const askWho: Question = ({ timeline, output }, { words, now, isJson, isAll }) => {
  const { object, moment: word } = objectAndMoment(words);
  if (object === undefined)
    throw new UsageError("who holds what? who OBJECT; file:/text.txt, pipe:1 and endpoint:3 are objects");
  const moment = momentAt(word, timeline, now);
  const view = viewAt({ timeline }, moment);
  const wanted = wantedOf({ timeline, view, moment }, object);
  const holdings = whoHolds(view, wanted);
  const shown = isAll || isJson ? holdings : holdings.slice(0, SHOWN);
  const events = new EventLookup(timeline.groups).read(shown.map(({ row }) => row.capability.id));
  const originAt = ({ row }: Holding): Origin | null => originOf(events.get(row.capability.id) ?? null);
  for (const holding of shown)
    if (isJson) output.json(holdingJson(view, holding, originAt(holding)));
    else print(output, view, holding, originAt(holding));
  if (isJson) return exitCode.done;
  if (holdings.length === 0)
    output.line(
      because(`nobody holds ${object} ${momentText(moment)}`, unheldText({ timeline, view, moment }, wanted)),
    );
  if (holdings.length > shown.length)
    output.line(`... ${holdings.length - shown.length} more; --all shows them`);
  return exitCode.done;
};

export const who = asking({ name: "who", most: 3, isCut: true }, askWho);

const ways = { holds: "", "may-open": "may open it: ", "may-answer": "may answer its call: " } as const;

function print(output: Output, view: AuthorityView, holding: Holding, origin: Origin | null): void {
  const { row, way, rights, through } = holding;
  output.line([`${whereText(view, row)}  ${view.idOf(row)}`, ...traits(view, row, origin)].join(", "));
  output.line(`    ${ways[way]}${rightsText(rights)}`);
  if (through.length === 0) return;
  const named = through
    .slice(0, SHOWN_THROUGH)
    .map((each) => `${holderText(each.holder)} #${each.capability.id}`);
  const more = through.length > named.length ? ` and ${through.length - named.length} more` : "";
  output.line(`    reached through ${named.join(", ")}${more}`);
}

function holdingJson(view: AuthorityView, { row, way, rights, through }: Holding, origin: Origin | null) {
  return {
    way,
    ...rowJson(view, row, origin),
    rights,
    through: through.map((each) => ({
      capability: view.idOf(each),
      id: each.capability.id,
      holder: each.holder,
    })),
  };
}
