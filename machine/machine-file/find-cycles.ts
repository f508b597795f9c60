/** Who leads to whom. Every target is a key too. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * One cycle of each part of a graph that has any, as the nodes from its first in the graph's order back to before it, by the shortest
 * way. Time and memory are those of reading the graph (Tarjan's strongly connected components, without recursion: a chain of
 * 10,000 nodes is no deep call).
 */
export function findCycles(graph: Graph): readonly (readonly string[])[] {
  const order = new Map([...graph.keys()].map((node, index) => [node, index]));
  const placeOf = (node: string | undefined): number => order.get(node ?? "") ?? 0;
  return components(graph)
    .map((component) => [...component].sort((left, right) => placeOf(left) - placeOf(right)))
    .map((component) => shortestCycle(graph, component))
    .filter((cycle) => cycle.length > 0)
    .sort(([left], [right]) => placeOf(left) - placeOf(right));
}

function components(graph: Graph): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const found: string[][] = [];
  const enter = (node: string): { readonly node: string; readonly targets: Iterator<string> } => {
    low.set(node, index.size);
    index.set(node, index.size);
    open.push(node);
    isOpen.add(node);
    return { node, targets: (graph.get(node) ?? []).values() };
  };
  const lower = (node: string, to: number): void => void low.set(node, Math.min(low.get(node) ?? 0, to));
  for (const root of graph.keys()) {
    const trail = index.has(root) ? [] : [enter(root)];
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const { node, targets } = top;
      const next = targets.next();
      if (next.done !== true) {
        if (!index.has(next.value)) trail.push(enter(next.value));
        else if (isOpen.has(next.value)) lower(node, index.get(next.value) ?? 0);
        continue;
      }
      trail.pop();
      const parent = trail.at(-1);
      if (parent !== undefined) lower(parent.node, low.get(node) ?? 0);
      if (low.get(node) !== index.get(node)) continue;
      const component = open.splice(open.lastIndexOf(node));
      for (const member of component) isOpen.delete(member);
      found.push(component);
    }
  }
  return found;
}

/** From the first node of a component back to it; empty if the component is one node that does not lead to itself. */
function shortestCycle(graph: Graph, component: readonly string[]): readonly string[] {
  const members = new Set(component);
  const [start] = component;
  const cameFrom = new Map<string, string>();
  const queue = [start as string];
  for (const node of queue) {
    for (const target of graph.get(node) ?? []) {
      if (target === start) return wayTo(node, cameFrom);
      if (!members.has(target) || cameFrom.has(target)) continue;
      cameFrom.set(target, node);
      queue.push(target);
    }
  }
  return [];
}

function wayTo(end: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const way: string[] = [];
  for (let node: string | undefined = end; node !== undefined; node = cameFrom.get(node)) way.push(node);
  return way.reverse();
}
