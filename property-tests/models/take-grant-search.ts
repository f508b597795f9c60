/** What sequences of operations can lead to, by trying them. */
import {
  heldRights,
  holds,
  isAllowed,
  type ModelGraph,
  type ModelOperation,
  operate,
  type RightName,
  rightNames,
} from "./take-grant.ts";

export interface Goal {
  readonly x: number;
  readonly right: RightName;
  readonly y: number;
}

/**
 * Every operation by which somebody may come to hold more. All rights that can be handed on are, since no rule asks that a right be
 * missing; for the same reason nothing is ever removed. What is created is an object over which its maker holds all rights: a
 * subject could only act on what its maker gave it.
 */
export function gains(graph: ModelGraph): readonly ModelOperation[] {
  const vertices = [...graph.keys()];
  const subjects = vertices.filter((vertex) => graph[vertex]?.isSubject === true);
  const handedOn = subjects.flatMap((actor) =>
    vertices.flatMap((other) =>
      vertices.flatMap((target): readonly ModelOperation[] => [
        { name: "take", actor, other, target, rights: heldRights(graph, other, target) },
        { name: "grant", actor, other, target, rights: heldRights(graph, actor, target) },
      ]),
    ),
  );
  return [
    ...handedOn.filter((operation) => isAllowed(graph, operation)),
    ...subjects.map(
      (actor): ModelOperation => ({ name: "create", actor, isSubject: false, rights: rightNames }),
    ),
  ];
}

/** The fewest operations after which x holds the right over y, breadth first; null if no sequence within a bound does. */
export function fewestOperations(
  graph: ModelGraph,
  { x, right, y }: Goal,
  bound: number,
): readonly ModelOperation[] | null {
  interface Reached {
    readonly graph: ModelGraph;
    readonly operations: readonly ModelOperation[];
  }
  let last: readonly Reached[] = [{ graph, operations: [] }];
  const known = new Set([keyOf(graph)]);
  for (let count = 0; ; count += 1) {
    const found = last.find((reached) => holds(reached.graph, x, right, y));
    if (found !== undefined) return found.operations;
    if (count === bound) return null;
    const next: Reached[] = [];
    for (const reached of last) {
      for (const operation of gains(reached.graph)) {
        const after = operate(reached.graph, operation);
        const key = keyOf(after);
        if (known.has(key)) continue;
        known.add(key);
        next.push({ graph: after, operations: [...reached.operations, operation] });
      }
    }
    last = next;
  }
}

/** Equal for equal graphs; implicit edges left aside. */
const keyOf = (graph: ModelGraph): string =>
  graph
    .map(({ isSubject, explicit }) => {
      const held = [...explicit.keys()]
        .sort((one, other) => one - other)
        .map(
          (target) => `${target}:${rightNames.filter((right) => explicit.get(target)?.has(right)).join(" ")}`,
        );
      return `${isSubject ? "s" : "o"} ${held.join(",")}`;
    })
    .join("|");

/**
 * All that can ever be held, if each subject creates one object and everything is handed on until nothing changes: every sequence
 * of any length in which no subject creates more than one.
 */
export function saturated(graph: ModelGraph): ModelGraph {
  const creations = gains(graph).filter(({ name }) => name === "create");
  const held = creations.reduce(operate, graph).map(({ isSubject, explicit }) => ({
    isSubject,
    rows: new Map([...explicit].map(([target, rights]) => [target, new Set(rights)])),
  }));
  const give = (receiver: number, rows: ReadonlyMap<number, ReadonlySet<RightName>>): boolean => {
    const own = held[receiver]?.rows ?? new Map<number, Set<RightName>>();
    let isMore = false;
    for (const [target, rights] of rows) {
      const known = own.get(target) ?? new Set<RightName>();
      own.set(target, known);
      for (const right of rights) {
        isMore ||= !known.has(right);
        known.add(right);
      }
    }
    return isMore;
  };
  for (let isMore = true; isMore; ) {
    isMore = false;
    for (const [actor, { isSubject, rows }] of held.entries()) {
      if (!isSubject) continue;
      for (const [other, rights] of rows) {
        if (rights.has("take") && give(actor, held[other]?.rows ?? new Map())) isMore = true;
        if (rights.has("grant") && give(other, rows)) isMore = true;
      }
    }
  }
  return held.map(({ isSubject, rows }) => ({ isSubject, explicit: rows, implicit: new Set<number>() }));
}
