/**
 * Functions such that every cycle of calls goes through one of them: only they count ticks at their entry, and
 * only they take from the bytes of stack. Found by one walk in depth: a call back to a function that is on the
 * way is the end of a cycle. Few functions suffice: an interpreter's cycles all lead through its main loop.
 *
 * What such a function takes covers itself and the longest way, over functions that take nothing, to the next one
 * that does. So a stack needs no more than what was taken, and once the longest way of all, behind the last.
 */
import type { Graph } from "./strong-components.ts";

interface CycleBreakers {
  /** By node: 1 for a breaker, which is always a function. */
  readonly breaks: Uint8Array;
  /** By node: what a breaker takes, in bytes; 0 for others. */
  readonly costs: Float64Array;
  /** Bytes of the longest way over functions that take nothing. */
  readonly longestWay: number;
}

export function cycleBreakers(
  graph: Graph,
  functionCount: number,
  frameBytes: (node: number) => number,
): CycleBreakers {
  const count = graph.starts.length - 1;
  const breaks = new Uint8Array(count);
  const finished = walk(graph, functionCount, breaks);
  const costs = new Float64Array(count);
  // Ways from a function to a breaker, without breakers between: -1 if there is none.
  const ways = new Float64Array(count).fill(-1);
  const longest = (node: number): number => {
    let way = -1;
    const end = graph.starts[node + 1] as number;
    for (let edge = graph.starts[node] as number; edge < end; edge += 1) {
      const target = graph.targets[edge] as number;
      way = Math.max(way, breaks[target] === 1 ? 0 : (ways[target] as number));
    }
    return way;
  };
  // Whole ways over functions that take nothing, to wherever they end.
  const wholeWays = new Float64Array(count);
  let longestWay = 0;
  const own = (node: number): number => (node < functionCount ? frameBytes(node) : 0);
  for (const node of finished) {
    if (breaks[node] === 1) continue;
    const way = longest(node);
    if (way >= 0) ways[node] = way + own(node);
    let whole = 0;
    const end = graph.starts[node + 1] as number;
    for (let edge = graph.starts[node] as number; edge < end; edge += 1)
      whole = Math.max(whole, wholeWays[graph.targets[edge] as number] as number);
    wholeWays[node] = whole + own(node);
    longestWay = Math.max(longestWay, whole + own(node));
  }
  for (let node = 0; node < functionCount; node += 1)
    if (breaks[node] === 1) costs[node] = own(node) + Math.max(0, longest(node));
  return { breaks, costs, longestWay };
}

/** Marks the breakers. Returns the nodes in the order in which the walk leaves them: callees first, cycles aside. */
function walk({ starts, targets }: Graph, functionCount: number, breaks: Uint8Array): Int32Array {
  const count = starts.length - 1;
  const state = new Uint8Array(count); // 0 not met, 1 on the way, 2 left
  const [way, place, finished] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
  let finishedCount = 0;
  for (const root of byCallers({ starts, targets })) {
    if (state[root] !== 0) continue;
    let depth = 1;
    way[0] = root;
    place[0] = starts[root] as number;
    state[root] = 1;
    while (depth > 0) {
      const node = way[depth - 1] as number;
      const edge = place[depth - 1] as number;
      if (edge === (starts[node + 1] as number)) {
        state[node] = 2;
        finished[finishedCount++] = node;
        depth -= 1;
        continue;
      }
      place[depth - 1] = edge + 1;
      const target = targets[edge] as number;
      // An edge to or from a type of indirect calls has a function at its other end.
      if (state[target] === 1) breaks[target < functionCount ? target : node] = 1;
      if (state[target] !== 0) continue;
      state[target] = 1;
      way[depth] = target;
      place[depth] = starts[target] as number;
      depth += 1;
    }
  }
  return finished;
}

/** Who has most callers comes first: cycles end where many of them meet. */
function byCallers({ starts, targets }: Graph): readonly number[] {
  const callers = new Int32Array(starts.length - 1);
  for (const target of targets) callers[target] = (callers[target] as number) + 1;
  return Array.from(callers.keys()).sort(
    (one, other) => (callers[other] as number) - (callers[one] as number),
  );
}
