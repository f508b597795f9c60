/**
 * One operation of the take-grant model that changes who holds what; the actor is always a subject.
 *
 * - take: the actor, who holds `take` over `from`, comes to hold rights over the target that `from` holds.
 * - grant: the actor, who holds `grant` over `to`, gives it rights over the target that he holds himself.
 * - create: the actor makes a vertex, over which he holds rights. It has the next number that the graph has not used.
 * - remove: the actor gives up rights over the target that he holds.
 */
export type DeJureStep =
  | {
      readonly kind: "take";
      readonly actor: number;
      readonly from: number;
      readonly rights: number;
      readonly target: number;
    }
  | {
      readonly kind: "grant";
      readonly actor: number;
      readonly to: number;
      readonly rights: number;
      readonly target: number;
    }
  | {
      readonly kind: "create";
      readonly actor: number;
      readonly vertex: number;
      readonly isSubject: boolean;
      readonly rights: number;
    }
  | { readonly kind: "remove"; readonly actor: number; readonly rights: number; readonly target: number };

export interface StepWords {
  readonly nameOf: (vertex: number) => string;
  /** The words of a set of rights over a vertex. */
  readonly wordsOf: (rights: number, target: number) => string;
}

/** A step as a sentence, without a full stop. */
export function describeStep(step: DeJureStep, { nameOf, wordsOf }: StepWords): string {
  const actor = nameOf(step.actor);
  switch (step.kind) {
    case "take":
      return `${actor} takes ${wordsOf(step.rights, step.target)} over ${nameOf(step.target)} from ${nameOf(step.from)}`;
    case "grant":
      return `${actor} grants ${wordsOf(step.rights, step.target)} over ${nameOf(step.target)} to ${nameOf(step.to)}`;
    case "create":
      return `${actor} creates ${nameOf(step.vertex)} and holds ${wordsOf(step.rights, step.vertex)} over it`;
    case "remove":
      return `${actor} gives up ${wordsOf(step.rights, step.target)} over ${nameOf(step.target)}`;
  }
}
