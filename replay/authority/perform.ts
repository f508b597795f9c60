import { fail, ok, type Result } from "../../core/result.ts";
import { ChangedGraph } from "./changed-graph.ts";
import type { DeJureStep } from "./de-jure-step.ts";
import type { ProtectionGraph } from "./protection-graph.ts";

/** The first step that the rules do not allow, counted from 0, and the statement that does not hold there. */
export interface IllegalStep {
  readonly index: number;
  readonly step: DeJureStep;
  readonly broken: string;
}

/** The graph after these steps, each by the four rules of the model that change who holds what; the graph given stays as it is. */
export function perform(
  graph: ProtectionGraph,
  steps: readonly DeJureStep[],
): Result<ChangedGraph, IllegalStep> {
  const changed = new ChangedGraph(graph);
  for (const [index, step] of steps.entries()) {
    const broken = changed.refusalOf(step);
    if (broken !== null) return fail({ index, step, broken });
    changed.happen(step);
  }
  return ok(changed);
}
