/** What comes after a life of a machine's process: another one, or its end. */
import { rowsOf } from "../core/table.ts";
import type { Process, ProcessesState } from "../reducers/processes/process-state.ts";
import type { MachineSpec, ProcessSpec } from "./machine-spec.ts";

/** Whether a process may have a life after the `lives` that it has had. */
export const mayLiveAgain = ({ restart }: ProcessSpec, lives: number): boolean =>
  restart.condition !== "never" && lives <= restart.maxRestarts;

/** What follows the life that ended as the row says, which was the last of so many: another, or its end for good. */
export function afterLife(
  spec: ProcessSpec,
  lives: number,
  life: Process | null,
): "again" | "well" | "badly" {
  const end = life?.status === "exited" && life.exitCode === 0 ? "well" : "badly";
  const { condition } = spec.restart;
  const isWanted = condition === "always" || (condition === "on-failure" && end === "badly");
  return isWanted && mayLiveAgain(spec, lives) ? "again" : end;
}

/** Whether somebody will be started whatever the others do: again, when its delay is over, or because those that it is after have ended well. */
export function isStartDue({ processes }: MachineSpec, { rows }: ProcessesState): boolean {
  const lives = new Map<string, { readonly count: number; readonly last: Process }>();
  for (const [, last] of rowsOf(rows))
    lives.set(last.name, { count: (lives.get(last.name)?.count ?? 0) + 1, last });
  const ends = processes.map((spec) => {
    const had = lives.get(spec.name);
    if (had === undefined) return "unborn";
    return had.last.exitCode === -1 ? "alive" : afterLife(spec, had.count, had.last);
  });
  return processes.some(
    ({ after }, place) =>
      ends[place] === "again" || (ends[place] === "unborn" && after.every((other) => ends[other] === "well")),
  );
}
