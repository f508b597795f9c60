/** Small protection graphs as they are drawn, as the product has them, and as the model has them. */
import fc from "fast-check";
import type { DeJureStep } from "../../replay/authority/de-jure-step.ts";
import type { ProtectionGraph } from "../../replay/authority/protection-graph.ts";
import { ProtectionGraphBuilder } from "../../replay/authority/protection-graph-builder.ts";
import {
  heldRights,
  type ModelGraph,
  type ModelOperation,
  type RightName,
  rightNames,
} from "./take-grant.ts";

export interface DrawnGraph {
  /** For each vertex whether it is a subject. */
  readonly subjects: readonly boolean[];
  readonly edges: readonly DrawnEdge[];
}

export interface DrawnEdge {
  /** Modulo the number of vertices. */
  readonly source: number;
  readonly target: number;
  readonly rights: readonly RightName[];
}

/** Mostly one right: graphs in which everybody may do everything say little. */
const rights: fc.Arbitrary<readonly RightName[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<readonly RightName[]>(["take"], ["grant"]) },
  { weight: 1, arbitrary: fc.constantFrom<readonly RightName[]>(["read"], ["call"]) },
  { weight: 1, arbitrary: fc.subarray([...rightNames], { minLength: 1, maxLength: 3 }) },
);

/** Edges between any two vertices, or a path of edges and a few others: most graphs of the former sort have no bridge. */
export function drawnGraphs(maxVertices: number, maxEdges: number): fc.Arbitrary<DrawnGraph> {
  const vertex = fc.nat(maxVertices - 1);
  const edge = fc.record({ source: vertex, target: vertex, rights });
  const subjects = fc.array(fc.boolean(), { minLength: 2, maxLength: maxVertices });
  return fc.noBias(
    fc.oneof(
      fc.record({ subjects, edges: fc.array(edge, { minLength: 1, maxLength: maxEdges }) }),
      fc
        .tuple(fc.array(hop, { minLength: 2, maxLength: maxVertices - 1 }), fc.array(edge, { maxLength: 2 }))
        .map(woven),
    ),
  );
}

interface Hop {
  readonly isSubject: boolean;
  readonly isForward: boolean;
  readonly rights: readonly RightName[];
}

const hop: fc.Arbitrary<Hop> = fc.record({
  isSubject: fc.boolean(),
  isForward: fc.boolean(),
  rights: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<readonly RightName[]>(["take"], ["take"], ["grant"]) },
    { weight: 1, arbitrary: fc.constant<readonly RightName[]>(["write"]) },
  ),
});

/** A path from hop to hop; its first vertex alone reads and calls what stands behind its end. */
function woven([hops, others]: readonly [readonly Hop[], readonly DrawnEdge[]]): DrawnGraph {
  const last = hops.length;
  const path = hops
    .slice(1)
    .map(({ isForward, rights: names }, index) =>
      isForward
        ? { source: index, target: index + 1, rights: names }
        : { source: index + 1, target: index, rights: names },
    );
  const held: DrawnEdge = { source: 0, target: last, rights: ["read", "call"] };
  return { subjects: [...hops.map(({ isSubject }) => isSubject), false], edges: [held, ...path, ...others] };
}

export const bitOf = (name: RightName): number => 1 << rightNames.indexOf(name);

export const bitsOf = (names: readonly RightName[]): number =>
  names.reduce((bits, name) => bits | bitOf(name), 0);

export const namesOfBits = (bits: number): readonly RightName[] =>
  rightNames.filter((name) => (bits & bitOf(name)) !== 0);

/** The rights that one vertex holds over another, as the product has them. */
export const heldBits = (graph: ModelGraph, holder: number, target: number): number =>
  bitsOf(heldRights(graph, holder, target));

export const withEdge = ({ subjects, edges }: DrawnGraph, edge: DrawnEdge): DrawnGraph => ({
  subjects,
  edges: [...edges, edge],
});

export function productGraph({ subjects, edges }: DrawnGraph): ProtectionGraph {
  const builder = new ProtectionGraphBuilder();
  for (const isSubject of subjects) {
    if (isSubject) builder.addSubject();
    else builder.addObject();
  }
  for (const { source, target, rights: names } of edges)
    builder.addEdge({
      source: source % subjects.length,
      target: target % subjects.length,
      rights: bitsOf(names),
    });
  return builder.build();
}

export function modelGraph({ subjects, edges }: DrawnGraph): ModelGraph {
  const explicit = subjects.map(() => new Map<number, Set<RightName>>());
  for (const { source, target, rights: names } of edges) {
    const row = explicit[source % subjects.length] as Map<number, Set<RightName>>;
    const end = target % subjects.length;
    row.set(end, new Set([...(row.get(end) ?? []), ...names]));
  }
  return subjects.map((isSubject, index) => ({
    isSubject,
    explicit: explicit[index] as Map<number, Set<RightName>>,
    implicit: new Set<number>(),
  }));
}

/** What the model calls a step of the product. */
export function modelOperation(step: DeJureStep): ModelOperation {
  const names = namesOfBits(step.rights);
  switch (step.kind) {
    case "take":
      return { name: "take", actor: step.actor, other: step.from, rights: names, target: step.target };
    case "grant":
      return { name: "grant", actor: step.actor, other: step.to, rights: names, target: step.target };
    case "create":
      return { name: "create", actor: step.actor, isSubject: step.isSubject, rights: names };
    case "remove":
      return { name: "remove", actor: step.actor, rights: names, target: step.target };
  }
}
