/** The queue of those who wait to be received at an endpoint. */
import type { Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit, get } from "../../core/table.ts";
import type { IpcState } from "./ipc-state.ts";

const endpointsIn = ownerOf<IpcState>()("endpoints");
const exchangesIn = ownerOf<IpcState>()("exchanges");

/** Puts a sender at the end of its endpoint's queue. */
export function enqueue(ipc: Own<IpcState>, pid: number): void {
  const exchange = edit(exchangesIn(ipc), pid);
  const endpoint = edit(endpointsIn(ipc), exchange.endpoint);
  exchange.before = endpoint.last;
  if (endpoint.last === 0) endpoint.first = pid;
  else edit(exchangesIn(ipc), endpoint.last).behind = pid;
  endpoint.last = pid;
  endpoint.count += 1;
}

/** Takes a sender out of the queue, wherever in it it is. */
export function dequeue(ipc: Own<IpcState>, pid: number): void {
  const { endpoint: id, before, behind } = get(ipc.exchanges, pid);
  const endpoint = edit(endpointsIn(ipc), id);
  if (before === 0) endpoint.first = behind;
  else edit(exchangesIn(ipc), before).behind = behind;
  if (behind === 0) endpoint.last = before;
  else edit(exchangesIn(ipc), behind).before = before;
  endpoint.count -= 1;
  const exchange = edit(exchangesIn(ipc), pid);
  exchange.before = 0;
  exchange.behind = 0;
}
