/**
 * The map of the machine: for each type of event, which subsystems hear it, in which order. This is the fold that everything
 * else is. It runs under either driver (see core/own.ts), takes every event that a log can hold, and refuses none.
 */
import { invariant, unreachable } from "../core/assert.ts";
import type { Own } from "../core/own.ts";
import { ownerOf } from "../core/owner-of.ts";
import { reduceCapabilities } from "./capabilities/reduce-capabilities.ts";
import { reduceClock } from "./clock/reduce-clock.ts";
import { reduceConsole } from "./console/reduce-console.ts";
import { reduceEntropy } from "./entropy/reduce-entropy.ts";
import { reduceFiles } from "./files/reduce-files.ts";
import { reduceIpc } from "./ipc/reduce-ipc.ts";
import type { KernelEvent } from "./kernel-event.ts";
import type { KernelState } from "./kernel-state.ts";
import { reducePipes } from "./pipes/reduce-pipes.ts";
import { reduceInterrupts } from "./interrupts/reduce-interrupts.ts";
import { reduceScheduler, type SchedulerInput } from "./scheduler/reduce-scheduler.ts";
import { reduceUrgency, type UrgencyInput } from "./scheduler/reduce-urgency.ts";
import { newScheduler } from "./scheduler/scheduler-state.ts";
import { isWaiting, reduceProcesses, wakeProcess } from "./processes/reduce-processes.ts";

const clockOf = ownerOf<KernelState>()("clock");
const processesOf = ownerOf<KernelState>()("processes");
const capabilitiesOf = ownerOf<KernelState>()("capabilities");
const filesOf = ownerOf<KernelState>()("files");
const interruptsOf = ownerOf<KernelState>()("interrupts");
const ipcOf = ownerOf<KernelState>()("ipc");
const pipesOf = ownerOf<KernelState>()("pipes");
const consoleOf = ownerOf<KernelState>()("console");
const schedulerOf = ownerOf<KernelState>()("scheduler");
const entropyOf = ownerOf<KernelState>()("entropy");

/** Folds one event into a state that the caller owns. */
export function applyEvent(machine: Own<KernelState>, event: KernelEvent): void {
  invariant(event.seq === machine.seq, "events are folded in their order");
  machine.seq = event.seq + 1;
  machine.at = event.at;
  if (machine.processes.waitingCount > 0 && event.call >= 0 && isWaiting(machine.processes, event.pid))
    wakeProcess(processesOf(machine), event.pid);
  dispatch(machine, event);
}

