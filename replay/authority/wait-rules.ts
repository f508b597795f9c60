/** What a process that waits needs: the call is decided again when it is woken, so it must still be allowed then. */
import { endpointRight, notificationRight, processRight } from "../../core/object-rights.ts";
import { right } from "../../core/rights.ts";
import { peek } from "../../core/table.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { awaitedOf } from "../../reducers/scheduler/awaited.ts";
import { polled } from "./everywhere.ts";
import type { HeldRights, UseMarks } from "./use-marks.ts";

const STDIN = 0;
const toRead = right.fdRead | right.pollFdReadwrite;
const toWrite = right.fdWrite | right.pollFdReadwrite;

export function markAwaited(ledger: UseMarks, objects: readonly number[]): void {
  const mark = (held: Iterable<HeldRights>, rights: number): void => {
    for (const each of held) ledger.perhaps(each, rights);
  };
  for (const object of objects) {
    const awaited = awaitedOf(object);
    switch (awaited.kind) {
      case "input":
        mark(ledger.heldTo("console", STDIN), toRead);
        break;
      case "readable":
        mark(ledger.heldTo("pipe-reader", awaited.pipe), toRead);
        break;
      case "writable":
        mark(ledger.heldTo("pipe-writer", awaited.pipe), toWrite);
        break;
      case "message":
        mark(ledger.heldTo("endpoint", awaited.object), endpointRight.receive);
        break;
      case "notification":
        mark(ledger.heldTo("notification", awaited.object), notificationRight.wait);
        break;
      case "ended":
        mark(ledger.heldTo("process", awaited.pid), processRight.examine);
        break;
      case "exchange":
        break;
    }
  }
}

/** Marks what a process needs that waited already when a stretch began: its call is decided again within it. */
export function markWait(ledger: UseMarks, { scheduler, processes }: KernelState): void {
  const task = scheduler === undefined ? null : peek(scheduler.tasks, ledger.pid);
  if (task !== null) return markAwaited(ledger, task.objects);
  if (peek(processes.rows, ledger.pid)?.status === "waiting") ledger.perhapsOfAll(polled);
}
