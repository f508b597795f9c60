/**
 * Which functions may be on the stack when the process is suspended: those that call what is outside, those
 * whose ticks may run out (they have a loop, or are part of a cycle of calls), and whoever calls one of them.
 * An indirect call may reach every function of its type that a table may ever hold: elements, ref.func.
 */
import { cycleBreakers } from "./cycle-breakers.ts";
import { stackCost } from "./emit-stack-bound.ts";
import { refuse } from "../module/module-refusal.ts";
import type { ModuleShape } from "./module-shape.ts";
import type { Signature } from "./signatures.ts";
import { type Graph, strongComponents } from "./strong-components.ts";
import type { Survey } from "./survey-bodies.ts";

/** What a call to the outside may need of the stack. */
const IMPORT_BYTES = 4096;

/** What functions that take nothing of the bytes of stack may need together: V8's stack has that much more. */
const MAX_WAY_BYTES = 64 * 1024 * 1024;

export interface CallGraph {
  /** By function number: 1 if a call of it may come back suspended. Imported ones may. */
  readonly suspendable: Uint8Array;
  /** By function number: what it takes of the stack, if it is one that breaks cycles; else 0. */
  readonly stackCosts: Float64Array;
  /** Whether an indirect call of this type may come back suspended. */
  readonly suspendsIndirect: (signature: Signature) => boolean;
}

export function callGraph(shape: ModuleShape, survey: Survey): CallGraph {
  const functionCount = shape.functions.length;
  const types = typeNodes(shape, survey);
  const graph = graphOf(shape, survey, types);
  const nodeCount = graph.starts.length - 1;
  const components = strongComponents(graph);
  const recursive = new Uint8Array(nodeCount);
  for (let node = 0; node < nodeCount; node += 1) {
    const component = components.of[node] as number;
    recursive[node] = (components.sizes[component] as number) > 1 || callsItself(graph, node) ? 1 : 0;
  }
  // Components are numbered callees first: one pass in that order is enough.
  const order = nodesInOrder(components.of, components.sizes.length);
  const suspendable = new Uint8Array(nodeCount);
  for (const node of order) {
    const body = node - shape.imports.length;
    const isLeaf = body < 0 || recursive[node] === 1;
    const hasLoop = node < functionCount && body >= 0 && survey.loopCounts.at(body) > 0;
    suspendable[node] = isLeaf || hasLoop || callsAny(graph, node, suspendable) ? 1 : 0;
  }
  const breakers = cycleBreakers(graph, functionCount, (index) => {
    const body = index - shape.imports.length;
    return body < 0 ? IMPORT_BYTES : stackCost(survey.localCounts.at(body));
  });
  if (breakers.longestWay > MAX_WAY_BYTES)
    refuse(
      0,
      "its functions call each other too deeply, without any recursion",
      "Give functions fewer locals.",
    );
  return {
    suspendable,
    stackCosts: breakers.costs,
    suspendsIndirect: (signature) => suspendable[types.get(signature) ?? -1] === 1,
  };
}

/** A node for each type of an indirect call, behind those of the functions. */
function typeNodes(shape: ModuleShape, survey: Survey): Map<Signature, number> {
  const nodes = new Map<Signature, number>();
  for (let at = 0; at < survey.indirect.length; at += 1) {
    const signature = shape.signatures.at(survey.indirect.at(at)) ?? shape.signatures.empty;
    if (!nodes.has(signature)) nodes.set(signature, shape.functions.length + nodes.size);
  }
  return nodes;
}

function graphOf(shape: ModuleShape, survey: Survey, types: ReadonlyMap<Signature, number>): Graph {
  const functionCount = shape.functions.length;
  const members = new Map<Signature, number[]>();
  for (const index of new Set([...shape.referenced, ...survey.referenced])) {
    const signature = shape.functions[index] as Signature;
    const list = members.get(signature);
    if (list !== undefined) list.push(index);
    else if (types.has(signature)) members.set(signature, [index]);
  }
  const starts = new Int32Array(functionCount + types.size + 1);
  const memberCount = [...members.values()].reduce((sum, list) => sum + list.length, 0);
  const targets = new Int32Array(survey.calls.length + survey.indirect.length + memberCount);
  let at = 0;
  for (let node = 0; node < functionCount; node += 1) {
    starts[node] = at;
    const body = node - shape.imports.length;
    if (body < 0) continue;
    const [first, end] = [survey.callStarts.at(body), survey.callStarts.at(body + 1)];
    for (let call = first; call < end; call += 1) targets[at++] = survey.calls.at(call);
    const [firstType, typeEnd] = [survey.indirectStarts.at(body), survey.indirectStarts.at(body + 1)];
    for (let call = firstType; call < typeEnd; call += 1) {
      const signature = shape.signatures.at(survey.indirect.at(call)) as Signature;
      targets[at++] = types.get(signature) as number;
    }
  }
  for (const [signature, node] of types) {
    starts[node] = at;
    for (const member of members.get(signature) ?? []) targets[at++] = member;
  }
  starts[functionCount + types.size] = at;
  return { starts, targets };
}

function callsItself({ starts, targets }: Graph, node: number): boolean {
  for (let edge = starts[node] as number; edge < (starts[node + 1] as number); edge += 1)
    if (targets[edge] === node) return true;
  return false;
}

function callsAny({ starts, targets }: Graph, node: number, set: Uint8Array): boolean {
  for (let edge = starts[node] as number; edge < (starts[node + 1] as number); edge += 1)
    if (set[targets[edge] as number] === 1) return true;
  return false;
}

function nodesInOrder(componentOf: Int32Array, componentCount: number): Int32Array {
  const starts = new Int32Array(componentCount + 1);
  for (const component of componentOf) starts[component + 1] = (starts[component + 1] as number) + 1;
  for (let component = 0; component < componentCount; component += 1)
    starts[component + 1] = (starts[component + 1] as number) + (starts[component] as number);
  const order = new Int32Array(componentOf.length);
  componentOf.forEach((component, node) => {
    const place = starts[component] as number;
    order[place] = node;
    starts[component] = place + 1;
  });
  return order;
}
