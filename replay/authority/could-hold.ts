/**
 * Whether a process can ever come to a right on an object, by what all processes hold now: the kernel's state as a protection graph, and
 * take-grant reachability in it (Lipton and Snyder 1977). A subject is a process that lives. To `fetch` from a table, to receive from an
 * endpoint and to hear the answer to a call is to take; to `store`, to send by the right to `grant`, and to answer is to grant; what a
 * table, a box or a queue holds hangs from it. Who holds a directory has what can be opened through it.
 *
 * A no is a no: nobody comes to the right by any sequence of calls, however many processes are started (law B6-kernel), unless whoever
 * made the machine gives more. A yes is a chain of steps that the graph allows and that all who act are willing to take; whether a box's
 * holder also comes by its brand, and whether leases last that long, the graph does not ask.
 */
import { ASKED, AuthorityEdges, type CouldQuestion, type Vertex } from "./authority-edges.ts";
import type { AuthorityView } from "./authority-view.ts";
import { type SharingAnswer, verifiedShare } from "./can-share.ts";
import type { ProtectionGraph } from "./protection-graph.ts";

export interface CouldAnswer {
  readonly graph: ProtectionGraph;
  readonly vertices: readonly Vertex[];
  readonly question: { readonly right: number; readonly x: number; readonly y: number };
  readonly answer: SharingAnswer;
}

export function couldHold(view: AuthorityView, asked: CouldQuestion): CouldAnswer {
  const made = new AuthorityEdges(view, asked);
  const x = made.process(asked.pid);
  const y = made.object(asked.object.kind, asked.object.id);
  for (const row of view.rows) made.add(row);
  const graph = made.builder.build();
  const question = { right: ASKED, x, y };
  return { graph, vertices: made.vertices, question, answer: verifiedShare(graph, question) };
}
