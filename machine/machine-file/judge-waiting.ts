import { findCycles, type Graph } from "./find-cycles.ts";
import { shown } from "./json-path.ts";
import { missingName } from "./judge-pipes.ts";
import type { MachineFile } from "./machine-file.ts";
import type { Finding } from "./machine-file-problem.ts";
import { pipeEnds } from "./pipe-ends.ts";

/**
 * Who waits for whom. A process waits for those that it starts after, a writer for whoever empties a full pipe, a reader for
 * whoever fills an empty one. Processes in a ring may wait for each other for ever, so a ring is refused:
 *
 * - of `after` alone, where none would ever start;
 * - of pipes alone, the way the bytes go, where all may be full at once, or all empty. A program that is made for it (a question
 *   down, an answer up) says so with `mayCycle` at one of the pipes, which then is no part of a ring;
 * - of both, which waits as soon as a pipe between them is full, or empty.
 */
export function judgeWaiting(machine: MachineFile): readonly Finding[] {
  const names = judgeAfter(machine);
  const after = afterEdges(machine);
  const orders = findCycles(graphOf(after)).map((cycle) => orderFinding(machine, cycle));
  const down = pipeEdges(machine, "down");
  const pipes = findCycles(graphOf(down)).map((cycle) => pipeFinding(cycle));
  if (names.length + orders.length + pipes.length > 0) return [...names, ...orders, ...pipes];
  const full = findCycles(graphOf([...after, ...down]));
  const empty = findCycles(graphOf([...after, ...pipeEdges(machine, "up")]));
  if (full.length > 0) return full.map((cycle) => orderFinding(machine, cycle));
  return empty.map((cycle) => orderFinding(machine, cycle, "up"));
}

type Edge = readonly [source: string, target: string];

/** Down is the way that bytes go: from who writes over the pipe to who reads. */
type Way = "down" | "up";

/** Names have no `|`: pipes and processes of one name are two nodes. */
const pipeNode = (name: string): string => `|${name}`;
const isPipe = (node: string): boolean => node.startsWith("|");

const afterEdges = ({ processes }: MachineFile): readonly Edge[] =>
  processes.flatMap(({ name, after }) => after.map((earlier): Edge => [name, earlier]));

function pipeEdges(machine: MachineFile, way: Way): readonly Edge[] {
  const meant = new Set(machine.pipes.filter(({ mayCycle }) => mayCycle).map(({ name }) => name));
  return pipeEnds(machine)
    .filter(({ pipe }) => !meant.has(pipe))
    .map(({ process, pipe, end }) =>
      (end === "write") === (way === "down") ? [process, pipeNode(pipe)] : [pipeNode(pipe), process],
    );
}

function graphOf(edges: readonly Edge[]): Graph {
  const graph = new Map<string, string[]>();
  for (const [source, target] of edges) {
    const targets = graph.get(source);
    if (targets === undefined) graph.set(source, [target]);
    else targets.push(target);
    if (!graph.has(target)) graph.set(target, []);
  }
  return graph;
}

/** Names in `after` that lead to nothing, or to a process that never ends. */
function judgeAfter({ processes }: MachineFile): readonly Finding[] {
  const rules = new Map(processes.map(({ name, restart }) => [name, restart.condition]));
  const words = [...rules.keys()];
  return processes.flatMap(({ name, after }) =>
    after.flatMap((earlier, index): readonly Finding[] => {
      const path = ["processes", name, "after", index];
      if (!rules.has(earlier)) return [missingName({ path, typed: earlier, words, what: "process" })];
      if (rules.get(earlier) !== "always") return [];
      const what = `a process that ends was expected, and ${shown(earlier)} is always started again`;
      return [{ path, at: "value", what, advice: "let it restart `on-failure`" }];
    }),
  );
}

function pipeFinding(cycle: readonly string[]): Finding {
  const first = cycle.find(isPipe)?.slice(1) ?? "";
  const what = `pipes without a cycle were expected, and ${cycleText(cycle, "down")}`;
  const advice = 'if that is meant, say "mayCycle": true at one of these pipes';
  return { path: ["pipes", first], at: "key", what, advice };
}

/** Placed at the first `after` of the ring. */
function orderFinding({ processes }: MachineFile, cycle: readonly string[], way: Way = "down"): Finding {
  const at = cycle.findIndex((node, index) => !isPipe(node) && !isPipe(following(cycle, index)));
  const name = cycle[at] as string;
  const after = processes.find((process) => process.name === name)?.after ?? [];
  return {
    path: ["processes", name, "after", after.indexOf(following(cycle, at))],
    at: "value",
    what: `an order that can be kept was expected, and ${cycleText(cycle, way)}`,
    advice: "take out one of these",
  };
}

const following = (cycle: readonly string[], index: number): string =>
  cycle[(index + 1) % cycle.length] as string;

/** Longer rings are cut where they are shown. */
const MAX_STEPS = 12;

function cycleText(cycle: readonly string[], way: Way): string {
  const start = cycle.findIndex((node) => !isPipe(node));
  const ring = [...cycle.slice(start), ...cycle.slice(0, start)];
  const steps = ring.map((node, index) => stepText(node, following(ring, index), way));
  const rest = steps.length - MAX_STEPS;
  return [...steps.slice(0, MAX_STEPS), ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
}

function stepText(source: string, target: string, way: Way): string {
  const [first, second] = way === "down" ? ["writes to", "reads from"] : ["reads from", "writes to"];
  if (isPipe(source)) return `${target} ${second} it`;
  return isPipe(target) ? `${source} ${first} ${target.slice(1)}` : `${source} starts after ${target}`;
}
