import { describe, expect, test } from "@jest/globals";
import { canShare } from "./can-share.ts";
import { describeCut } from "./describe-cut.ts";
import { GRANT, TAKE } from "./protection-graph.ts";
import { bitOf, SampleGraph } from "./sample-graph.ts";
import { isSharingCut, MAX_CROSSINGS, type SharingCut } from "./sharing-cut.ts";
import type { SharingQuestion } from "./sharing-search.ts";

function cutOf(drawn: string, x = "x"): { sample: SampleGraph; asked: SharingQuestion; cut: SharingCut } {
  const sample = new SampleGraph(drawn);
  const asked = { right: bitOf("r"), x: sample.vertex(x), y: sample.vertex("Y") };
  const answer = canShare(sample.graph, asked);
  if (answer.kind === "yes") throw new Error("it can be shared");
  return { sample, asked, cut: answer.cut };
}

describe("a cut", () => {
  test("names all who may come to hold the right, and the one edge that keeps it from x", () => {
    const { sample, cut } = cutOf("u -r> Y, u -g> v, v -w> x");
    expect(cut.holders).toEqual([sample.vertex("u"), sample.vertex("v")]);
    const ends = { source: sample.vertex("v"), target: sample.vertex("x"), rights: bitOf("w") };
    expect(cut.crossings.filter(({ opens }) => opens)).toEqual([
      { ...ends, missing: TAKE, opens: true },
      { ...ends, missing: GRANT, opens: true },
    ]);
    expect(cut.openingCount).toBe(2);
  });

  test("tells crossings that alone would not do after those that would", () => {
    const { sample, cut } = cutOf("u -r> Y, u -w> A, A -w> B, B -g> x");
    const told = cut.crossings.map(({ source, target, missing, opens }) => [source, target, missing, opens]);
    expect(told).toContainEqual([sample.vertex("u"), sample.vertex("A"), TAKE, false]);
    expect(cut.openingCount).toBe(0);
    const nearer = cutOf("u -r> Y, u -w> Z, u -w> B, B -g> x");
    expect(nearer.cut.crossings[0]).toMatchObject({
      target: nearer.sample.vertex("B"),
      missing: TAKE,
      opens: true,
    });
  });

  test("has no holders where nobody holds the right, and no crossings", () => {
    expect(cutOf("x -tg> Y").cut).toMatchObject({ holders: [], crossings: [], crossingCount: 0 });
  });

  test("counts more crossings than it lists", () => {
    const many = Array.from({ length: MAX_CROSSINGS + 5 }, (_, index) => `u -w> A${index}`);
    const { cut } = cutOf(`u -r> Y, x, ${many.join(", ")}`);
    expect(cut.crossings).toHaveLength(MAX_CROSSINGS);
    // Take and grant, and the edge to Y, which has neither.
    expect(cut.crossingCount).toBe(2 * (MAX_CROSSINGS + 6));
  });

  test("is none any more when it leaves out a holder, takes in x, or forgets where a step leads", () => {
    const { sample, asked, cut } = cutOf("u -r> Y, u -t> A, A <t- x");
    expect(isSharingCut(sample.graph, asked, cut)).toBe(true);
    for (const name of ["u", "A", "x"]) {
      const sides = Uint8Array.from(cut.sides);
      sides[sample.vertex(name)] = name === "x" ? 7 : 0;
      expect(isSharingCut(sample.graph, asked, { sides })).toBe(false);
    }
  });

  test("of one graph is none of a graph in which the right can be shared", () => {
    const { cut } = cutOf("u -r> Y, u -t> A, A <t- x");
    const open = new SampleGraph("u -r> Y, u -g> A, A <t- x");
    const asked = { right: bitOf("r"), x: open.vertex("x"), y: open.vertex("Y") };
    expect(isSharingCut(open.graph, asked, cut)).toBe(false);
  });
});

describe("a cut in words", () => {
  const told = (drawn: string, most = 2): readonly string[] => {
    const { sample, asked, cut } = cutOf(drawn);
    return describeCut({ question: asked, cut, most, ...sample.words });
  };

  test("says who can hold the right, and which edge would let it through", () => {
    expect(told("u -r> Y, u -g> v, v -w> x")).toEqual([
      "only u, v can ever hold r over Y",
      "x could, if v had take over x beside w",
      "x could, if v had grant over x beside w",
    ]);
  });

  test("says how many it does not name", () => {
    expect(told("u -r> Y, u -g> v, v -g> A, v -w> x, u -w> x", 1)).toEqual([
      "only u and 2 more can ever hold r over Y",
      "x could, if u had take over x beside w",
      "and 3 more such rights",
    ]);
  });

  test("says when no edge alone would do, when none leads on, and when nobody holds the right", () => {
    expect(told("u -r> Y, x")).toEqual([
      "only u can ever hold r over Y",
      "no take or grant over one edge that is there would change that",
    ]);
    expect(told("U -r> Y, x")).toEqual([
      "only U can ever hold r over Y",
      "no edge leads from there to anybody else",
    ]);
    expect(told("x, Y")).toEqual(["nobody holds r over Y, so nobody can hand it on"]);
  });
});
