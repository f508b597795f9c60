/**
 * Who gives its priority to whom: whoever waits in the queue of an endpoint to all who serve it, whoever waits for a reply to the one
 * that is to give it. So a server is raised when a message is sent, not when it is received. Nobody's priority is changed here: what
 * it comes to is derived from who waits for whom (see standing.ts).
 */
import type { Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit, get, peek } from "../../core/table.ts";
import type { SchedulerState } from "./scheduler-state.ts";
import { addPid, pidsAt, removePid } from "./waiters.ts";

const tasksIn = ownerOf<SchedulerState>()("tasks");
const donorsIn = ownerOf<SchedulerState>()("donors");
const attendantsIn = ownerOf<SchedulerState>()("attendants");
const serversIn = ownerOf<SchedulerState>()("servers");

/** To whom one donates, as a number: all who serve an endpoint, or one process. */
export const toEndpoint = (endpoint: number): number => endpoint * 2;
export const toProcess = (pid: number): number => pid * 2 + 1;

/** From now on a process donates to these; before, it did to nobody. */
export function donate(scheduler: Own<SchedulerState>, pid: number, donee: number): void {
  if (peek(scheduler.tasks, pid) === null) return;
  stopDonating(scheduler, pid);
  edit(tasksIn(scheduler), pid).donee = donee;
  addPid(donorsIn(scheduler), donee, pid);
}

export function stopDonating(scheduler: Own<SchedulerState>, pid: number): void {
  const donee = peek(scheduler.tasks, pid)?.donee ?? 0;
  if (donee === 0) return;
  removePid(donorsIn(scheduler), donee, pid);
  edit(tasksIn(scheduler), pid).donee = 0;
}

/** A process serves this endpoint (0: none), and no other. */
export function serve(scheduler: Own<SchedulerState>, pid: number, endpoint: number): void {
  const serves = peek(scheduler.tasks, pid)?.serves ?? endpoint;
  if (serves === endpoint) return;
  if (serves !== 0) removePid(serversIn(scheduler), serves, pid);
  edit(tasksIn(scheduler), pid).serves = endpoint;
  if (endpoint !== 0) addPid(serversIn(scheduler), endpoint, pid);
}

/** A process attends to this notification (0: none), and to no other. */
export function attend(scheduler: Own<SchedulerState>, pid: number, notification: number): void {
  const attends = peek(scheduler.tasks, pid)?.attends ?? notification;
  if (attends === notification) return;
  if (attends !== 0) removePid(attendantsIn(scheduler), attends, pid);
  edit(tasksIn(scheduler), pid).attends = notification;
  if (notification !== 0) addPid(attendantsIn(scheduler), notification, pid);
}

/** Who gives its priority to a process, and waits for it. */
export function donorsOf({ tasks, donors }: SchedulerState, pid: number): readonly number[] {
  if (donors.root === null) return [];
  const { serves } = get(tasks, pid);
  const callers = pidsAt(donors, toProcess(pid));
  return serves === 0 ? callers : [...callers, ...pidsAt(donors, toEndpoint(serves))];
}

export const serversOf = ({ servers }: SchedulerState, endpoint: number): readonly number[] =>
  pidsAt(servers, endpoint);

/** Who is meant by the number of those to whom one donates. */
export function doneesAt(scheduler: SchedulerState, donee: number): readonly number[] {
  if (donee === 0) return [];
  if (donee % 2 === 0) return serversOf(scheduler, donee / 2);
  const pid = (donee - 1) / 2;
  return peek(scheduler.tasks, pid) === null ? [] : [pid];
}
