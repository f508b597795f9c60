/**
 * How a right over y spreads from those who hold it, at the least number of steps. The theorem speaks of spans and bridges: words of
 * edges, of which only the direction and the rights `t` and `g` count. A search through the graph times a small automaton that
 * reads these words finds them all in one go, linear in vertices and edges, as each pair of a vertex and a place is met once.
 *
 * There are two ways for a right from a subject u to a subject v. Forward, it is handed on itself: v takes along t*> from u
 * (a terminal span); u grants it along t*> g> (an initial span); or u grants it to a vertex from which v takes (the bridge
 * t*> g> <t*). Backward, along the bridges t*> and t*> <g <t*, v creates a vertex n and hands `grant` over n to u by the same means,
 * whereupon u grants the right to n, and v takes it from there. A backward stretch may go over several subjects; its three steps
 * (create, grant to n, take from n) are paid once.
 *
 * What a place of the automaton says of a vertex v:
 * - held: v holds the right.
 * - tapped: whoever has `take` over v gets the right, by as many takes as there were edges.
 * - reached: a subject that holds the right comes to `take` over v, to grant.
 * - asked: as reached, on a stretch that goes backward; if v is a subject, it can have `grant` over n handed to the holder.
 * - lent: as tapped, for `grant` over n: whoever takes from v can hand it to the holder.
 */
import { isSubject, GRANT, type ProtectionGraph, TAKE } from "./protection-graph.ts";

export const HELD = 0;
export const TAPPED = 1;
export const REACHED = 2;
export const ASKED = 3;
export const LENT = 4;
const PLACES = 5;

/** What a stretch that goes backward costs beside its edges: create, grant, take. */
const BACKWARD_STEPS = 3;
/** A ring of lists by cost: more than any one move costs. */
const RING = BACKWARD_STEPS + 1;

/** A vertex at a place of the automaton. */
export interface Visit {
  readonly place: number;
  readonly vertex: number;
}

export class SharingSearch {
  readonly #graph: ProtectionGraph;
  /** Steps to each vertex at each place; -1 until it is met. */
  readonly #costs: Int32Array;
  /** From where each was met; -1 for those that hold the right from the start. */
  readonly #befores: Int32Array;
  readonly #ring: readonly number[][] = Array.from({ length: RING }, () => []);

  constructor(graph: ProtectionGraph) {
    this.#graph = graph;
    this.#costs = new Int32Array(graph.vertexCount * PLACES).fill(-1);
    this.#befores = new Int32Array(graph.vertexCount * PLACES).fill(-1);
  }

  /** Whether a right over y can come to be held by x; goes on until it is, or until there is nowhere else to go. */
  finds({ right, x, y }: SharingQuestion): boolean {
    const { inStarts, sources, inRights } = this.#graph;
    const end = inStarts[y + 1] as number;
    for (let edge = inStarts[y] as number; edge < end; edge += 1)
      if (((inRights[edge] as number) & right) !== 0) this.#meet(sources[edge] as number, HELD, 0, -1);
    const goal = this.#visitOf(x, HELD);
    for (let cost = 0, empty = 0; empty < RING; cost += 1) {
      // Before all others of its cost: those are the most.
      if (this.#costs[goal] === cost) return true;
      const list = this.#ring[cost % RING] as number[];
      empty = list.length === 0 ? empty + 1 : 0;
      // The list may grow while it is read: moves that cost nothing.
      for (let index = 0; index < list.length; index += 1) {
        const visit = list[index] as number;
        if (visit === goal) return true;
        if (this.#costs[visit] === cost) this.#leave(visit, cost);
      }
      list.length = 0;
    }
    return false;
  }

  /** Whether a vertex was met at a place. After `finds` said no, all were that can be. */
  isMet(vertex: number, place: number): boolean {
    return (this.#costs[this.#visitOf(vertex, place)] as number) >= 0;
  }

  /** The way to who holds the right in the end, from who held it in the beginning. */
  wayTo(x: number): readonly Visit[] {
    const way: Visit[] = [];
    for (let visit = this.#visitOf(x, HELD); visit >= 0; visit = this.#befores[visit] as number)
      way.push({ place: this.#placeOf(visit), vertex: this.#vertexOf(visit) });
    return way.reverse();
  }

  /** One place after the other: the vertices that are met by one kind of edge lie together. */
  #visitOf(vertex: number, place: number): number {
    return place * this.#graph.vertexCount + vertex;
  }

  #placeOf(visit: number): number {
    return Math.floor(visit / this.#graph.vertexCount);
  }

  #vertexOf(visit: number): number {
    return visit % this.#graph.vertexCount;
  }

  #meet(vertex: number, place: number, cost: number, before: number): void {
    const visit = this.#visitOf(vertex, place);
    const known = this.#costs[visit] as number;
    if (known >= 0 && known <= cost) return;
    // Who takes from there has the right itself, for no more.
    if (place === LENT && this.isMet(vertex, TAPPED)) return;
    this.#costs[visit] = cost;
    this.#befores[visit] = before;
    (this.#ring[cost % RING] as number[]).push(visit);
  }

  #leave(visit: number, cost: number): void {
    const vertex = this.#vertexOf(visit);
    const acts = isSubject(this.#graph, vertex);
    switch (this.#placeOf(visit)) {
      case HELD:
        this.#meet(vertex, TAPPED, cost, visit);
        if (!acts) return;
        this.#meet(vertex, REACHED, cost, visit);
        return this.#meet(vertex, ASKED, cost, visit);
      case TAPPED:
        if (acts) this.#meet(vertex, HELD, cost, visit);
        return this.#goIn({ visit, cost, by: TAKE, to: TAPPED });
      case REACHED:
        this.#goOut({ visit, cost, by: GRANT, to: HELD });
        return this.#goOut({ visit, cost, by: TAKE, to: REACHED });
      case ASKED:
        if (acts) this.#meet(vertex, HELD, cost + BACKWARD_STEPS, visit);
        this.#goOut({ visit, cost, by: TAKE, to: ASKED });
        return this.#goIn({ visit, cost, by: GRANT, to: LENT });
      default:
        if (acts) this.#meet(vertex, ASKED, cost, visit);
        return this.#goIn({ visit, cost, by: TAKE, to: LENT });
    }
  }

  /** Over every edge that leads from here and has a right. */
  #goOut({ visit, cost, by, to }: Move): void {
    const { outStarts, targets, rights } = this.#graph;
    const vertex = this.#vertexOf(visit);
    const end = outStarts[vertex + 1] as number;
    for (let edge = outStarts[vertex] as number; edge < end; edge += 1)
      if (((rights[edge] as number) & by) !== 0) this.#meet(targets[edge] as number, to, cost + 1, visit);
  }

  /** Over every edge that leads to here and has a right. */
  #goIn({ visit, cost, by, to }: Move): void {
    const { inStarts, sources, inRights } = this.#graph;
    const vertex = this.#vertexOf(visit);
    const end = inStarts[vertex + 1] as number;
    for (let edge = inStarts[vertex] as number; edge < end; edge += 1)
      if (((inRights[edge] as number) & by) !== 0) this.#meet(sources[edge] as number, to, cost + 1, visit);
  }
}

interface Move {
  readonly visit: number;
  readonly cost: number;
  readonly by: number;
  readonly to: number;
}

/** May x ever come to hold this right (one bit) over y? */
export interface SharingQuestion {
  readonly right: number;
  readonly x: number;
  readonly y: number;
}
