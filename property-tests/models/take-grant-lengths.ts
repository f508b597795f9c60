/**
 * How many operations a walk of spans and bridges takes at least, by its definition: lengths between vertices, added up and made
 * smaller until nothing changes. An operation for each edge of a span, one to grant; backward three more for a stretch.
 */
import { holds, type ModelGraph } from "./take-grant.ts";
import type { Goal } from "./take-grant-search.ts";

type Lengths = readonly (readonly number[])[];

const at = (lengths: Lengths, one: number, other: number): number => lengths[one]?.[other] ?? Infinity;

const lengths = (size: number, of: (one: number, other: number) => number): Lengths =>
  Array.from({ length: size }, (_, one) => Array.from({ length: size }, (__, other) => of(one, other)));

/** The least sums over any number of hops. */
function summed(hops: Lengths): Lengths {
  const vertices = [...hops.keys()];
  return vertices.reduce(
    (last, middle) =>
      lengths(hops.length, (one, other) =>
        Math.min(at(last, one, other), at(last, one, middle) + at(last, middle, other)),
      ),
    lengths(hops.length, (one, other) => (one === other ? 0 : at(hops, one, other))),
  );
}

const least = (all: readonly number[]): number => Math.min(Infinity, ...all);

/** The operations of the shortest walk from who holds a right over y to x; infinite if there is none. */
export function walkLength(graph: ModelGraph, { x, right, y }: Goal): number {
  const size = graph.length;
  const vertices = [...graph.keys()];
  const acts = (vertex: number): boolean => graph[vertex]?.isSubject === true;
  const take = summed(lengths(size, (one, other) => (holds(graph, one, "take", other) ? 1 : Infinity)));
  const granted = lengths(size, (one, other) =>
    least(
      vertices.filter((last) => holds(graph, last, "grant", other)).map((last) => at(take, one, last) + 1),
    ),
  );
  const handed = lengths(size, (one, other) =>
    acts(one) && acts(other)
      ? Math.min(
          at(take, other, one),
          least(vertices.map((middle) => at(granted, one, middle) + at(take, other, middle))),
        )
      : Infinity,
  );
  const backward = summed(lengths(size, (one, other) => at(handed, other, one)));
  const any = summed(
    lengths(size, (one, other) => Math.min(at(handed, one, other), at(backward, one, other) + 3)),
  );
  const firsts = vertices.filter((vertex) => holds(graph, vertex, right, y));
  if (firsts.includes(x)) return 0;
  return least(
    firsts.flatMap((first) =>
      vertices.filter(acts).flatMap((taker) =>
        vertices.filter(acts).map((giver) => {
          const end = giver === x ? 0 : at(granted, giver, x);
          return at(take, taker, first) + at(any, taker, giver) + end;
        }),
      ),
    ),
  );
}
