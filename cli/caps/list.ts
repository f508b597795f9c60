import { unreachable } from "../../core/assert.ts";
import { peek } from "../../core/table.ts";
import type { AuthorityView, HeldRow } from "../../replay/authority/authority-view.ts";
import { type Holder, holderText, programName } from "../../replay/authority/holder.ts";
import { listProcess } from "../../replay/authority/list-process.ts";
import { unconfinedBy } from "../../replay/authority/confinement.ts";
import { EventLookup, originOf, type Origin } from "../../replay/authority/origin.ts";
import { type TakenBack, takenBackBy } from "../../replay/authority/taken-back.ts";
import { exitCode } from "../exit-codes.ts";
import type { Output } from "../output.ts";
import {
  asking,
  because,
  processEndedText,
  momentAt,
  momentText,
  pidOf,
  type Question,
  viewAt,
} from "./caps-words.ts";
import { quotedName, rightsText, rowJson, traits } from "./row-text.ts";

/** Says all that a process holds at a moment. */
export const askList: Question = ({ timeline, output }, { words, now, isJson }) => {
  const [pidWord, word] = words;
  const moment = momentAt(word, timeline, now);
  const view = viewAt({ timeline }, moment);
  const pid = pidOf(view, pidWord, "list");
  const held = listProcess(view, pid);
  if (held === null) return unreachable(held as never);
  const rows = [...held.slots, ...held.services, ...held.sent];
  const lookup = new EventLookup(timeline.groups);
  const events = lookup.read(rows.flatMap(({ capability }) => [capability.id, voidSeq(capability)]));
  const originAt = ({ capability }: HeldRow): Origin | null => originOf(events.get(capability.id) ?? null);
  const takenBack = ({ capability }: HeldRow): TakenBack | null =>
    takenBackBy(events.get(voidSeq(capability)) ?? null);
  if (isJson) {
    for (const row of rows) output.json({ ...rowJson(view, row, originAt(row)), takenBack: takenBack(row) });
    return exitCode.done;
  }
  output.line(`process:${pid} ${quotedName(programName(view.state, pid))} ${momentText(moment)}`);
  for (const row of rows) print(output, view, row, { origin: originAt(row), taken: takenBack(row) });
  if (rows.length === 0)
    output.line(
      because("it holds nothing", hasEnded(view, pid) ? processEndedText(timeline, moment, pid) : ""),
    );
  if (rows.length > 0 && unconfinedBy(view, pid).length === 0)
    output.line("it is confined: through all that it holds it can look, and change nothing");
  return exitCode.done;
};

export const list = asking({ name: "list", most: 3 }, askList);

const hasEnded = ({ state }: AuthorityView, pid: number): boolean =>
  (peek(state.processes.rows, pid)?.exitCode ?? -1) >= 0;

/** What emptied a slot; -1 for one that holds something. */
const voidSeq = ({ object, target }: HeldRow["capability"]): number => (object === "void" ? target : -1);

interface Told {
  readonly origin: Origin | null;
  readonly taken: TakenBack | null;
}

function print(output: Output, view: AuthorityView, row: HeldRow, { origin, taken }: Told): void {
  const place = placeText(row.holder);
  if (row.capability.object === "void") return output.line(`${place.padEnd(8)} ${voidText(row, taken)}`);
  output.line([`${place.padEnd(8)} ${view.idOf(row)}`, ...traits(view, row, origin)].join(", "));
  output.line(`    ${rightsText(view.rightsOf(row))}`);
}

function placeText(holder: Holder): string {
  if (holder.kind === "slot") return `slot ${holder.slot}`;
  return holder.kind === "service" ? "service" : holderText(holder);
}

function voidText({ capability }: HeldRow, taken: TakenBack | null): string {
  const by =
    taken === null
      ? ""
      : ` by ${taken.pid === 0 ? "the machine" : `process:${taken.pid}`}${taken.by === 0 ? "" : ` with #${taken.by}`} (${taken.why})`;
  return `void: #${capability.id} was taken back at event ${capability.target}${by}`;
}
