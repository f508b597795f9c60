/**
 * The theorem of can·share by its definitions: relations between vertices, made from the edges by composing, turning round, joining
 * and closing, as the words of spans and bridges say. As slow as it is plain.
 */
import { holds, type ModelGraph } from "./take-grant.ts";
import type { Goal } from "./take-grant-search.ts";

type Relation = readonly (readonly boolean[])[];

const related = (relation: Relation, one: number, other: number): boolean => relation[one]?.[other] === true;

function relation(size: number, holdsOf: (one: number, other: number) => boolean): Relation {
  const indices = [...Array(size).keys()];
  return indices.map((one) => indices.map((other) => holdsOf(one, other)));
}

const turned = (of: Relation): Relation => relation(of.length, (one, other) => related(of, other, one));

const either = (...all: readonly Relation[]): Relation =>
  relation(all[0]?.length ?? 0, (one, other) => all.some((each) => related(each, one, other)));

const composed = (first: Relation, ...others: readonly Relation[]): Relation =>
  others.reduce(
    (before, next) =>
      relation(first.length, (one, other) =>
        [...before.keys()].some((middle) => related(before, one, middle) && related(next, middle, other)),
      ),
    first,
  );

/** The words of any length, the empty one too: squared until nothing is added. */
function closed(of: Relation): Relation {
  let last = relation(of.length, (one, other) => one === other || related(of, one, other));
  for (;;) {
    const before = last;
    const next = composed(before, before);
    if (next.every((row, one) => row.every((is, other) => is === related(before, one, other)))) return next;
    last = next;
  }
}

export interface Spans {
  /** t*>: the one can come to take from the other. */
  readonly terminal: Relation;
  /** t*> g>: the one can come to grant to the other. */
  readonly initial: Relation;
  /** Subjects that are joined by islands and bridges, each with itself. */
  readonly connected: Relation;
}

export function spansOf(graph: ModelGraph): Spans {
  const size = graph.length;
  const take = relation(size, (one, other) => holds(graph, one, "take", other));
  const grant = relation(size, (one, other) => holds(graph, one, "grant", other));
  const terminal = closed(take);
  const back = turned(terminal);
  const edge = either(take, grant);
  const islands = either(edge, turned(edge));
  const bridges = either(
    terminal,
    back,
    composed(terminal, grant, back),
    composed(terminal, turned(grant), back),
  );
  const among = relation(
    size,
    (one, other) =>
      graph[one]?.isSubject === true &&
      graph[other]?.isSubject === true &&
      (related(islands, one, other) || related(bridges, one, other)),
  );
  return { terminal, initial: composed(terminal, grant), connected: closed(among) };
}

/** Whether the theorem says that x can come to hold the right over y. */
export function isShareable(graph: ModelGraph, { x, right, y }: Goal): boolean {
  if (holds(graph, x, right, y)) return true;
  const { terminal, initial, connected } = spansOf(graph);
  const vertices = [...graph.keys()];
  const subjects = vertices.filter((vertex) => graph[vertex]?.isSubject === true);
  const holders = vertices.filter((vertex) => holds(graph, vertex, right, y));
  const takers = subjects.filter((subject) => holders.some((holder) => related(terminal, subject, holder)));
  const givers = subjects.filter((subject) => subject === x || related(initial, subject, x));
  return takers.some((taker) => givers.some((giver) => related(connected, taker, giver)));
}
