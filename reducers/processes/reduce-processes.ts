import { unreachable } from "../../core/assert.ts";
import { FRESH, own, type Own } from "../../core/own.ts";
import type { Reducer } from "../../core/reducer.ts";
import { edit, peek, set } from "../../core/table.ts";
import type { ProcessEvent } from "./process-event.ts";
import type { Process, ProcessesState } from "./process-state.ts";

export const reduceProcesses: Reducer<ProcessesState, ProcessEvent> = (processes, event) => {
  switch (event.type) {
    case "process/started":
      set(own(processes, "rows"), event.pid, {
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
        waitsUntil: 0,
      });
      processes.nextPid = Math.max(processes.nextPid, event.pid + 1);
      return;
    case "process/exited":
      end(processOf(processes, event.pid), "exited", event.code, "");
      return;
    case "process/trapped":
      end(processOf(processes, event.pid), "trapped", TRAP_EXIT_CODE, event.message);
      processOf(processes, event.pid).stack = event.stack.slice();
      return;
    case "process/killed":
      end(processOf(processes, event.pid), "killed", event.code, event.signal);
      return;
    case "process/blocked": {
      const process = processOf(processes, event.pid);
      process.status = "waiting";
      process.waitsUntil = event.until;
      return;
    }
    case "process/refused":
    case "process/yielded":
    case "process/arguments-read":
    case "process/polled":
      return;
    default:
      unreachable(event);
  }
};

/** As a shell tells it: 128 and SIGABRT. */
const TRAP_EXIT_CODE = 134;

const processOf = (processes: Own<ProcessesState>, pid: number): Own<Process> =>
  edit(own(processes, "rows"), pid);

function end(
  process: Own<Process>,
  status: "exited" | "trapped" | "killed",
  code: number,
  reason: string,
): void {
  process.status = status;
  process.exitCode = code;
  process.reason = reason;
  process.waitsUntil = 0;
}

export const isWaiting = (processes: ProcessesState, pid: number): boolean =>
  peek(processes.rows, pid)?.status === "waiting";

/** An answered call: whatever the process waited for, it waits no longer. */
export function wakeProcess(processes: Own<ProcessesState>, pid: number): void {
  const process = processOf(processes, pid);
  process.status = "running";
  process.waitsUntil = 0;
}
