/**
 * Domains of trust: processes that can come to share whatever any of them holds, by what all hold now (take-grant: subjects that islands
 * and bridges join). Whoever sends to an endpoint with the right to grant and whoever receives there are of one (law B9): a policy that
 * names them apart is none. What the machine
 * itself hands out, such as what a process is started with, joins nobody.
 */
import { AuthorityEdges, type Vertex } from "./authority-edges.ts";
import type { AuthorityView, HeldRow } from "./authority-view.ts";
import { isSubject } from "./protection-graph.ts";
import { joinedSubjects } from "./sharing-sides.ts";

/** The pids of each domain, ascending; the domains by their first. Who shares with nobody is one alone. */
export type TrustDomains = readonly (readonly number[])[];

/** By what is held, or by some of it. */
export function trustDomains(view: AuthorityView, rows: readonly HeldRow[] = view.rows): TrustDomains {
  const made = new AuthorityEdges(view, null, rows);
  for (const row of rows) made.add(row);
  const graph = made.builder.build();
  const domains: number[][] = [];
  const done = new Set<number>();
  for (let vertex = 0; vertex < graph.vertexCount; vertex += 1) {
    if (!isSubject(graph, vertex) || done.has(vertex)) continue;
    // From whom anything can come to one of a domain are those of it: bridges join both ways.
    const domain = joinedSubjects(graph, vertex);
    for (const other of domain) done.add(other);
    const pids = domain.flatMap((other) => pidOf(made.vertices[other]));
    domains.push(pids.sort(ascending));
  }
  return domains.sort(([one = 0], [other = 0]) => one - other);
}

const pidOf = (vertex: Vertex | undefined): readonly number[] =>
  vertex?.kind === "process" ? [vertex.pid] : [];
const ascending = (one: number, other: number): number => one - other;
