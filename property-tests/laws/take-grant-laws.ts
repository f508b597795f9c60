/** What the product says of who may come to hold what, beside the take-grant model as it was published. */
import fc from "fast-check";
import { canShare, verifiedShare } from "../../replay/authority/can-share.ts";
import { isSharingCut, type SharingCut } from "../../replay/authority/sharing-cut.ts";
import {
  bitOf,
  type DrawnGraph,
  drawnGraphs,
  heldBits,
  modelGraph,
  modelOperation,
  productGraph,
  withEdge,
} from "../models/drawn-protection.ts";
import { isShareable } from "../models/take-grant-closure.ts";
import { walkLength } from "../models/take-grant-lengths.ts";
import { fewestOperations, type Goal, saturated } from "../models/take-grant-search.ts";
import { holds, isAllowed, type ModelGraph, operate, type RightName } from "../models/take-grant.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

const asked: fc.Arbitrary<RightName> = fc.constantFrom<RightName>("read", "read", "call", "take", "grant");

const question = ({ x, right, y }: Goal) => ({ x, right: bitOf(right), y });

/** Every pair of vertices with one right. */
const goalsOf = (graph: ModelGraph, right: RightName): readonly Goal[] =>
  [...graph.keys()].flatMap((x) => [...graph.keys()].map((y) => ({ x, right, y })));

/** The answer is that of the definitions, and that of trying everything with one created object for each subject. */
function answersAreTheTheorem(drawn: DrawnGraph, right: RightName): void {
  const graph = productGraph(drawn);
  const model = modelGraph(drawn);
  const all = saturated(model);
  for (const goal of goalsOf(model, right)) {
    const { kind } = canShare(graph, question(goal));
    const told = `x ${goal.x}, y ${goal.y}`;
    demandEqual(kind, isShareable(model, goal) ? "yes" : "no", `by the definitions, ${told}`);
    demandEqual(kind, holds(all, goal.x, right, goal.y) ? "yes" : "no", `by trying everything, ${told}`);
  }
}

/** Each step of a yes is allowed by the model, the last brings the right, and no walk is shorter. */
function chainsReplay(drawn: DrawnGraph, right: RightName): void {
  const graph = productGraph(drawn);
  const model = modelGraph(drawn);
  for (const goal of goalsOf(model, right)) {
    const answer = verifiedShare(graph, question(goal));
    if (answer.kind === "no") continue;
    let now = model;
    for (const step of answer.steps) {
      demand(isAllowed(now, modelOperation(step)), `the model allows ${JSON.stringify(step)}`);
      now = operate(now, modelOperation(step));
    }
    demand(holds(now, goal.x, right, goal.y), `x ${goal.x} holds the right over y ${goal.y} in the end`);
    const shortest = walkLength(model, goal);
    demand(
      answer.steps.length <= shortest,
      `${answer.steps.length} steps, and a walk of ${shortest} leads there`,
    );
  }
}

/** So many operations are tried breadth first; more would take minutes. */
const BOUND = 4;

/** Breadth first: what is found within the bound is a yes of no fewer steps; what is said to take so few is found. */
function fewOperationsAgree(drawn: DrawnGraph, { x, right, y }: Goal): void {
  const vertexCount = drawn.subjects.length;
  const goal = { x: x % vertexCount, right, y: y % vertexCount };
  const answer = canShare(productGraph(drawn), question(goal));
  const fewest = fewestOperations(modelGraph(drawn), goal, BOUND);
  if (fewest !== null) {
    demandEqual(answer.kind, "yes", "an answer to what operations lead to");
    demand(answer.kind === "yes" && answer.steps.length >= fewest.length, "no chain is shorter than can be");
  } else if (answer.kind === "yes") {
    demand(answer.steps.length > BOUND, `${answer.steps.length} steps that were not found`);
  }
}

function noIsACut(drawn: DrawnGraph, right: RightName): void {
  const graph = productGraph(drawn);
  const model = modelGraph(drawn);
  for (const goal of goalsOf(model, right)) {
    const answer = canShare(graph, question(goal));
    if (answer.kind === "no") separates(drawn, goal, answer.cut);
  }
}

/** The holders are those who may come to hold it, and each edge that would open is named, and those alone are said to. */
function separates(drawn: DrawnGraph, goal: Goal, cut: SharingCut): void {
  const graph = productGraph(drawn);
  const model = modelGraph(drawn);
  demand(isSharingCut(graph, question(goal), cut), "it separates");
  const holders = [...model.keys()].filter((x) => isShareable(model, { ...goal, x }));
  demandEqual(cut.holders, holders, "who may come to hold it");
  demandEqual(cut.crossingCount, cut.crossings.length, "all crossings of a small graph are told");
  for (const [source, { explicit }] of model.entries()) {
    for (const target of explicit.keys()) {
      for (const right of ["take", "grant"] as const) {
        if (holds(model, source, right, target)) continue;
        const crossing = cut.crossings.find(
          (one) => one.source === source && one.target === target && one.missing === bitOf(right),
        );
        // With it the edge would be the right, and not carry it.
        if (right === goal.right && target === goal.y) continue;
        const alone = isShareable(modelGraph(withEdge(drawn, { source, target, rights: [right] })), goal);
        if (alone) demand(crossing !== undefined, `${source} -> ${target} with ${right} is a crossing`);
        if (crossing?.opens === true) demand(alone, `${source} -> ${target} with ${right} opens`);
      }
    }
  }
  for (const { source, target, missing, rights } of cut.crossings) {
    demandEqual(rights, heldBits(model, source, target), `the rights of the crossing ${source} -> ${target}`);
    demand((rights & missing) === 0 && rights !== 0, "a crossing is an edge that lacks a right");
  }
}

const graphAndRight = fc.record({ graph: drawnGraphs(7, 12), right: asked });

export const takeGrantLaws: readonly Law[] = [
  law({
    id: "B6",
    statement:
      "one may come to hold a right if islands, spans and bridges say so, and if trying everything does",
    runs: 200,
    cases: graphAndRight,
    holds: ({ graph, right }) => answersAreTheTheorem(graph, right),
  }),
  law({
    id: "B6-chain",
    statement: "the steps of a yes are allowed one after the other, bring the right, and no walk is shorter",
    runs: 200,
    cases: graphAndRight,
    holds: ({ graph, right }) => chainsReplay(graph, right),
  }),
  law({
    id: "B6-bounded",
    statement: `what up to ${BOUND} operations lead to is a yes, and a yes of so few steps is found by trying them`,
    runs: 100,
    cases: fc.record({
      graph: drawnGraphs(4, 6),
      goal: fc.record({ x: fc.nat(3), right: asked, y: fc.nat(3) }),
    }),
    holds: ({ graph, goal }) => fewOperationsAgree(graph, goal),
  }),
  law({
    id: "B6-cut",
    statement: "the cut of a no separates, and names every edge that would let the right through",
    runs: 100,
    cases: fc.record({ graph: drawnGraphs(5, 9), right: asked }),
    holds: ({ graph, right }) => noIsACut(graph, right),
  }),
];
