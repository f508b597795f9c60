import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { cycleBreakers } from "./cycle-breakers.ts";
import { type Graph, strongComponents } from "./strong-components.ts";

const graphOf = (edges: readonly (readonly number[])[]): Graph => {
  const starts = new Int32Array(edges.length + 1);
  edges.forEach((targets, node) => {
    starts[node + 1] = (starts[node] as number) + targets.length;
  });
  return { starts, targets: Int32Array.from(edges.flat()) };
};

const without = (edges: readonly (readonly number[])[], breaks: Uint8Array): Graph =>
  graphOf(
    edges.map((targets, node) =>
      breaks[node] === 1 ? [] : targets.filter((target) => breaks[target] === 0),
    ),
  );

const isAcyclic = (graph: Graph, edges: number): boolean =>
  strongComponents(graph).sizes.length === edges &&
  Array.from(graph.targets).every((target, edge) => target !== sourceOf(graph, edge));

const sourceOf = ({ starts }: Graph, edge: number): number =>
  starts.findIndex((start, node) => start <= edge && edge < (starts[node + 1] ?? 0));

describe("breakers of cycles", () => {
  test("there are none where nothing calls itself", () => {
    const { breaks, longestWay } = cycleBreakers(graphOf([[1, 2], [2], []]), 3, () => 10);
    expect([...breaks]).toEqual([0, 0, 0]);
    expect(longestWay).toBe(30);
  });

  test("one is enough for an interpreter, and covers the way back to it", () => {
    // 0 starts the loop 1, which calls 2, 3 and 4, which call the loop; 4 by way of 5.
    const { breaks, costs } = cycleBreakers(graphOf([[1], [2, 3, 4], [1], [1], [5], [1]]), 6, () => 100);
    expect([...breaks]).toEqual([0, 1, 0, 0, 0, 0]);
    expect(costs[1]).toBe(300);
  });

  test("is a function, where the cycle goes through an indirect call", () => {
    const { breaks } = cycleBreakers(graphOf([[1], [0]]), 1, () => 1);
    expect([...breaks]).toEqual([1, 0]);
  });

  test("break every cycle of any graph", () => {
    const graphs = fc
      .integer({ min: 1, max: 12 })
      .chain((count) =>
        fc.array(fc.array(fc.nat(count - 1), { maxLength: 4 }), { minLength: count, maxLength: count }),
      );
    fc.assert(
      fc.property(graphs, (edges) => {
        const { breaks } = cycleBreakers(graphOf(edges), edges.length, () => 1);
        expect(isAcyclic(without(edges, breaks), edges.length)).toBe(true);
      }),
    );
  });

  test("are found along a way of a million calls", () => {
    const count = 1_000_000;
    const edges = Array.from({ length: count }, (_, node) => [(node + 1) % count]);
    const { breaks } = cycleBreakers(graphOf(edges), count, () => 1);
    expect(breaks.reduce((sum, one) => sum + one, 0)).toBe(1);
  });
});
