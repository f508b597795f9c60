import { describe, expect, test } from "@jest/globals";
import { eachEdge, edgeAt, isSubject, type ProtectionEdge, rightsBetween } from "./protection-graph.ts";
import { ProtectionGraphBuilder } from "./protection-graph-builder.ts";

describe("a protection graph", () => {
  test("has the edges that were added, in the order of sources and targets, joined where they have both ends in common", () => {
    const builder = new ProtectionGraphBuilder();
    const subject = builder.addSubject();
    const [one, other] = [builder.addObject(), builder.addObject()];
    builder.addEdge({ source: other, target: one, rights: 1 });
    builder.addEdge({ source: subject, target: other, rights: 2 ** 31 });
    builder.addEdge({ source: subject, target: one, rights: 4 });
    builder.addEdge({ source: subject, target: other, rights: 1 });
    builder.addEdge({ source: one, target: one, rights: 0 });
    const graph = builder.build();
    const edges: ProtectionEdge[] = [];
    eachEdge(graph, (source, edge) => edges.push(edgeAt(graph, source, edge)));
    expect(edges).toEqual([
      { source: subject, target: one, rights: 4 },
      { source: subject, target: other, rights: 2 ** 31 + 1 },
      { source: other, target: one, rights: 1 },
    ]);
    expect([subject, one, other].map((vertex) => isSubject(graph, vertex))).toEqual([true, false, false]);
    expect([...graph.sources]).toEqual([subject, other, subject]);
    expect([...graph.inStarts]).toEqual([0, 0, 2, 3]);
  });

  test("answers for any two vertices, also when its rows had to grow", () => {
    const builder = new ProtectionGraphBuilder();
    const count = 40;
    for (let vertex = 0; vertex < count; vertex += 1) builder.addSubject();
    const rightsOf = (source: number, target: number): number => (source * 7 + target * 13) % 5;
    for (let source = count - 1; source >= 0; source -= 1)
      for (let target = 0; target < count; target += 1)
        builder.addEdge({ source, target, rights: rightsOf(source, target) });
    const graph = builder.build();
    for (let source = 0; source < count; source += 1)
      for (let target = 0; target < count; target += 1)
        expect(rightsBetween(graph, source, target)).toBe(rightsOf(source, target));
  });

  test("may be empty", () => {
    expect(new ProtectionGraphBuilder().build()).toMatchObject({ vertexCount: 0, edgeCount: 0 });
  });

  test("refuses an edge to what is no vertex", () => {
    const builder = new ProtectionGraphBuilder();
    builder.addSubject();
    expect(() => builder.addEdge({ source: 0, target: 1, rights: 1 })).toThrow(
      "the target of an edge is a vertex",
    );
  });
});
