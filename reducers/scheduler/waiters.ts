/** Tables of pids by a number: who waits for which object, who gives whom its priority, who serves which endpoint. */
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit, emptyTable, nextKey, peek, remove, set, type Table } from "../../core/table.ts";
import type { Waiters } from "./scheduler-state.ts";

const pidsIn = ownerOf<Waiters>()("pids");

export function addPid(table: Own<Table<Waiters>>, key: number, pid: number): void {
  if (peek(table as unknown as Table<Waiters>, key) === null)
    set(table, key, { epoch: FRESH, pids: emptyTable() });
  set(pidsIn(edit(table, key)), pid, { epoch: FRESH });
}

export function removePid(table: Own<Table<Waiters>>, key: number, pid: number): void {
  const row = edit(table, key);
  remove(pidsIn(row), pid);
  if (row.pids.root === null) remove(table, key);
}

/** In ascending order. */
export function pidsAt(table: Table<Waiters>, key: number): readonly number[] {
  const waiters = peek(table, key);
  if (waiters === null) return NOBODY;
  const pids: number[] = [];
  for (let pid = nextKey(waiters.pids, 0); pid >= 0; pid = nextKey(waiters.pids, pid + 1)) pids.push(pid);
  return pids;
}

const NOBODY: readonly number[] = [];
