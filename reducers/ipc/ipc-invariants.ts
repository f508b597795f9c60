import { get, peek, rowsOf } from "../../core/table.ts";
import { tableCountsAreRight } from "../../core/table-invariants.ts";
import type { IpcState } from "./ipc-state.ts";

type Statement = (ipc: IpcState) => boolean;

/** Who waits at an endpoint stands in its queue, once, and nobody else does (law A15). */
export const queuesHoldTheWaiting: Statement = (ipc) => {
  const queued = [...rowsOf(ipc.exchanges)].filter(([, { status }]) => status === "queued");
  const seen = new Set<number>();
  for (const [id, { first, last, count }] of rowsOf(ipc.endpoints)) {
    let before = 0;
    let length = 0;
    for (let pid = first; pid !== 0; length += 1) {
      const exchange = peek(ipc.exchanges, pid);
      if (exchange === null || seen.has(pid)) return false;
      if (exchange.endpoint !== id || exchange.before !== before || exchange.status !== "queued")
        return false;
      seen.add(pid);
      before = pid;
      pid = exchange.behind;
    }
    if (before !== last || length !== count) return false;
  }
  return seen.size === queued.length;
};

/** Who has taken a message is known as long as its sender waits, and a reply is only given where one is awaited. */
export const exchangesAreSound: Statement = (ipc) =>
  [...rowsOf(ipc.exchanges)].every(([, { status, server, awaitsReply, before, behind }]) => {
    if (status === "queued") return server === 0;
    return server !== 0 && before === 0 && behind === 0 && (status === "taken" || awaitsReply);
  });

export const unsignalledHaveNoBits: Statement = (ipc) =>
  [...rowsOf(ipc.notifications)].every(([, { isPending, bits }]) => isPending || bits === 0);

export const ipcTablesCountRight: Statement = (ipc) =>
  tableCountsAreRight(ipc.endpoints) &&
  tableCountsAreRight(ipc.exchanges) &&
  tableCountsAreRight(ipc.notifications) &&
  [...rowsOf(ipc.exchanges)].every(
    ([, { status, endpoint }]) => status !== "queued" || get(ipc.endpoints, endpoint).count > 0,
  );

export const ipcInvariants: Readonly<Record<string, Statement>> = {
  queuesHoldTheWaiting,
  exchangesAreSound,
  unsignalledHaveNoBits,
  ipcTablesCountRight,
};
