import { nearestWord } from "../../core/nearest-word.ts";
import { pathText } from "./json-path.ts";
import { type Locator, placeAt } from "./locate.ts";
import type {
  Finding,
  MachineFileProblem,
  MachineFileRefusal,
  PlacedFinding,
} from "./machine-file-problem.ts";

/** A screen of them; who has mended these sees the rest. */
export const MAX_PROBLEMS = 20;

/** Comparing a word costs its length times another's: so many words of such a length cost milliseconds. */
const MAX_COMPARED_WORDS = 1_000;
const MAX_COMPARED_LETTERS = 64;

export function placed(locator: Locator, findings: readonly Finding[]): readonly PlacedFinding[] {
  return findings.map((finding) => ({ ...finding, offset: locator.offsetOf(finding) }));
}

/** The refusal of a text: its first findings by place, in words. Places and near words are looked up for these alone. */
export function report(text: string, findings: readonly PlacedFinding[]): MachineFileRefusal {
  const byPlace = [...findings].sort((left, right) => left.offset - right.offset);
  return {
    problems: byPlace.slice(0, MAX_PROBLEMS).map((finding) => problemOf(text, finding)),
    moreCount: Math.max(0, findings.length - MAX_PROBLEMS),
  };
}

function problemOf(text: string, finding: PlacedFinding): MachineFileProblem {
  const { path, offset, firstOffset, what } = finding;
  const first = firstOffset === undefined ? null : placeAt(text, firstOffset);
  return {
    ...placeAt(text, offset),
    path: pathText(path),
    what: first === null ? what : `${what}, and is at ${first.line}:${first.column} already`,
    advice: adviceOf(finding),
  };
}

function adviceOf({ advice, near }: PlacedFinding): string {
  if (near === undefined || near.typed.length > MAX_COMPARED_LETTERS) return advice;
  const meant = nearestWord(near.typed, near.words.slice(0, MAX_COMPARED_WORDS));
  return meant === null ? advice : `was \`${meant}\` meant?`;
}
