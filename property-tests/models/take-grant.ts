/**
 * The take-grant model as it was published, as a small state machine: four operations that change who holds what (Lipton and Snyder
 * 1977) and four that let information flow although nothing is held anew (Bishop and Snyder 1979, "The transfer of information and
 * authority in a protection system"). Written from the definitions, for small graphs, in the plainest way: it shares no code with
 * `replay/authority`, and is what that is compared with. As there, vertices of one operation may coincide.
 */

export const rightNames = ["take", "grant", "read", "write", "append", "call"] as const;
export type RightName = (typeof rightNames)[number];

export interface ModelVertex {
  readonly isSubject: boolean;
  /** What it holds, by the other vertex: rights that were given, which may be handed on. */
  readonly explicit: ReadonlyMap<number, ReadonlySet<RightName>>;
  /** Whom it may read without holding the right: information that may come by. */
  readonly implicit: ReadonlySet<number>;
}

export type ModelGraph = readonly ModelVertex[];

export type ModelOperation =
  | {
      readonly name: "take" | "grant";
      /** Takes, or grants. */
      readonly actor: number;
      /** From whom it is taken, or to whom it is granted. */
      readonly other: number;
      readonly rights: readonly RightName[];
      readonly target: number;
    }
  | {
      readonly name: "create";
      readonly actor: number;
      readonly isSubject: boolean;
      readonly rights: readonly RightName[];
    }
  | {
      readonly name: "remove";
      readonly actor: number;
      readonly rights: readonly RightName[];
      readonly target: number;
    }
  | {
      /** Who reads in the end, through whom, and whom. */
      readonly name: "post" | "pass" | "spy" | "find";
      readonly reader: number;
      readonly middle: number;
      readonly read: number;
    };

export const holds = (graph: ModelGraph, holder: number, right: RightName, target: number): boolean =>
  graph[holder]?.explicit.get(target)?.has(right) === true;

const reads = (graph: ModelGraph, reader: number, read: number): boolean =>
  holds(graph, reader, "read", read) || graph[reader]?.implicit.has(read) === true;

const acts = (graph: ModelGraph, vertex: number): boolean => graph[vertex]?.isSubject === true;

/** Whether the rule of an operation lets it happen. */
export function isAllowed(graph: ModelGraph, operation: ModelOperation): boolean {
  switch (operation.name) {
    case "take": {
      const { actor, other, rights, target } = operation;
      return (
        acts(graph, actor) &&
        rights.length > 0 &&
        holds(graph, actor, "take", other) &&
        rights.every((right) => holds(graph, other, right, target))
      );
    }
    case "grant": {
      const { actor, other, rights, target } = operation;
      return (
        acts(graph, actor) &&
        rights.length > 0 &&
        holds(graph, actor, "grant", other) &&
        rights.every((right) => holds(graph, actor, right, target))
      );
    }
    case "create":
      return acts(graph, operation.actor);
    case "remove": {
      const { actor, rights, target } = operation;
      return (
        acts(graph, actor) && rights.length > 0 && rights.every((right) => holds(graph, actor, right, target))
      );
    }
    default:
      return mayFlow(graph, operation);
  }
}

/** The four rules of information: at each of the two hops one who acts has to read, or to write. */
function mayFlow(
  graph: ModelGraph,
  { name, reader, middle, read }: Extract<ModelOperation, { name: "post" | "pass" | "spy" | "find" }>,
): boolean {
  const readsMiddle = acts(graph, reader) && reads(graph, reader, middle);
  const isWrittenBy = (writer: number, written: number): boolean =>
    acts(graph, writer) && holds(graph, writer, "write", written);
  switch (name) {
    case "post":
      return readsMiddle && isWrittenBy(read, middle);
    case "pass":
      return isWrittenBy(middle, reader) && reads(graph, middle, read);
    case "spy":
      return readsMiddle && acts(graph, middle) && reads(graph, middle, read);
    case "find":
      return isWrittenBy(middle, reader) && isWrittenBy(read, middle);
  }
}

/** The graph after an operation, which has to be allowed. */
export function operate(graph: ModelGraph, operation: ModelOperation): ModelGraph {
  if (!isAllowed(graph, operation)) throw new Error(`the rule of ${operation.name} does not allow it`);
  switch (operation.name) {
    case "take":
      return changed(graph, operation.actor, operation.target, (held) => [...held, ...operation.rights]);
    case "grant":
      return changed(graph, operation.other, operation.target, (held) => [...held, ...operation.rights]);
    case "create": {
      const made: ModelVertex = {
        isSubject: operation.isSubject,
        explicit: new Map(),
        implicit: new Set(),
      };
      return changed([...graph, made], operation.actor, graph.length, () => operation.rights);
    }
    case "remove":
      return changed(graph, operation.actor, operation.target, (held) =>
        held.filter((right) => !operation.rights.includes(right)),
      );
    default:
      return graph.map((vertex, index) =>
        index === operation.reader
          ? { ...vertex, implicit: new Set([...vertex.implicit, operation.read]) }
          : vertex,
      );
  }
}

/** A graph in which one vertex holds something else over another. */
function changed(
  graph: ModelGraph,
  holder: number,
  target: number,
  change: (held: readonly RightName[]) => readonly RightName[],
): ModelGraph {
  return graph.map((vertex, index) => {
    if (index !== holder) return vertex;
    const held = new Set(change([...(vertex.explicit.get(target) ?? [])]));
    const explicit = new Map(vertex.explicit);
    if (held.size > 0) explicit.set(target, held);
    else explicit.delete(target);
    return { ...vertex, explicit };
  });
}

/** All rights that one vertex holds over another, in the order of `rightNames`. */
export const heldRights = (graph: ModelGraph, holder: number, target: number): readonly RightName[] =>
  rightNames.filter((right) => holds(graph, holder, right, target));
