/** What steps may happen in a protection graph, and what no number of them can bring about. */
import fc from "fast-check";
import { canShare } from "../../replay/authority/can-share.ts";
import { ChangedGraph } from "../../replay/authority/changed-graph.ts";
import type { DeJureStep } from "../../replay/authority/de-jure-step.ts";
import { perform } from "../../replay/authority/perform.ts";
import { GRANT, TAKE } from "../../replay/authority/protection-graph.ts";
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

const stepKind = fc.constantFrom<DeJureStep["kind"]>(
  "take",
  "take",
  "take",
  "grant",
  "grant",
  "grant",
  "create",
  "remove",
);

const drawnSteps = (maxLength: number): fc.Arbitrary<readonly DrawnStep[]> =>
  fc.noBias(
    fc.array(
      fc.record({
        kind: stepKind,
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

interface Choice {
  readonly kind: DeJureStep["kind"];
  readonly rights: number;
  /** Which of all that may happen then. */
  readonly index: number;
}

const choices: fc.Arbitrary<readonly Choice[]> = fc.noBias(
  fc.array(
    fc.record({ kind: stepKind, rights: fc.constantFrom(1, 1, 2, 3, 3, 4, 36), index: fc.nat(1000) }),
    { maxLength: 12 },
  ),
);

/** The graph after such of all steps as the product lets happen. */
function performed(drawn: DrawnGraph, chosen: readonly Choice[]): ChangedGraph {
  const graph = productGraph(drawn);
  const changed = new ChangedGraph(graph);
  const steps: DeJureStep[] = [];
  for (const { kind, rights, index } of chosen) {
    const legal = stepsOf(kind, rights, changed.vertexCount).filter(
      (step) => changed.refusalOf(step) === null,
    );
    const step = legal[index % legal.length];
    if (step === undefined) continue;
    changed.happen(step);
    steps.push(step);
  }
  const after = perform(graph, steps);
  if (!after.ok) throw new Error(`${after.error.broken}, and was before`);
  return after.value;
}

/** The graph after each subject has created an object and `take` and `grant` went wherever the product lets them. */
function exhausted(drawn: DrawnGraph): ChangedGraph {
  const changed = new ChangedGraph(productGraph(drawn));
  const happen = (step: DeJureStep): boolean => {
    const receiver = step.kind === "grant" ? step.to : step.actor;
    const isNew = step.kind === "create" || !changed.holds(receiver, step.rights, step.target);
    if (!isNew || changed.refusalOf(step) !== null) return false;
    changed.happen(step);
    return true;
  };
  for (const actor of drawn.subjects.keys())
    happen({ kind: "create", actor, vertex: changed.vertexCount, isSubject: false, rights: TAKE | GRANT });
  const steps = [TAKE, GRANT].flatMap((rights) => [
    ...stepsOf("take", rights, changed.vertexCount),
    ...stepsOf("grant", rights, changed.vertexCount),
  ]);
  while (steps.filter(happen).length > 0);
  return changed;
}

/** All steps of one kind, whether they may happen or not. */
function stepsOf(kind: DeJureStep["kind"], rights: number, vertexCount: number): readonly DeJureStep[] {
  const vertices = [...Array(vertexCount).keys()];
  const others = kind === "take" || kind === "grant" ? vertices : [0, 1];
  const targets = kind === "create" ? [0] : vertices;
  return vertices.flatMap((actor) =>
    others.flatMap((other) =>
      targets.map((target) => stepOf({ kind, vertices: [actor, other, target], rights }, vertexCount)),
    ),
  );
}

/** Nobody holds in the end what some subject that he was joined to could not take in the beginning. */
function authorityIsConfined(drawn: DrawnGraph, steps: readonly Choice[]): void {
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

/** After some steps, or after all that there are. */
function connectivityNeverGrows(drawn: DrawnGraph, steps: readonly Choice[] | null): void {
  const { connected } = spansOf(modelGraph(drawn));
  const before = new ChangedGraph(productGraph(drawn));
  const after = steps === null ? exhausted(drawn) : performed(drawn, steps);
  const subjects = drawn.subjects.flatMap((isSubject, index) => (isSubject ? [index] : []));
  for (const one of subjects) {
    for (const other of subjects) {
      const was = connected[one]?.[other] === true;
      demandEqual(isJoined(before, one, other), was, `whether ${one} and ${other} are joined at first`);
      demand(was || !isJoined(after, one, other), `${one} and ${other} are joined, and were not`);
    }
  }
}

const graphAndChoices = fc.record({ steps: choices, graph: drawnGraphs(6, 12) });
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
    cases: graphAndChoices,
    holds: ({ graph, steps }) => authorityIsConfined(graph, steps),
  }),
  law({
    id: "B3-graph",
    statement: "whatever happens, subjects that were not joined never are",
    runs: 150,
    cases: fc.record({ steps: fc.option(choices, { freq: 1 }), graph: drawnGraphs(6, 9) }),
    holds: ({ graph, steps }) => connectivityNeverGrows(graph, steps),
  }),
];
