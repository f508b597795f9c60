import { invariant } from "../../core/assert.ts";
import type { ProtectionEdge, ProtectionGraph } from "./protection-graph.ts";

interface Edges {
  readonly count: number;
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  readonly rights: Uint32Array;
}

const FIRST_CAPACITY = 64;

/** The way to a protection graph: vertices and edges in any order; rights that are added between the same two are joined. */
export class ProtectionGraphBuilder {
  #kinds: number[] = [];
  #count = 0;
  #sources = new Int32Array(FIRST_CAPACITY);
  #targets = new Int32Array(FIRST_CAPACITY);
  #rights = new Uint32Array(FIRST_CAPACITY);

  /** A vertex that may act; its number. */
  addSubject(): number {
    return this.#kinds.push(1) - 1;
  }

  /** A vertex that may not; its number. */
  addObject(): number {
    return this.#kinds.push(0) - 1;
  }

  /** An edge without rights is none. */
  addEdge({ source, target, rights }: ProtectionEdge): void {
    invariant(source >= 0 && source < this.#kinds.length, "the source of an edge is a vertex");
    invariant(target >= 0 && target < this.#kinds.length, "the target of an edge is a vertex");
    if (rights === 0) return;
    if (this.#count === this.#sources.length) this.#grow();
    this.#sources[this.#count] = source;
    this.#targets[this.#count] = target;
    this.#rights[this.#count] = rights;
    this.#count += 1;
  }

  /** The graph of what was added so far. Linear in vertices and edges. */
  build(): ProtectionGraph {
    const vertexCount = this.#kinds.length;
    const added = {
      count: this.#count,
      sources: this.#sources,
      targets: this.#targets,
      rights: this.#rights,
    };
    const joined = join(sorted(vertexCount, sorted(vertexCount, added, "targets"), "sources"));
    const turned = sorted(vertexCount, joined, "targets");
    return {
      vertexCount,
      edgeCount: joined.count,
      subjects: Uint8Array.from(this.#kinds),
      outStarts: startsOf(vertexCount, joined.sources, joined.count),
      targets: joined.targets,
      rights: joined.rights,
      inStarts: startsOf(vertexCount, turned.targets, turned.count),
      sources: turned.sources,
      inRights: turned.rights,
    };
  }

  #grow(): void {
    const capacity = this.#sources.length * 2;
    const [sources, targets, rights] = [this.#sources, this.#targets, this.#rights];
    this.#sources = new Int32Array(capacity);
    this.#targets = new Int32Array(capacity);
    this.#rights = new Uint32Array(capacity);
    this.#sources.set(sources);
    this.#targets.set(targets);
    this.#rights.set(rights);
  }
}

/** Where the edges of each vertex begin, if they lie in the order of these ends. */
function startsOf(vertexCount: number, ends: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(vertexCount + 1);
  for (let edge = 0; edge < count; edge += 1) {
    const next = (ends[edge] as number) + 1;
    starts[next] = (starts[next] as number) + 1;
  }
  for (let vertex = 0; vertex < vertexCount; vertex += 1)
    starts[vertex + 1] = (starts[vertex + 1] as number) + (starts[vertex] as number);
  return starts;
}

/** The edges in the order of one of their ends, and those with the same end in the order that they had. */
function sorted(vertexCount: number, edges: Edges, by: "sources" | "targets"): Edges {
  const { count } = edges;
  const ends = edges[by];
  const places = startsOf(vertexCount, ends, count);
  const [sources, targets, rights] = [new Int32Array(count), new Int32Array(count), new Uint32Array(count)];
  for (let edge = 0; edge < count; edge += 1) {
    const end = ends[edge] as number;
    const place = places[end] as number;
    places[end] = place + 1;
    sources[place] = edges.sources[edge] as number;
    targets[place] = edges.targets[edge] as number;
    rights[place] = edges.rights[edge] as number;
  }
  return { count, sources, targets, rights };
}

/** One edge for all that lie beside each other and have the same ends. Writes over what it reads. */
function join({ count, sources, targets, rights }: Edges): Edges {
  let last = -1;
  for (let edge = 0; edge < count; edge += 1) {
    const isSame = last >= 0 && sources[last] === sources[edge] && targets[last] === targets[edge];
    if (!isSame) last += 1;
    sources[last] = sources[edge] as number;
    targets[last] = targets[edge] as number;
    rights[last] = isSame ? (rights[last] as number) | (rights[edge] as number) : (rights[edge] as number);
  }
  const joined = last + 1;
  return {
    count: joined,
    sources: sources.subarray(0, joined),
    targets: targets.subarray(0, joined),
    rights: rights.subarray(0, joined),
  };
}
