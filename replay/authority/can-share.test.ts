import { describe, expect, test } from "@jest/globals";
import { verifiedShare } from "./can-share.ts";
import { TAKE } from "./protection-graph.ts";
import { ProtectionGraphBuilder } from "./protection-graph-builder.ts";
import { bitOf, SampleGraph } from "./sample-graph.ts";

/** The steps by which x comes to read Y, in words; null if it never can. Every answer is verified. */
function steps(drawn: string, x = "x"): readonly string[] | null {
  const sample = new SampleGraph(drawn);
  const asked = { right: bitOf("r"), x: sample.vertex(x), y: sample.vertex("Y") };
  const answer = verifiedShare(sample.graph, asked);
  return answer.kind === "yes" ? sample.told(answer.steps) : null;
}

describe("a right that can be shared", () => {
  test("is there already, whoever holds it", () => {
    expect(steps("x -r> Y")).toEqual([]);
    expect(steps("X -r> Y", "X")).toEqual([]);
  });

  test("is taken along a terminal span t*>", () => {
    expect(steps("x -t> A, A -t> B, B -r> Y")).toEqual([
      "x takes t over B from A",
      "x takes r over Y from B",
    ]);
  });

  test("is granted along an initial span t*> g>, to a subject or an object", () => {
    const expected = (x: string): readonly string[] => [
      "u takes t over B from A",
      `u takes g over ${x} from B`,
      `u grants r over Y to ${x}`,
    ];
    expect(steps("u -r> Y, u -t> A, A -t> B, B -g> x")).toEqual(expected("x"));
    expect(steps("u -r> Y, u -t> A, A -t> B, B -g> X", "X")).toEqual(expected("X"));
  });

  test("comes over a bridge t*> from its holder by what the other creates", () => {
    expect(steps("u -r> Y, u -t> A, A -t> x")).toEqual([
      "x creates N and holds tg over it",
      "u takes t over x from A",
      "u takes g over N from x",
      "u grants r over Y to N",
      "x takes r over Y from N",
    ]);
  });

  test("comes over a bridge <t* by taking", () => {
    expect(steps("u -r> Y, u <t- A, A <t- x")).toEqual([
      "x takes t over u from A",
      "x takes r over Y from u",
    ]);
  });

  test("comes over a bridge t*> g> <t* by way of an object", () => {
    expect(steps("u -r> Y, u -t> A, A -g> B, B <t- C, C <t- x")).toEqual([
      "u takes g over B from A",
      "u grants r over Y to B",
      "x takes t over B from C",
      "x takes r over Y from B",
    ]);
  });

  test("comes over a bridge t*> <g <t* by what the other creates", () => {
    expect(steps("u -r> Y, u -t> A, A -t> B, B <g- C, C <t- x")).toEqual([
      "x creates N and holds tg over it",
      "x takes g over B from C",
      "x grants g over N to B",
      "u takes t over B from A",
      "u takes g over N from B",
      "u grants r over Y to N",
      "x takes r over Y from N",
    ]);
  });

  test("goes round an island against every edge", () => {
    expect(steps("u -r> Y, u -t> x")).toHaveLength(4);
    expect(steps("u -r> Y, u <g- x")).toHaveLength(4);
    expect(steps("u -r> Y, u -g> x")).toHaveLength(1);
    expect(steps("u -r> Y, u <t- x")).toHaveLength(1);
  });

  test("goes backward over several bridges with one created object", () => {
    expect(steps("u -r> Y, u -t> v, v <g- x")).toEqual([
      "x creates N and holds tg over it",
      "x grants g over N to v",
      "u takes g over N from v",
      "u grants r over Y to N",
      "x takes r over Y from N",
    ]);
  });

  test("goes forward, backward and forward again", () => {
    expect(steps("u -r> Y, u -g> v, v -t> w, w <t- x")).toEqual([
      "u grants r over Y to v",
      "w creates N and holds tg over it",
      "v takes g over N from w",
      "v grants r over Y to N",
      "w takes r over Y from N",
      "x takes r over Y from w",
    ]);
  });

  test("takes the shorter of two ways, though it has more edges", () => {
    expect(steps("u -r> Y, u -t> x, u -g> v, v -g> x")).toEqual([
      "u grants r over Y to v",
      "v grants r over Y to x",
    ]);
  });

  test("leaves out steps that were done on the way", () => {
    expect(steps("u -t> A, A -t> B, B -t> C, C -r> Y, C -g> x")).toEqual([
      "u takes t over B from A",
      "u takes t over C from B",
      "u takes r over Y from C",
      "u takes g over x from C",
      "u grants r over Y to x",
    ]);
  });

  test("may be take itself, or a right over oneself", () => {
    const sample = new SampleGraph("x -t> A, A -r> x");
    const x = sample.vertex("x");
    const answer = verifiedShare(sample.graph, { right: bitOf("r"), x, y: x });
    expect(answer.kind === "yes" && sample.told(answer.steps)).toEqual(["x takes r over x from A"]);
    const deeper = new SampleGraph("x -t> A, A -t> B");
    expect(
      verifiedShare(deeper.graph, { right: bitOf("t"), x: deeper.vertex("x"), y: deeper.vertex("B") }).kind,
    ).toBe("yes");
  });

  test("may be the highest of 32 bits", () => {
    const builder = new ProtectionGraphBuilder();
    const [x, other, y] = [builder.addSubject(), builder.addObject(), builder.addObject()];
    builder.addEdge({ source: x, target: other, rights: TAKE });
    builder.addEdge({ source: other, target: y, rights: 2 ** 31 });
    const answer = verifiedShare(builder.build(), { right: 2 ** 31, x, y });
    expect(answer.kind === "yes" && answer.steps).toEqual([
      { kind: "take", actor: x, from: other, rights: 2 ** 31, target: y },
    ]);
  });
});

describe("a right that cannot be shared", () => {
  test.each([
    ["where nobody acts", "X -t> A, A -r> Y", "X"],
    ["where only objects could hand it on", "U -r> Y, U -g> X, X -t> U", "X"],
    ["that nobody holds", "x -tg> Y", "x"],
    ["of an object that nobody spans to by grant", "u -r> Y, u -t> X, X -tg> u", "X"],
    ["over t*> g>, where the other is an object that holds it", "x -t> A, A -g> U, U -r> Y", "x"],
    ["over t*> <t*: both may take from the same object", "u -r> Y, u -t> A, A <t- x", "x"],
    ["over g> <g: both may grant to the same object", "u -r> Y, u -g> A, A <g- x", "x"],
    ["over <t t>: an object takes from both", "u -r> Y, u <t- A, A -t> x", "x"],
    ["over <g t>", "u -r> Y, u <g- A, A -t> x", "x"],
    ["over g> g> with an object between", "u -r> Y, u -g> A, A -g> x", "x"],
    ["over g> t> with an object between", "u -r> Y, u -g> A, A -t> x", "x"],
    ["to itself, though it acts", "x -tg> A, Y", "x"],
  ])("%s: %s", (_, drawn, x) => {
    expect(steps(drawn, x)).toBeNull();
  });

  test("but can when a subject is put in the place of the object between", () => {
    expect(steps("u -r> Y, u -t> a, a <t- x")).not.toBeNull();
    expect(steps("u -r> Y, u -g> a, a -t> x")).not.toBeNull();
    expect(steps("u -r> Y, u <t- a, a -t> x")).not.toBeNull();
  });
});
