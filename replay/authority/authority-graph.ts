/** The authority of a moment as a graph: who, or what, holds a capability to what. Its `dot` is Graphviz's. */
import type { AuthorityView, HeldRow } from "./authority-view.ts";
import { heldTerms, termsText } from "./capability-text.ts";
import { type Holder, programName, serviceText } from "./holder.ts";
import { keyOf, type ObjectRef } from "./object-ref.ts";
import { trustDomains } from "./trust-domains.ts";

export interface GraphNode {
  readonly id: string;
  readonly kind: ObjectRef["kind"] | "message" | "machine";
  /** The object's name as it can be typed; of a process its program's stands behind it. */
  readonly name: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The capability's id, object and generation with it. */
  readonly capability: string;
  readonly rights: readonly string[];
  /** The slot, service or place where it lies. */
  readonly place: string;
  readonly terms: string;
}

export interface AuthorityGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Processes that can come to share what any of them holds, as ids of nodes: domains of more than one. */
  readonly domains: readonly (readonly string[])[];
}

export function authorityGraph(view: AuthorityView): AuthorityGraph {
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  const node = (id: string, kind: GraphNode["kind"], name: string): string => {
    if (!nodes.has(id)) nodes.set(id, { id, kind, name });
    return id;
  };
  for (const row of view.rows) {
    if (row.capability.object === "void") continue;
    const from = node(...holderNode(view, row.holder));
    const to = node(...objectNode(view, row.ref));
    edges.push(edgeOf(view, row, from, to));
  }
  const domains = trustDomains(view)
    .map((pids) => pids.map((id) => keyOf({ kind: "process", id })).filter((id) => nodes.has(id)))
    .filter((ids) => ids.length > 1);
  return { nodes: [...nodes.values()], edges, domains };
}

type NodeParts = readonly [id: string, kind: GraphNode["kind"], name: string];

function objectNode(view: AuthorityView, ref: ObjectRef): NodeParts {
  const program = ref.kind === "process" ? ` ${programName(view.state, ref.id)}` : "";
  return [keyOf(ref), ref.kind, `${view.names.nameOf(ref)}${program}`];
}

function holderNode(view: AuthorityView, holder: Holder): NodeParts {
  switch (holder.kind) {
    case "slot":
    case "service":
      return objectNode(view, { kind: "process", id: holder.pid });
    case "message":
      return [`message:${holder.pid}`, "message", `message of process:${holder.pid}`];
    case "kept":
      return objectNode(view, holder.by);
    case "machine":
      return ["machine", "machine", "the machine"];
  }
}

function edgeOf(view: AuthorityView, row: HeldRow, from: string, to: string): GraphEdge {
  return {
    from,
    to,
    capability: view.idOf(row),
    rights: view.rightsOf(row),
    place: placeText(row.holder),
    terms: termsText(heldTerms(row.capability.terms)),
  };
}

function placeText(holder: Holder): string {
  switch (holder.kind) {
    case "slot":
      return `slot ${holder.slot}`;
    case "service":
      return serviceText(holder.service);
    case "message":
      return holder.isWay ? "sent through" : `given ${holder.place}`;
    default:
      return `[${holder.index}]`;
  }
}

const shapes: Partial<Record<GraphNode["kind"], string>> = {
  process: "box",
  table: "folder",
  message: "note",
  machine: "doubleoctagon",
};

/** More rights than these are counted: an edge has to be read. */
const NAMED_RIGHTS = 4;

/** The graph in the language of Graphviz, a node or an edge a line. */
export function* dotLines({ nodes, edges, domains }: AuthorityGraph): Generator<string> {
  yield "digraph authority {";
  yield "  rankdir=LR;";
  for (const { id, kind, name } of nodes)
    yield `  ${quoted(id)} [label=${quoted(name)}, shape=${shapes[kind] ?? "ellipse"}];`;
  for (const [index, ids] of domains.entries())
    yield `  subgraph cluster_${index} { label="one domain of trust"; ${ids.map((id) => `${quoted(id)};`).join(" ")} }`;
  for (const { from, to, rights, place, terms } of edges) {
    const named =
      rights.length <= NAMED_RIGHTS
        ? rights.join(", ")
        : `${rights.slice(0, NAMED_RIGHTS).join(", ")} and ${rights.length - NAMED_RIGHTS} more`;
    const label = [place, named, terms].filter((part) => part !== "").join("\n");
    yield `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(label)}${terms === "" ? "" : ", style=dashed"}];`;
  }
  yield "}";
}

/** A text as a string of dot: a backslash is one only if it is doubled, and a control character is shown as what it is. */
const quoted = (text: string): string =>
  `"${text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll(/\p{Cc}/gu, (each) => `\\\\x${each.charCodeAt(0).toString(16).padStart(2, "0")}`)}"`;
