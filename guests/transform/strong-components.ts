/** A graph whose nodes are numbers: for each, where its edges begin in `targets`. */
export interface Graph {
  readonly starts: Int32Array;
  readonly targets: Int32Array;
}

/** For each node the number of its strongly connected component. Components are numbered targets first. */
interface Components {
  readonly of: Int32Array;
  readonly sizes: Int32Array;
}

/** Tarjan's algorithm, with a stack of its own: a chain of a million calls is as good as one. */
export function strongComponents({ starts, targets }: Graph): Components {
  const count = starts.length - 1;
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const component = new Int32Array(count).fill(-1);
  const sizes = new Int32Array(count);
  const [path, place] = [new Int32Array(count), new Int32Array(count)];
  const open = new Int32Array(count);
  let [next, openCount, componentCount] = [0, 0, 0];
  for (let root = 0; root < count; root += 1) {
    if (order[root] !== -1) continue;
    let depth = 0;
    const enter = (node: number): void => {
      order[node] = low[node] = next++;
      open[openCount++] = node;
      path[depth] = node;
      place[depth] = starts[node] as number;
      depth += 1;
    };
    enter(root);
    while (depth > 0) {
      const node = path[depth - 1] as number;
      const edge = place[depth - 1] as number;
      if (edge < (starts[node + 1] as number)) {
        place[depth - 1] = edge + 1;
        const target = targets[edge] as number;
        if (order[target] === -1) enter(target);
        else if (component[target] === -1) low[node] = Math.min(low[node] as number, order[target] as number);
        continue;
      }
      depth -= 1;
      const parent = path[depth - 1];
      if (depth > 0 && parent !== undefined)
        low[parent] = Math.min(low[parent] as number, low[node] as number);
      if (low[node] !== order[node]) continue;
      let member: number;
      do {
        member = open[--openCount] as number;
        component[member] = componentCount;
        sizes[componentCount] = (sizes[componentCount] as number) + 1;
      } while (member !== node);
      componentCount += 1;
    }
  }
  return { of: component, sizes: sizes.subarray(0, componentCount) };
}
