import { explainRefusal, type Refusal } from "../replay/authority/explain-refusal.ts";
import { EventFeed } from "../replay/event-feed.ts";
import { GuestPaths } from "../replay/guest-paths.ts";
import { looksLikeMoment } from "../replay/moment.ts";
import { childCount, childOf, childrenOf, isRecord } from "../replay/state-tree.ts";
import type { Timeline } from "../replay/timeline.ts";
import { exitCode } from "./exit-codes.ts";
import { refusalSentence } from "./format-refusal.ts";
import { printJsonTree, printTree } from "./format-state.ts";
import { lookAt, momentOf, parseWords } from "./look-at.ts";
import { showGuest } from "./show-guest.ts";
import { UsageError } from "./usage-error.ts";

/** Names given when a path is not there. */
const NAMED_CHILDREN = 12;

/** Shows the state at a moment, or a part of it. */
export function show(words: readonly string[]): Promise<number> {
  const { values, positionals, inFrontOf } = parseWords(words, {
    command: "show",
    options: { json: "boolean", all: "boolean", memory: "boolean", stack: "boolean", raw: "boolean" },
    most: 5,
  });
  const [recording, ...rest] = positionals;
  if (values.memory === true || values.stack === true)
    return lookAt(recording, "show", (look) =>
      showGuest(look, values, {
        words: rest,
        inFront: inFrontOf(values.memory === true ? "memory" : "stack") - 1,
      }),
    );
  if (rest.length > 2)
    throw new UsageError(`${rest[2]}: one word too many; \`foldos help show\` says what goes where`);
  const hasMoment = rest.length === 2 || (rest[0] !== undefined && looksLikeMoment(rest[0]));
  const path = (hasMoment ? rest[1] : rest[0]) ?? "";
  return lookAt(recording, "show", ({ timeline, output }) => {
    const moment = momentOf(hasMoment ? (rest[0] as string) : "end", timeline);
    const state = timeline.seek(moment);
    const refusal = refusalAt(timeline);
    if (refusal !== null && path === "" && values.json !== true) output.line(refusalSentence(refusal));
    const isRefusal = refusal !== null && /^\/*refusal(\/|$)/.test(path);
    const part = partOf(isRefusal ? { refusal } : state, path);
    if (values.json === true) printJsonTree(output, part);
    else printTree(output, part, { path: path.replace(/^\/+|\/+$/g, ""), isWhole: values.all === true });
    return exitCode.done;
  });
}

/** Why the event at the cursor was refused, if it was. */
function refusalAt(timeline: Timeline): Refusal | null {
  const { moment, groups } = timeline;
  // Read by itself: the timeline would fold what stands around it, too.
  const event = moment < 0 ? null : new EventFeed(groups, moment).next();
  if (event?.type !== "process/refused") return null;
  return explainRefusal(timeline.stateAt(moment - 1), event, GuestPaths.of(groups));
}

/** A part of a state by its path. */
export function partOf(state: unknown, path: string): unknown {
  let part = state;
  let at = "";
  for (const key of path.split("/").filter((word) => word !== "")) {
    const child = childOf(part, key);
    if (child === undefined)
      throw new UsageError(`${path}: ${at === "" ? "the state" : at} has no ${key}; ${namesIn(part)}`);
    part = child;
    at = at === "" ? key : `${at}/${key}`;
  }
  return part;
}

function namesIn(part: unknown): string {
  if (Array.isArray(part)) return `it is a list of ${part.length}`;
  if (!isRecord(part)) return `it is ${JSON.stringify(part)}`;
  const names: string[] = [];
  for (const [key] of childrenOf(part)) {
    if (names.push(key) === NAMED_CHILDREN) break;
  }
  const more = childCount(part) - names.length;
  if (names.length === 0) return "it has nothing in it";
  return `it has ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
