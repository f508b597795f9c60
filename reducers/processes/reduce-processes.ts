import { unreachable } from "../../core/assert.ts";
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import type { Reducer } from "../../core/reducer.ts";
import { edit, peek, remove, set } from "../../core/table.ts";
import type { CapabilityEvent } from "../capabilities/capability-event.ts";
import type { ProcessEvent } from "./process-event.ts";
import type { Process, ProcessesState } from "./process-state.ts";

const rowsIn = ownerOf<ProcessesState>()("rows");
const programsIn = ownerOf<ProcessesState>()("programs");

/** What changes a process; of what it asks, mostly nothing does. */
type LifeEvent =
  | Extract<
      ProcessEvent,
      {
        type:
          | `process/${"started" | "exited" | "trapped" | "killed" | "blocked" | "spawned"}`
          | "program/admitted";
      }
    >
  | Extract<CapabilityEvent, { type: "object/destroyed" }>;

export const reduceProcesses: Reducer<ProcessesState, LifeEvent> = (processes, event) => {
  switch (event.type) {
    case "process/started":
      set(rowsIn(processes), event.pid, {
        epoch: FRESH,
        program: event.program,
        name: event.name,
        args: event.args.slice(),
        environment: event.environment.slice(),
        memoryPages: event.memoryPages,
        status: "running",
        exitCode: -1,
        reason: "",
        stack: [],
        startedAt: event.at,
        spawner: 0,
        waitsUntil: 0,
      });
      processes.nextPid = Math.max(processes.nextPid, event.pid + 1);
      return;
    case "process/exited":
      return end(processes, event.pid, { status: "exited", exitCode: event.code, reason: "" });
    case "process/trapped":
      end(processes, event.pid, { status: "trapped", exitCode: TRAP_EXIT_CODE, reason: event.message });
      processOf(processes, event.pid).stack = event.stack.slice();
      return;
    case "process/killed":
      return end(processes, event.pid, { status: "killed", exitCode: event.code, reason: event.signal });
    case "process/blocked": {
      const process = processOf(processes, event.pid);
      if (process.status !== "waiting") processes.waitingCount += 1;
      process.status = "waiting";
      process.waitsUntil = event.until;
      return;
    }
    case "process/spawned":
      processOf(processes, event.child).spawner = event.pid;
      return;
    case "program/admitted": {
      const { object, program, name, memoryPages } = event;
      return set(programsIn(processes), object, { epoch: FRESH, program, name, memoryPages });
    }
    case "object/destroyed":
      if (event.object === "program") remove(programsIn(processes), event.target);
      return;
    default:
      unreachable(event);
  }
};

/** As a shell tells it: 128 and SIGABRT. */
const TRAP_EXIT_CODE = 134;

const processOf = (processes: Own<ProcessesState>, pid: number): Own<Process> => edit(rowsIn(processes), pid);

function end(
  processes: Own<ProcessesState>,
  pid: number,
  how: Pick<Process, "status" | "exitCode" | "reason">,
): void {
  if (isWaiting(processes as unknown as ProcessesState, pid)) processes.waitingCount -= 1;
  const process = processOf(processes, pid);
  process.status = how.status;
  process.exitCode = how.exitCode;
  process.reason = how.reason;
  process.waitsUntil = 0;
}

export const isWaiting = (processes: ProcessesState, pid: number): boolean =>
  peek(processes.rows, pid)?.status === "waiting";

/** An answered call of a process that waits: whatever it waited for, it waits no longer. */
export function wakeProcess(processes: Own<ProcessesState>, pid: number): void {
  processes.waitingCount -= 1;
  const process = processOf(processes, pid);
  process.status = "running";
  process.waitsUntil = 0;
}
