/** What steps may happen in a protection graph, and what no number of them can bring about. */
import fc from "fast-check";
import { canShare } from "../../replay/authority/can-share.ts";
import { ChangedGraph } from "../../replay/authority/changed-graph.ts";
import type { DeJureStep } from "../../replay/authority/de-jure-step.ts";
import { perform } from "../../replay/authority/perform.ts";
import {
  bitOf,
  bitsOf,
  type DrawnGraph,
  drawnGraphs,
  heldBits,
  modelGraph,
  modelOperation,
  namesOfBits,
  productGraph,
} from "../models/drawn-protection.ts";
import { spansOf } from "../models/take-grant-closure.ts";
import { isAllowed, operate } from "../models/take-grant.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

interface DrawnStep {
  readonly kind: DeJureStep["kind"];
  readonly vertices: readonly [number, number, number];
  readonly rights: number;
}

const drawnSteps = (maxLength: number): fc.Arbitrary<readonly DrawnStep[]> =>
  fc.noBias(
    fc.array(
      fc.record({
        kind: fc.constantFrom<DeJureStep["kind"]>(
          "take",
          "take",
          "take",
          "grant",
          "grant",
          "create",
          "remove",
        ),
        vertices: fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)),
        rights: fc.constantFrom(1, 2, 3, 4, 63),
      }),
      { maxLength },
    ),
  );

function stepOf({ kind, vertices, rights }: DrawnStep, vertexCount: number): DeJureStep {
  const [actor, other, target] = vertices.map((vertex) => vertex % vertexCount) as [number, number, number];
  switch (kind) {
    case "take":
      return { kind, actor, from: other, rights, target };
    case "grant":
      return { kind, actor, to: other, rights, target };
    case "create":
      return { kind, actor, vertex: vertexCount, isSubject: other % 2 === 0, rights };
    case "remove":
      return { kind, actor, rights, target };
  }
}

/** The product lets happen what the model allows, and nothing else, and comes to the same edges. */
function rulesAreTheModels(drawn: DrawnGraph, steps: readonly DrawnStep[]): void {
  const changed = new ChangedGraph(productGraph(drawn));
  let model = modelGraph(drawn);
  for (const drawnStep of steps) {
    const step = stepOf(drawnStep, changed.vertexCount);
    const isLegal = changed.refusalOf(step) === null;
    demandEqual(
      isLegal,
      isAllowed(model, modelOperation(step)),
      `whether it may happen: ${JSON.stringify(step)}`,
    );
    if (!isLegal) continue;
    changed.happen(step);
    model = operate(model, modelOperation(step));
  }
  const after = new ChangedGraph(changed.toGraph());
  demandEqual(after.vertexCount, model.length, "the vertices");
  for (const [source, { isSubject }] of model.entries()) {
    demandEqual(after.isSubject(source), isSubject, `whether ${source} is a subject`);
    for (const target of model.keys())
      demandEqual(
        after.rightsBetween(source, target),
        heldBits(model, source, target),
        `${source} -> ${target}`,
      );
  }
}

/** What the product lets happen of these steps, those that are refused left out, by `perform`. */
function performed(drawn: DrawnGraph, drawnSteps: readonly DrawnStep[]): ChangedGraph {
  const graph = productGraph(drawn);
  const taken: DeJureStep[] = [];
  let changed = new ChangedGraph(graph);
  for (const drawnStep of drawnSteps) {
    const after = perform(graph, [...taken, stepOf(drawnStep, changed.vertexCount)]);
    if (!after.ok) continue;
    taken.push(stepOf(drawnStep, changed.vertexCount));
    changed = after.value;
  }
  return changed;
}

/** Nobody holds in the end what some subject that he was joined to could not take in the beginning. */
function authorityIsConfined(drawn: DrawnGraph, steps: readonly DrawnStep[]): void {
  const before = modelGraph(drawn);
  const { terminal, initial, connected } = spansOf(before);
  const after = performed(drawn, steps);
  for (const x of before.keys()) {
    const around = [...before.keys()].filter((subject) =>
      [...before.keys()].some(
        (giver) => (giver === x || initial[giver]?.[x] === true) && connected[giver]?.[subject] === true,
      ),
    );
    for (const y of before.keys()) {
      const may = [...before.keys()]
        .filter((holder) => holder === x || around.some((subject) => terminal[subject]?.[holder] === true))
        .reduce((bits, holder) => bits | heldBits(before, holder, y), 0);
      const more = after.rightsBetween(x, y) & ~may;
      demand(more === 0, `${x} holds ${namesOfBits(more).join(" ")} over ${y}, and nobody around did`);
    }
  }
}

/** Whether what a subject alone holds can come to another: so the product says who is joined to whom. */
function isJoined(graph: ChangedGraph, one: number, other: number): boolean {
  const secret = graph.vertexCount;
  const actor = one;
  const isMade = perform(graph.toGraph(), [
    { kind: "create", actor, vertex: secret, isSubject: false, rights: bitsOf(["call"]) },
  ]);
  if (!isMade.ok) return false;
  return canShare(isMade.value.toGraph(), { x: other, right: bitOf("call"), y: secret }).kind === "yes";
}

function connectivityNeverGrows(drawn: DrawnGraph, steps: readonly DrawnStep[]): void {
  const { connected } = spansOf(modelGraph(drawn));
  const before = new ChangedGraph(productGraph(drawn));
  const after = performed(drawn, steps);
  const subjects = drawn.subjects.flatMap((isSubject, index) => (isSubject ? [index] : []));
  for (const one of subjects) {
    for (const other of subjects) {
      const was = connected[one]?.[other] === true;
      demandEqual(isJoined(before, one, other), was, `whether ${one} and ${other} are joined at first`);
      demand(was || !isJoined(after, one, other), `${one} and ${other} are joined, and were not`);
    }
  }
}

const graphAndSteps = fc.record({ steps: drawnSteps(40), graph: drawnGraphs(6, 12) });

export const confinementLaws: readonly Law[] = [
  law({
    id: "B6-rules",
    statement:
      "a step may happen if the rules of take, grant, create and remove allow it, and changes what they say",
    runs: 150,
    cases: graphAndSteps,
    holds: ({ graph, steps }) => rulesAreTheModels(graph, steps),
  }),
  law({
    id: "B2-graph",
    statement: "whatever happens, one holds no right that none held whom one was joined to",
    runs: 150,
    cases: graphAndSteps,
    holds: ({ graph, steps }) => authorityIsConfined(graph, steps),
  }),
  law({
    id: "B3-graph",
    statement: "whatever happens, subjects that were not joined never are",
    runs: 150,
    cases: graphAndSteps,
    holds: ({ graph, steps }) => connectivityNeverGrows(graph, steps),
  }),
];