function dispatch(machine: Own<KernelState>, event: KernelEvent): void {
  switch (event.type) {
    // What a process was told, and no more: nobody hears it. (Many of all events; they stand first because they are asked for first.)
    case "clock/read":
    case "clock/resolution-read":
    case "file/examined":
    case "file/position-told":
    case "file/synced":
    case "file/advised":
    case "symlink/read":
    case "capability/examined":
    case "budget/examined":
    case "process/refused":
    case "process/yielded":
    case "process/arguments-read":
    case "process/polled":
    case "process/awaited":
    case "process/ended":
    case "null/read":
    case "null/written":
      return;
    case "file/written":
    case "file/written-at":
    case "file/chunk-consolidated":
    case "host/content-read":
      takeBytes(machine, event);
      return reduceFiles(filesOf(machine), event);
    case "file/read":
    case "file/read-at":
    case "file/seeked":
    case "file/created":
    case "file/resized":
    case "file/times-set":
    case "file/flags-set":
    case "file/preopened":
    case "directory/created":
    case "directory/removed":
    case "directory/read":
    case "symlink/created":
    case "name/linked":
    case "name/unlinked":
    case "name/renamed":
    case "host/mounted":
    case "host/directory-listed":
    case "host/node-examined":
    case "host/node-vanished":
    case "host/read-failed":
    case "host/effect-failed":
      return reduceFiles(filesOf(machine), event);
    case "machine/powered-off":
      return reduceClock(clockOf(machine), event);
    case "machine/powered-on":
      reduceClock(clockOf(machine), event);
      return reduceFiles(filesOf(machine), event);
    case "file/opened":
      reduceFiles(filesOf(machine), event);
      return reduceCapabilities(capabilitiesOf(machine), event);
    case "capability/closed":
      reduceCapabilities(capabilitiesOf(machine), event);
      reduceFiles(filesOf(machine), event);
      if (event.object === "reply") reduceIpc(ipcOf(machine), event);
      if (isWaitedAt(event.object)) hearUrgency(machine, event);
      return reducePipes(pipesOf(machine), event);
    case "capability/granted":
      reduceCapabilities(capabilitiesOf(machine), event);
      return reducePipes(pipesOf(machine), event);
    case "capability/derived":
      reduceCapabilities(capabilitiesOf(machine), event);
      reduceFiles(filesOf(machine), event);
      if (event.object === "context") hearUrgency(machine, event);
      return reducePipes(pipesOf(machine), event);
    case "capability/removed":
      reduceCapabilities(capabilitiesOf(machine), event);
      reduceFiles(filesOf(machine), event);
      reduceIpc(ipcOf(machine), event);
      hearUrgency(machine, event);
      if (mayInterrupt(machine)) reduceInterrupts(interruptsOf(machine), event);
      return reducePipes(pipesOf(machine), event);
    case "ipc/sent":
    case "ipc/replied":
      takeBytes(machine, event);
      reduceCapabilities(capabilitiesOf(machine), event);
      reduceIpc(ipcOf(machine), event);
      return hearUrgency(machine, event);
    case "ipc/received":
      reduceCapabilities(capabilitiesOf(machine), event);
      reduceIpc(ipcOf(machine), event);
      return hearUrgency(machine, event);
    case "notification/signalled":
      reduceIpc(ipcOf(machine), event);
      return reduceInterrupts(interruptsOf(machine), event);
    case "notification/taken":
      reduceIpc(ipcOf(machine), event);
      return hearUrgency(machine, event);
    case "ipc/answered":
    case "ipc/delivered":
      return reduceIpc(ipcOf(machine), event);
    case "object/destroyed":
      reduceProcesses(processesOf(machine), event);
      reduceCapabilities(capabilitiesOf(machine), event);
      hearUrgency(machine, event);
      if (mayInterrupt(machine)) reduceInterrupts(interruptsOf(machine), event);
      return reduceIpc(ipcOf(machine), event);
    case "object/created":
      reduceCapabilities(capabilitiesOf(machine), event);
      return reduceIpc(ipcOf(machine), event);
    case "capability/moved":
    case "capability/narrowed":
    case "capability/carried":
    case "capability/used":
      return reduceCapabilities(capabilitiesOf(machine), event);
    case "process/started":
      reduceProcesses(processesOf(machine), event);
      reduceCapabilities(capabilitiesOf(machine), event);
      return takeTurns(machine, event);
    case "process/exited":
    case "process/trapped":
    case "process/killed":
      reduceProcesses(processesOf(machine), event);
      if (machine.ipc.exchanges.root !== null) reduceIpc(ipcOf(machine), event);
      if (machine.capabilities.revocations.root !== null) reduceCapabilities(capabilitiesOf(machine), event);
      return takeTurns(machine, event);
    case "process/spawned":
      reduceProcesses(processesOf(machine), event);
      return reduceCapabilities(capabilitiesOf(machine), event);
    case "program/admitted":
    case "process/blocked":
      return reduceProcesses(processesOf(machine), event);
    case "scheduler/configured":
      machine.scheduler = newScheduler(event);
      return;
    case "scheduler/partitioned":
      reducePipes(pipesOf(machine), event);
      return takeTurns(machine, event);
    case "process/limited":
    case "process/scheduled":
    case "process/preempted":
    case "process/suspended":
    case "process/woken":
    case "process/accounted":
    case "process/assigned":
    case "domain/entered":
    case "domain/idled":
      return takeTurns(machine, event);
    case "process/ranked":
    case "process/prioritized":
    case "priority/changed":
    case "context/configured":
    case "context/lent":
    case "context/returned":
    case "context/refilled":
      return hearUrgency(machine, event);
    case "context/exhausted":
      hearUrgency(machine, event);
      return reduceInterrupts(interruptsOf(machine), event);
    case "interrupt/attached":
    case "interrupt/raised":
    case "interrupt/acknowledged":
    case "interrupt/bound":
    case "timer/armed":
    case "timer/disarmed":
    case "timer/fired":
      return reduceInterrupts(interruptsOf(machine), event);
    case "entropy/drawn":
      takeBytes(machine, event);
      return reduceEntropy(entropyOf(machine), event);
    case "console/written":
    case "console/input-arrived":
      takeBytes(machine, event);
      return reduceConsole(consoleOf(machine), event);
    case "console/read":
    case "console/attached":
    case "console/input-ended":
    case "console/output-closed":
      return reduceConsole(consoleOf(machine), event);
    case "pipe/written":
      takeBytes(machine, event);
      return reducePipes(pipesOf(machine), event);
    case "pipe/created":
    case "pipe/sized":
    case "pipe/reserved":
    case "pipe/read":
      return reducePipes(pipesOf(machine), event);
    default:
      unreachable(event);
  }
}

/** Where processes take turns, the scheduler hears of it. */
function takeTurns(machine: Own<KernelState>, event: SchedulerInput): void {
  if (machine.scheduler !== undefined) reduceScheduler(schedulerOf(machine), event);
}

/** Where processes take turns, the scheduler also hears who is urgent, and who waits for whom. */
function hearUrgency(machine: Own<KernelState>, event: UrgencyInput): void {
  if (machine.scheduler !== undefined) reduceUrgency(schedulerOf(machine), event);
}

/** Of these the scheduler knows who waits there, and for whom. */
const isWaitedAt = (object: string): boolean =>
  object === "reply" || object === "endpoint" || object === "notification";

const mayInterrupt = ({ interrupts }: Own<KernelState>): boolean =>
  interrupts.lines.root !== null || interrupts.timers.root !== null;

/** New bytes stand at the head of the stream, which is then behind them. */
function takeBytes(
  machine: Own<KernelState>,
  event: { readonly position: number; readonly length: number },
): void {
  machine.head = Math.max(machine.head, event.position + event.length);
}
