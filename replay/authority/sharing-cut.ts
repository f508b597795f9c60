import {
  eachEdge,
  edgeAt,
  GRANT,
  isSubject,
  type ProtectionEdge,
  type ProtectionGraph,
  TAKE,
} from "./protection-graph.ts";
import {
  ASKED,
  HELD,
  LENT,
  REACHED,
  TAPPED,
  type SharingQuestion,
  type SharingSearch,
} from "./sharing-search.ts";
import {
  ALL_SIDES,
  type EdgeSides,
  HOLDER,
  LEADS,
  rightsThatJoin,
  rightsThatLeadOut,
  sidesTowards,
  WITHIN,
} from "./sharing-sides.ts";

/** An edge that would carry the right further if it had `missing`, which is `TAKE` or `GRANT`. */
export interface Crossing extends ProtectionEdge {
  readonly missing: number;
  /** Whether that alone would let x come to hold the right. */
  readonly opens: boolean;
}

/**
 * What separates x from a right over y: sets of vertices that no step leads out of, so that anybody may check the answer without
 * the search that found it.
 */
export interface SharingCut {
  /** For each vertex a set of `HOLDER`, `WITHIN` and `LEADS`: how it is on the side of y. */
  readonly sides: Uint8Array;
  /** Everyone who may come to hold the right, ascending. None, if nobody holds it. */
  readonly holders: readonly number[];
  /** Those that open first, then in the order of edges; at most MAX_CROSSINGS. */
  readonly crossings: readonly Crossing[];
  /** An edge that lacks both rights counts twice, here as there. */
  readonly crossingCount: number;
  readonly openingCount: number;
}

/** More than anybody reads; a graph of a million edges may have as many crossings. */
export const MAX_CROSSINGS = 1000;

/** The cut that a search leaves which has found no way to x. */
export function sharingCut(graph: ProtectionGraph, x: number, search: SharingSearch): SharingCut {
  const sides = new Uint8Array(graph.vertexCount);
  const holders: number[] = [];
  for (let vertex = 0; vertex < graph.vertexCount; vertex += 1) {
    if (search.isMet(vertex, HELD)) holders.push(vertex);
    sides[vertex] =
      (search.isMet(vertex, HELD) ? HOLDER : 0) |
      (search.isMet(vertex, REACHED) || search.isMet(vertex, ASKED) ? WITHIN : 0) |
      (search.isMet(vertex, TAPPED) || search.isMet(vertex, LENT) ? LEADS : 0);
  }
  return { sides, holders, ...crossingsOf(graph, sides, x) };
}

type Crossings = Pick<SharingCut, "crossings" | "crossingCount" | "openingCount">;

function crossingsOf(graph: ProtectionGraph, sides: Uint8Array, x: number): Crossings {
  const opening: Crossing[] = [];
  const others: Crossing[] = [];
  let [crossingCount, openingCount] = [0, 0];
  let towards: Uint8Array | null = null;
  eachEdge(graph, (source, edge) => {
    const target = graph.targets[edge] as number;
    const out = rightsThatLeadOut(sides[source] as number, sides[target] as number);
    if (out === 0) return;
    // Looked for when it is first needed: mostly nobody holds the right, or nothing crosses.
    towards ??= sidesTowards(graph, x);
    const open = rightsThatJoin(sidesOf(sides, source, target), sidesOf(towards, source, target));
    for (const missing of [TAKE, GRANT]) {
      if ((out & missing) === 0) continue;
      const opens = (open & missing) !== 0;
      crossingCount += 1;
      openingCount += opens ? 1 : 0;
      const list = opens ? opening : others;
      if (list.length < MAX_CROSSINGS) list.push({ ...edgeAt(graph, source, edge), missing, opens });
    }
  });
  return { crossings: [...opening, ...others].slice(0, MAX_CROSSINGS), crossingCount, openingCount };
}

/** Whether these sets do separate x from the right: everyone who holds it is a holder, x is none, and no step leads out. */
export function isSharingCut(
  graph: ProtectionGraph,
  { right, x, y }: SharingQuestion,
  { sides }: Pick<SharingCut, "sides">,
): boolean {
  const sideOf = (vertex: number): number => sides[vertex] as number;
  let isCut = (sideOf(x) & HOLDER) === 0;
  for (let vertex = 0; vertex < graph.vertexCount; vertex += 1) {
    const side = sideOf(vertex);
    if (isSubject(graph, vertex)) isCut &&= side === 0 || side === ALL_SIDES;
    else isCut &&= (side & (HOLDER | LEADS)) !== HOLDER;
  }
  eachEdge(graph, (source, edge) => {
    const target = graph.targets[edge] as number;
    const held = graph.rights[edge] as number;
    if (target === y && (held & right) !== 0) isCut &&= (sideOf(source) & HOLDER) !== 0;
    isCut &&= (rightsThatLeadOut(sideOf(source), sideOf(target)) & held) === 0;
  });
  return isCut;
}

const sidesOf = (sides: Uint8Array, source: number, target: number): EdgeSides => ({
  source: sides[source] as number,
  target: sides[target] as number,
});
