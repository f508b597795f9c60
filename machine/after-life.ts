/** What comes after a life of a machine's process, another one or its end; and what its machine has to do about it. */
import { peek, rowsOf } from "../core/table.ts";
import { allCapabilities } from "../reducers/capabilities/capability-invariants.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { Process } from "../reducers/processes/process-state.ts";
import { desertedEndpoints, receiversOf } from "./deserted-endpoints.ts";
import { type MachineSpec, pipeEnds, type ProcessSpec } from "./machine-spec.ts";

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

/**
 * How many ends of pipes the machine itself has to hold more than it does, or fewer if it is below 0: those of the holders, who may
 * live and do not, or will again. By the pipe's id and `read` or `write`.
 */
export function missingEnds(
  { pipes, capabilities }: KernelState,
  holders: readonly ProcessSpec[],
): ReadonlyMap<string, number> {
  const missing = new Map<string, number>();
  const count = (key: string, by: number): void => void missing.set(key, (missing.get(key) ?? 0) + by);
  for (const [pipe, { readers, writers }] of rowsOf(pipes.rows)) {
    count(`${pipe} read`, -readers);
    count(`${pipe} write`, -writers);
  }
  for (const { object, target } of allCapabilities(capabilities)) {
    if (object === "pipe-reader") count(`${target} read`, 1);
    if (object === "pipe-writer") count(`${target} write`, 1);
  }
  for (const spec of holders)
    for (const { pipe, end } of pipeEnds(spec))
      if (peek(pipes.rows, pipe) !== null) count(`${pipe} ${end}`, 1);
  return missing;
}

type Stage = "unborn" | "alive" | "again" | "well" | "badly";

/**
 * Whether the machine will do something, whatever its processes do: start one again when its delay is over, or one that is after
 * others which have ended well; let go of the ends of pipes of one that will not live any more; or take an endpoint back from all.
 */
export function isMachineDue(machine: MachineSpec, state: KernelState): boolean {
  const { processes } = machine;
  const lives = livesIn(state);
  const stages = stagesOf(processes, lives);
  const isDue = processes.some(
    ({ after }, place) =>
      stages[place] === "again" ||
      (stages[place] === "unborn" && after.every((other) => stages[other] === "well")),
  );
  const holders = processes.filter(
    (spec, place) =>
      stages[place] === "unborn" ||
      (stages[place] === "alive" && mayLiveAgain(spec, lives.get(spec.name)?.count ?? 0)),
  );
  const mayLive = (place: number): boolean => stages[place] !== "well" && stages[place] !== "badly";
  if (desertedEndpoints(state, receiversOf(machine), mayLive).length > 0) return true;
  return isDue || [...missingEnds(state, holders).values()].some((by) => by !== 0);
}

function stagesOf(processes: readonly ProcessSpec[], lives: ReadonlyMap<string, Lives>): readonly Stage[] {
  const stages = processes.map((spec): Stage => {
    const had = lives.get(spec.name);
    if (had === undefined) return "unborn";
    return had.last.exitCode === -1 ? "alive" : afterLife(spec, had.count, had.last);
  });
  const isBad = (place: number): boolean => stages[place] === "badly";
  // Who is after one that failed, or that never starts itself, never starts.
  for (let isNew = true; isNew; ) {
    isNew = false;
    processes.forEach(({ after }, place) => {
      if (stages[place] !== "unborn" || !after.some(isBad)) return;
      stages[place] = "badly";
      isNew = true;
    });
  }
  return stages;
}

interface Lives {
  readonly count: number;
  readonly last: Process;
}

function livesIn({ processes }: KernelState): ReadonlyMap<string, Lives> {
  const lives = new Map<string, Lives>();
  for (const [, last] of rowsOf(processes.rows))
    if (last.spawner === 0) lives.set(last.name, { count: (lives.get(last.name)?.count ?? 0) + 1, last });
  return lives;
}
