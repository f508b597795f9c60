import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { findCycles, type Graph } from "./find-cycles.ts";

const graph = (edges: Readonly<Record<string, readonly string[]>>): Graph => new Map(Object.entries(edges));

describe("cycles", () => {
  test.each<[string, Readonly<Record<string, readonly string[]>>, readonly (readonly string[])[]]>([
    ["a tree has none", { a: ["b", "c"], b: [], c: [] }, []],
    ["two ways to one node are none", { a: ["b", "c"], b: ["d"], c: ["d"], d: [] }, []],
    ["a node may lead to itself", { a: ["b"], b: ["b"] }, [["b"]]],
    ["the shortest is told", { a: ["b"], b: ["c", "a"], c: ["a"] }, [["a", "b"]]],
    [
      "one of each part is told, in the graph's order",
      { x: ["a"], a: ["b"], b: ["a"], c: ["d"], d: ["c"] },
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
  ])("%s", (_, edges, cycles) => {
    expect(findCycles(graph(edges))).toEqual(cycles);
  });

  test("there is one if and only if taking away nodes without a way out leaves some, and each is one", () => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const targets = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(targets, { minLength: 7, maxLength: 7 }), (lists) => {
        const edges = new Map(names.map((name, index) => [name, lists[index] ?? []]));
        const cycles = findCycles(edges);
        for (const cycle of cycles)
          for (const [index, node] of cycle.entries())
            expect(edges.get(node)).toContain(cycle[(index + 1) % cycle.length]);
        expect(cycles.length > 0).toBe(hasCycle(edges));
      }),
    );
  });

  test("a ring of 100,000 is found without recursion", () => {
    const count = 100_000;
    const ring = new Map(
      Array.from({ length: count }, (_, index) => [`${index}`, [`${(index + 1) % count}`]]),
    );
    expect(findCycles(ring).map((cycle) => cycle.length)).toEqual([count]);
  });
});

function hasCycle(edges: Graph): boolean {
  const left = new Map(edges);
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const [node, targets] of left) {
      if (targets.some((target) => left.has(target))) continue;
      left.delete(node);
      isSmaller = true;
    }
  }
  return left.size > 0;
}
