import { describe, expect, test } from "@jest/globals";
import type { DeJureStep } from "./de-jure-step.ts";
import { perform } from "./perform.ts";
import { bitOf, SampleGraph } from "./sample-graph.ts";

const drawn = "u -tg> A, A -rw> Y, u -r> B, B -t> A";
const sample = new SampleGraph(drawn);
const [u, a, b, y] = ["u", "A", "B", "Y"].map((name) => sample.vertex(name)) as [
  number,
  number,
  number,
  number,
];
const read = bitOf("r");

const broken = (...steps: readonly DeJureStep[]): string | null => {
  const after = perform(sample.graph, steps);
  return after.ok ? null : `${after.error.index}: ${after.error.broken}`;
};

describe("performing steps", () => {
  test("changes who holds what, and the graph not at all", () => {
    const after = perform(sample.graph, [
      { kind: "take", actor: u, from: a, rights: read, target: y },
      { kind: "grant", actor: u, to: a, rights: read, target: b },
      { kind: "create", actor: u, vertex: 4, isSubject: true, rights: bitOf("g") },
      { kind: "grant", actor: u, to: 4, rights: read, target: y },
      { kind: "remove", actor: u, rights: read, target: b },
    ]);
    if (!after.ok) throw new Error(after.error.broken);
    const now = new SampleGraph(`${drawn}, u -r> Y, A -r> B`).graph;
    const changed = after.value;
    expect(changed.rightsBetween(u, y)).toBe(read);
    expect(changed.rightsBetween(a, b)).toBe(read);
    expect(changed.rightsBetween(u, b)).toBe(0);
    expect(changed.holds(4, read, y)).toBe(true);
    expect(changed.isSubject(4)).toBe(true);
    expect(changed.toGraph()).toMatchObject({ vertexCount: 5, edgeCount: now.edgeCount + 1 });
    expect(sample.graph).toEqual(new SampleGraph(drawn).graph);
  });

  test.each<[string, DeJureStep]>([
    ["the actor is a subject", { kind: "take", actor: b, from: a, rights: read, target: y }],
    ["the actor is a subject", { kind: "create", actor: 9, vertex: 4, isSubject: false, rights: 3 }],
    ["the actor may take from there", { kind: "take", actor: u, from: b, rights: 1, target: a }],
    ["the rights are held where they are taken", { kind: "take", actor: u, from: a, rights: 5, target: y }],
    ["the actor may grant to there", { kind: "grant", actor: u, to: b, rights: 1, target: a }],
    ["the actor holds what he grants", { kind: "grant", actor: u, to: a, rights: 8, target: b }],
    ["the actor holds what he gives up", { kind: "remove", actor: u, rights: read, target: y }],
    [
      "a created vertex has the next number",
      { kind: "create", actor: u, vertex: 5, isSubject: false, rights: 3 },
    ],
    ["the target is a vertex", { kind: "take", actor: u, from: a, rights: read, target: 4 }],
    ["there are rights to hand on", { kind: "take", actor: u, from: a, rights: 0, target: y }],
  ])("is refused where it does not hold that %s", (statement, step) => {
    expect(broken({ kind: "take", actor: u, from: a, rights: bitOf("w"), target: y }, step)).toBe(
      `1: ${statement}`,
    );
  });
});
