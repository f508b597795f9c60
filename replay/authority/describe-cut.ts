import type { StepWords } from "./de-jure-step.ts";
import { TAKE } from "./protection-graph.ts";
import type { SharingCut } from "./sharing-cut.ts";
import type { SharingQuestion } from "./sharing-search.ts";

export interface CutDescription extends StepWords {
  readonly question: SharingQuestion;
  readonly cut: SharingCut;
  /** So many holders, and so many edges, are named; of the others it is told how many they are. */
  readonly most: number;
}

/** Why x can never come to hold the right, as sentences without full stops: who can, and which edges keep it there. */
export function describeCut(description: CutDescription): readonly string[] {
  const { question, cut, most, nameOf, wordsOf } = description;
  const wanted = `${wordsOf(question.right, question.y)} over ${nameOf(question.y)}`;
  const { holders, openingCount, crossingCount } = cut;
  if (holders.length === 0) return [`nobody holds ${wanted}, so nobody can hand it on`];
  const named = holders.slice(0, most).map(nameOf).join(", ");
  const others = holders.length > most ? ` and ${holders.length - most} more` : "";
  const opening = cut.crossings.filter(({ opens }) => opens).slice(0, most);
  return [
    `only ${named}${others} can ever hold ${wanted}`,
    ...opening.map(
      ({ source, target, rights, missing }) =>
        `${nameOf(question.x)} could, if ${nameOf(source)} had ${missing === TAKE ? "take" : "grant"} over ` +
        `${nameOf(target)} beside ${wordsOf(rights, target)}`,
    ),
    ...(openingCount > opening.length ? [`and ${openingCount - opening.length} more such rights`] : []),
    ...(openingCount === 0 && crossingCount > 0
      ? ["no take or grant over one edge that is there would change that"]
      : []),
    ...(crossingCount === 0 ? ["no edge leads from there to anybody else"] : []),
  ];
}
