/** Lives of machines of many processes, as the laws of capabilities draw them. */
import fc from "fast-check";
import { operation, type Operation, plannedWorld, requestOf } from "../model/capability-operations.ts";
import { CapabilityWorld } from "../model/capability-world.ts";
import type { PlannedWorld } from "../model/capability-world-boot.ts";

export interface Life {
  readonly plan: PlannedWorld;
  readonly steps: readonly Operation[];
}

export const PROCESSES = 50;

export const life = (
  length: number,
  kinds?: readonly Operation["what"][],
  processes = PROCESSES,
): fc.Arbitrary<Life> =>
  fc.record({
    plan: plannedWorld(processes),
    steps: fc.array(operation(kinds), { minLength: length, maxLength: length + 100, size: "max" }),
  });

/** Lives a machine: each step is one of a process that lives. */
export function liveOut({ plan, steps }: Life): CapabilityWorld {
  const world = new CapabilityWorld(plan);
  for (const step of steps) {
    const pid = nextWho(world, plan.processes, step);
    if (pid === 0) {
      world.rouse((step.who % plan.processes) + 1);
      continue;
    }
    if (step.a === 14) world.pass(40);
    if (step.what === "kill" && step.a < 4) world.kill(pid);
    else world.ask(pid, requestOf(world.state, pid, step));
  }
  return world;
}

/** Who takes a step: the next one that can go on; who is killed may wait. 0 if there is nobody. */
function nextWho(world: CapabilityWorld, processes: number, { who, what }: Operation): number {
  for (let tried = 0; tried < processes; tried += 1) {
    const pid = ((who + tried) % processes) + 1;
    if (what === "kill" ? world.living(pid) : world.mayGoOn(pid)) return pid;
  }
  return 0;
}
