import { describe, expect, test } from "@jest/globals";
import {
  heldRights,
  isAllowed,
  type ModelGraph,
  type ModelOperation,
  operate,
  type RightName,
} from "./take-grant.ts";
import { isShareable } from "./take-grant-closure.ts";
import { walkLength } from "./take-grant-lengths.ts";
import { fewestOperations, saturated } from "./take-grant-search.ts";

type Edge = readonly [source: number, right: RightName, target: number];

/** Subjects are written s, objects o. */
const graphOf = (kinds: string, ...edges: readonly Edge[]): ModelGraph =>
  kinds.split("").map((kind, index) => ({
    isSubject: kind === "s",
    explicit: new Map(
      edges.filter(([source]) => source === index).map(([, right, target]) => [target, new Set([right])]),
    ),
    implicit: new Set<number>(),
  }));

const flow = (name: "post" | "pass" | "spy" | "find"): ModelOperation => ({
  name,
  reader: 0,
  middle: 1,
  read: 2,
});

describe("the published rules", () => {
  test("take, grant, create and remove change what is held, and ask that the actor is a subject", () => {
    const edges: readonly Edge[] = [
      [0, "take", 1],
      [1, "read", 2],
      [0, "grant", 3],
    ];
    const take: ModelOperation = { name: "take", actor: 0, other: 1, rights: ["read"], target: 2 };
    const grant: ModelOperation = { name: "grant", actor: 0, other: 3, rights: ["read"], target: 2 };
    const create: ModelOperation = { name: "create", actor: 0, isSubject: false, rights: ["call"] };
    const remove: ModelOperation = { name: "remove", actor: 0, rights: ["read"], target: 2 };
    const before = graphOf("sooo", ...edges);
    expect([take, grant, create, remove].map((one) => isAllowed(before, one))).toEqual([
      true,
      false,
      true,
      false,
    ]);
    const after = [take, grant, create, remove].reduce(operate, before);
    expect(heldRights(after, 0, 2)).toEqual([]);
    expect(heldRights(after, 3, 2)).toEqual(["read"]);
    expect(heldRights(after, 0, 4)).toEqual(["call"]);
    const still = graphOf("oooo", ...edges);
    expect([take, grant, create, remove].map((one) => isAllowed(still, one))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(() => operate(still, take)).toThrow("does not allow it");
  });

  test.each<[ModelOperation, string, readonly Edge[]]>([
    [
      flow("post"),
      "sos",
      [
        [0, "read", 1],
        [2, "write", 1],
      ],
    ],
    [
      flow("pass"),
      "oso",
      [
        [1, "write", 0],
        [1, "read", 2],
      ],
    ],
    [
      flow("spy"),
      "sso",
      [
        [0, "read", 1],
        [1, "read", 2],
      ],
    ],
    [
      flow("find"),
      "oss",
      [
        [1, "write", 0],
        [2, "write", 1],
      ],
    ],
  ])(
    "%j lets information flow where those act who have to, and hands no right on",
    (operation, kinds, edges) => {
      const graph = graphOf(kinds, ...edges);
      expect(isAllowed(graph, operation)).toBe(true);
      const after = operate(graph, operation);
      expect(after[0]?.implicit.has(2)).toBe(true);
      expect(after.map(({ explicit }) => explicit)).toEqual(graph.map(({ explicit }) => explicit));
      for (const index of [0, 1, 2]) {
        if (kinds[index] === "o") continue;
        const still = graphOf(`${kinds.slice(0, index)}o${kinds.slice(index + 1)}`, ...edges);
        expect(isAllowed(still, operation)).toBe(false);
      }
      for (const left of edges) expect(isAllowed(graphOf(kinds, left), operation)).toBe(false);
    },
  );

  test("what is read by a flow is read on", () => {
    const graph = graphOf("sosso", [0, "read", 1], [2, "write", 1], [2, "read", 3], [3, "read", 4]);
    const after = [
      { name: "post", reader: 0, middle: 1, read: 2 } as const,
      { name: "spy", reader: 0, middle: 2, read: 3 } as const,
      { name: "spy", reader: 0, middle: 3, read: 4 } as const,
    ].reduce(operate, graph);
    expect([...(after[0]?.implicit ?? [])]).toEqual([2, 3, 4]);
  });
});

describe("the oracles", () => {
  test("find the four steps of a take edge that is gone the other way", () => {
    const graph = graphOf("sso", [0, "take", 1], [0, "read", 2]);
    const goal = { x: 1, right: "read", y: 2 } as const;
    expect(fewestOperations(graph, goal, 4)?.map(({ name }) => name)).toEqual([
      "create",
      "take",
      "grant",
      "take",
    ]);
    expect(fewestOperations(graph, goal, 3)).toBeNull();
    expect(walkLength(graph, goal)).toBe(4);
    expect(isShareable(graph, goal)).toBe(true);
    expect(heldRights(saturated(graph), 1, 2)).toEqual(["read"]);
  });

  test("find none between two who take from one object", () => {
    const graph = graphOf("soso", [0, "take", 1], [2, "take", 1], [0, "read", 3]);
    const goal = { x: 2, right: "read", y: 3 } as const;
    expect(fewestOperations(graph, goal, 3)).toBeNull();
    expect(walkLength(graph, goal)).toBe(Infinity);
    expect(isShareable(graph, goal)).toBe(false);
    expect(heldRights(saturated(graph), 2, 3)).toEqual([]);
  });
});
