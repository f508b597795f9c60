import { invariant } from "../../core/assert.ts";
import type { DeJureStep } from "./de-jure-step.ts";
import { perform } from "./perform.ts";
import type { ProtectionGraph } from "./protection-graph.ts";
import { sharingChain } from "./sharing-chain.ts";
import { isSharingCut, type SharingCut, sharingCut } from "./sharing-cut.ts";
import { type SharingQuestion, SharingSearch } from "./sharing-search.ts";

export type SharingAnswer =
  | { readonly kind: "yes"; readonly steps: readonly DeJureStep[] }
  | { readonly kind: "no"; readonly cut: SharingCut };

/**
 * Whether x can ever come to hold a right over y, by any number of steps of any subjects: can·share of the take-grant model
 * (Lipton and Snyder 1977; Bishop, "Computer Security: Art and Science", chapter 3), for subjects and objects. True if
 * the right is there already, or if some subject that terminally spans to who holds it, and some subject that initially spans to
 * x, are joined by islands and bridges. Linear in the vertices and edges of the graph.
 *
 * A yes comes with the steps. No chain that follows one walk of spans and bridges, and hands the right on from subject to subject,
 * is shorter; one that shares work between two parts of its walk may be. Steps whose right is there already are left out, so a
 * chain may well be shorter than the walk that it was made from. A no comes with a cut.
 *
 * The three vertices of a step may coincide, unlike in the paper: a process may hold a capability to itself, and a table one to
 * itself, so x may be y. That lets nobody reach what the theorem denies him, as a self-edge joins nobody to anybody else.
 */
export function canShare(graph: ProtectionGraph, question: SharingQuestion): SharingAnswer {
  const { right, x, y } = question;
  invariant(right !== 0 && (right & (right - 1)) === 0, "the right is one bit");
  invariant(x >= 0 && x < graph.vertexCount && y >= 0 && y < graph.vertexCount, "x and y are vertices");
  const search = new SharingSearch(graph);
  if (search.finds(question)) return { kind: "yes", steps: sharingChain(graph, question, search.wayTo(x)) };
  return { kind: "no", cut: sharingCut(graph, x, search) };
}

/** As `canShare`, checked before it is given: a yes by performing its steps, a no by looking at every edge of its cut. */
export function verifiedShare(graph: ProtectionGraph, question: SharingQuestion): SharingAnswer {
  const answer = canShare(graph, question);
  const { right, x, y } = question;
  if (answer.kind === "yes") {
    const after = perform(graph, answer.steps);
    invariant(after.ok && after.value.holds(x, right, y), "the steps of a yes lead to the right");
  } else {
    invariant(isSharingCut(graph, question, answer.cut), "nothing leads out of the cut of a no");
  }
  return answer;
}
