/**
 * In which ways a vertex can be on the side of a right over y, and how one leads to the other. Leaving aside what steps cost, the
 * places of a search are three:
 *
 * - holder: may come to hold the right.
 * - within: some subject that is a holder may come to `take` from it.
 * - leads: any subject that has `take` over it would come to hold the right.
 *
 * A holder leads. A subject is all three or none: that is what it means to act. An edge with `take` makes its target within if its
 * source is, and its source lead if its target does; one with `grant` makes its target a holder if its source is within, and its
 * source lead if its target is within. That is all, so whatever these sets leave out stays out.
 */
import { GRANT, isSubject, type ProtectionGraph, TAKE } from "./protection-graph.ts";

export const HOLDER = 1;
export const WITHIN = 2;
export const LEADS = 4;
export const ALL_SIDES = HOLDER | WITHIN | LEADS;

const has = (sides: number, side: number): boolean => (sides & side) !== 0;

/** Given the sides of its ends, which of `take` and `grant` would make an edge lead out of sets that nothing leads out of now. */
export function rightsThatLeadOut(source: number, target: number): number {
  const take = (has(source, WITHIN) && !has(target, WITHIN)) || (has(target, LEADS) && !has(source, LEADS));
  const grant = (has(source, WITHIN) && !has(target, HOLDER)) || (has(target, WITHIN) && !has(source, LEADS));
  return (take ? TAKE : 0) | (grant ? GRANT : 0);
}

/** The sides of the two ends of an edge. */
export interface EdgeSides {
  readonly source: number;
  readonly target: number;
}

/** Which of `take` and `grant` would make an edge lead from sides that are reached to sides from which a goal is. */
export function rightsThatJoin(reached: EdgeSides, goal: EdgeSides): number {
  const take = has(reached.source & goal.target, WITHIN) || has(reached.target & goal.source, LEADS);
  const grant =
    (has(reached.source, WITHIN) && has(goal.target, HOLDER)) ||
    (has(reached.target, WITHIN) && has(goal.source, LEADS));
  return (take ? TAKE : 0) | (grant ? GRANT : 0);
}

/** For each vertex on which sides it would have to be for a right to come to x. */
export function sidesTowards(graph: ProtectionGraph, x: number): Uint8Array {
  const towards = new Towards(graph);
  towards.mark(x, HOLDER);
  towards.spread();
  return towards.sides;
}

/** The subjects from whom anything can come to a subject, by islands and bridges, itself among them: it costs what lies around them. */
export function joinedSubjects(graph: ProtectionGraph, x: number): readonly number[] {
  const towards = new Towards(graph);
  towards.mark(x, HOLDER);
  towards.spread();
  return towards.reached.filter((vertex) => isSubject(graph, vertex));
}

class Towards {
  readonly sides: Uint8Array;
  /** All that are on some side, in the order in which they were found. */
  readonly reached: number[] = [];
  readonly #graph: ProtectionGraph;
  /** The sides of each vertex whose edges were looked at. */
  readonly #done: Uint8Array;
  readonly #found: number[] = [];

  constructor(graph: ProtectionGraph) {
    this.#graph = graph;
    this.sides = new Uint8Array(graph.vertexCount);
    this.#done = new Uint8Array(graph.vertexCount);
  }

  mark(vertex: number, side: number): void {
    const known = this.sides[vertex] as number;
    if ((known & side) === side) return;
    if (known === 0) this.reached.push(vertex);
    const more = isSubject(this.#graph, vertex) ? ALL_SIDES : side === LEADS ? LEADS | HOLDER : side;
    this.sides[vertex] = known | more;
    this.#found.push(vertex);
  }

  /** Each edge is looked at once for each side of its end. */
  spread(): void {
    for (let vertex = this.#found.pop(); vertex !== undefined; vertex = this.#found.pop()) {
      const more = (this.sides[vertex] as number) & ~(this.#done[vertex] as number);
      this.#done[vertex] = this.sides[vertex] as number;
      const mayGive = has(more, HOLDER) ? GRANT : 0;
      const mayTake = has(more, WITHIN) ? TAKE : 0;
      if (more !== LEADS) this.#spreadIn(vertex, mayGive | mayTake);
      if (has(more, LEADS)) this.#spreadOut(vertex);
    }
  }

  #spreadIn(vertex: number, by: number): void {
    const { inStarts, sources, inRights } = this.#graph;
    const end = inStarts[vertex + 1] as number;
    for (let edge = inStarts[vertex] as number; edge < end; edge += 1)
      if (((inRights[edge] as number) & by) !== 0) this.mark(sources[edge] as number, WITHIN);
  }

  #spreadOut(vertex: number): void {
    const { outStarts, targets, rights } = this.#graph;
    const end = outStarts[vertex + 1] as number;
    for (let edge = outStarts[vertex] as number; edge < end; edge += 1) {
      const held = rights[edge] as number;
      if (has(held, TAKE)) this.mark(targets[edge] as number, LEADS);
      if (has(held, GRANT)) this.mark(targets[edge] as number, WITHIN);
    }
  }
}
