/**
 * A protection graph (Lipton and Snyder, "A linear time algorithm for deciding subject security", JACM 24:3, 1977): vertices that
 * act, called subjects, vertices that do not, called objects, and edges that say which rights the one holds over the other. Two
 * rights are special: who holds `take` over a vertex may take what that vertex holds, and who holds `grant` over it may give it
 * what he holds himself. All others are words.
 *
 * The graph knows nothing of the kernel. Who builds one says what is a subject, what counts as taking and what as granting. It is
 * made once and read often, so it is kept as rows of numbers: the edges in the order of their sources, and once more in that of
 * their targets. Between two vertices there is one edge at most in each direction. Unlike in the paper a vertex may hold rights
 * over itself, since a table may hold a capability to itself.
 */

/** May take what the other vertex holds. */
export const TAKE = 1;
/** May give the other vertex what one holds oneself. */
export const GRANT = 2;

/** Who holds which rights over whom. Rights are a set of 32 bits, of which the lowest two are `take` and `grant`. */
export interface ProtectionEdge {
  readonly source: number;
  readonly target: number;
  readonly rights: number;
}

/** Vertices are numbered from 0 in the order in which they were added. */
export interface ProtectionGraph {
  readonly vertexCount: number;
  readonly edgeCount: number;
  /** 1 for a subject, 0 for an object. */
  readonly subjects: Uint8Array;
  /** Where the edges of a source begin in `targets` and `rights`; one more entry than there are vertices. */
  readonly outStarts: Int32Array;
  /** Ascending for each source. */
  readonly targets: Int32Array;
  readonly rights: Uint32Array;
  /** Where the edges to a target begin in `sources` and `inRights`. */
  readonly inStarts: Int32Array;
  readonly sources: Int32Array;
  readonly inRights: Uint32Array;
}

export const isSubject = (graph: ProtectionGraph, vertex: number): boolean => graph.subjects[vertex] === 1;

/** The rights that one vertex holds over another: 0 where there is no edge. Looks for the target by halving. */
export function rightsBetween(graph: ProtectionGraph, source: number, target: number): number {
  let low = graph.outStarts[source] as number;
  const end = graph.outStarts[source + 1] as number;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((graph.targets[middle] as number) < target) low = middle + 1;
    else high = middle;
  }
  return low < end && graph.targets[low] === target ? (graph.rights[low] as number) : 0;
}

/** An edge by its place in `targets`, and the source among whose it lies. */
export const edgeAt = (graph: ProtectionGraph, source: number, edge: number): ProtectionEdge => ({
  source,
  target: graph.targets[edge] as number,
  rights: graph.rights[edge] as number,
});

/** Shows every edge, in the order of sources and then of targets: its source, and its place in `targets` and `rights`. */
export function eachEdge(graph: ProtectionGraph, visit: (source: number, edge: number) => void): void {
  for (let source = 0; source < graph.vertexCount; source += 1) {
    const end = graph.outStarts[source + 1] as number;
    for (let edge = graph.outStarts[source] as number; edge < end; edge += 1) visit(source, edge);
  }
}
