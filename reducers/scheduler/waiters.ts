/** Who waits for which object. */
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit, emptyTable, peek, remove, set } from "../../core/table.ts";
import type { SchedulerState, Waiters } from "./scheduler-state.ts";

const waitersIn = ownerOf<SchedulerState>()("waiters");
const pidsIn = ownerOf<Waiters>()("pids");

export function addWaiter(scheduler: Own<SchedulerState>, object: number, pid: number): void {
  const waiters = waitersIn(scheduler);
  if (peek(waiters, object) === null) set(waiters, object, { epoch: FRESH, pids: emptyTable() });
  set(pidsIn(edit(waiters, object)), pid, { epoch: FRESH });
}

export function removeWaiter(scheduler: Own<SchedulerState>, object: number, pid: number): void {
  const waiters = waitersIn(scheduler);
  const row = edit(waiters, object);
  remove(pidsIn(row), pid);
  if (row.pids.root === null) remove(waiters, object);
}
