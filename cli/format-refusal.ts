import { refusalSentences } from "../core/refusal-reason.ts";
import type { NearestHeld, Refusal } from "../replay/authority/explain-refusal.ts";
import type { NamedObject } from "../replay/authority/name-object.ts";

/**
 * Why a call was refused, for a line that names the call, its descriptor and its path already: the sentence of its reason, unless what
 * was missing says that better: `needs path_create_file on "/in" (fd 3 lacks it); nearest: fd 4 "/out" has it`.
 */
export function formatRefusal(refusal: Refusal): string {
  const { nearest, reason } = refusal;
  const near = nearest === null ? "" : `nearest: ${formatNearest(refusal, nearest)}`;
  const needs = needsOf(refusal);
  const isSaid = needs !== "" && (reason === "lacks-right" || reason === "no-service");
  const sentence = isSaid ? "" : `${refusalSentences[reason]}${whatItIs(refusal)}`;
  return [sentence, needs, near].filter((part) => part !== "").join("; ");
}

/** What is in the slot, where neither a path nor what was missing says so. */
const whatItIs = ({ object, missing, heldThrough }: Refusal): string =>
  object === null || object.path !== null || heldThrough === null || missing.length > 0
    ? ""
    : ` (fd ${heldThrough.slot} is ${object.name})`;

/** The same by itself: `refused: path_open needs ...`. */
export function refusalSentence(refusal: Refusal): string {
  const { errno, call, object, missing, heldThrough } = refusal;
  const through = heldThrough === null ? "" : ` through fd ${heldThrough.slot}`;
  const of = object !== null && object.path !== null ? ` ${nameOf(object)}` : "";
  const start = missing.length === 0 ? `${call}${through}${of}: ${errno}` : call;
  const why = formatRefusal(refusal);
  return `refused: ${start}${why === "" ? "" : `${missing.length === 0 ? ", " : " "}${why}`}`;
}

/** What was missing, by name; empty if no right and no service was. */
function needsOf({ service, object, missing, notHandedOn, heldThrough }: Refusal): string {
  if (service !== null) return `needs ${service}, which the process was not granted`;
  if (heldThrough === null || object === null || missing.length === 0) return "";
  const { slot } = heldThrough;
  const held = missing.filter((name) => !notHandedOn.includes(name));
  const parts: string[] = [];
  if (held.length > 0) parts.push(`${listed(held)} on ${nameOf(object)} (fd ${slot} lacks ${pronoun(held)})`);
  if (notHandedOn.length > 0)
    parts.push(
      `${listed(notHandedOn)} from ${nameOf(object)} (fd ${slot} does not hand ${pronoun(notHandedOn)} on)`,
    );
  return `needs ${parts.join(", and ")}`;
}

function formatNearest({ missing, notHandedOn }: Refusal, { slot, object, why, has }: NearestHeld): string {
  const named = `fd ${slot} ${nameOf(object)}`;
  const verb = notHandedOn.length === missing.length ? "hands on" : "has";
  switch (why) {
    case "would allow it":
      return `${named} would allow it`;
    case "can open it so":
      return `${named} can open it so`;
    case "is of the same":
      return `${named} ${verb} ${listed(has)}`;
    case "has it elsewhere":
      return verb === "has" ? `${named} has ${pronoun(missing)}` : `${named} hands ${pronoun(missing)} on`;
    case "is above what the path leads to":
      return `${named} is above it`;
  }
}

const nameOf = ({ name, path }: NamedObject): string => (path === null ? name : JSON.stringify(path));

const pronoun = (names: readonly string[]): string => (names.length === 1 ? "it" : "them");

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
