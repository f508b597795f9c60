/** What an event has made ready that somebody may wait for, and whom it concerns who waits for something else. */
import { get, peek } from "../../core/table.ts";
import { ownerOfTable, SENT_THROUGH, slotOf, space, spaceOf } from "../capabilities/address.ts";
import { removedOf } from "../capabilities/capability-event.ts";
import type { KernelEvent } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { roomIn } from "../pipes/pipe-selectors.ts";
import {
  awaitedOf,
  CONSOLE_INPUT,
  endOf,
  exchangeOf,
  messageAt,
  readable,
  signalAt,
  writable,
} from "../scheduler/awaited.ts";

const NOTHING: readonly number[] = [];

/** By the numbers of awaited.ts. */
export function madeReady(state: KernelState, event: KernelEvent): readonly number[] {
  switch (event.type) {
    case "console/input-arrived":
    case "console/input-ended":
      return [CONSOLE_INPUT];
    case "pipe/written":
      return [readable(event.pipe)];
    case "pipe/read":
      return roomIn(get(state.pipes.rows, event.pipe)) > 0 ? [writable(event.pipe)] : NOTHING;
    case "pipe/reserved":
      return [
        ...(event.writers < 0 ? endRead(state, event.pipe) : NOTHING),
        ...(event.readers < 0 ? endWritten(state, event.pipe) : NOTHING),
      ];
    case "capability/closed":
      return lostBy(state, event.object, event.target);
    case "capability/removed":
      return [...removedOf(event)].flatMap(([kind, target, address]) =>
        isSentThrough(address) ? [exchangeOf(ownerOfTable(address))] : lostBy(state, kind, target),
      );
    case "ipc/sent":
      return [messageAt(event.endpoint)];
    case "ipc/received":
      return peek(state.ipc.exchanges, event.sender)?.awaitsReply === false
        ? [exchangeOf(event.sender)]
        : NOTHING;
    case "ipc/replied":
      return [exchangeOf(event.caller)];
    case "notification/signalled":
      return [signalAt(event.notification)];
    case "process/exited":
    case "process/trapped":
    case "process/killed":
      return [endOf(event.pid)];
    default:
      return NOTHING;
  }
}

const isSentThrough = (address: number): boolean =>
  spaceOf(address) === space.messages && slotOf(address) === SENT_THROUGH;

/** What is ready because there is one capability fewer to an object. */
function lostBy(state: KernelState, kind: string, target: number): readonly number[] {
  if (kind === "pipe-writer") return endRead(state, target);
  if (kind === "pipe-reader") return endWritten(state, target);
  return kind === "reply" ? [exchangeOf(target)] : NOTHING;
}

/** A pipe whose last writer is gone: whoever reads it comes to its end. */
const endRead = ({ pipes }: KernelState, pipe: number): readonly number[] =>
  peek(pipes.rows, pipe)?.writers === 0 ? [readable(pipe)] : NOTHING;

/** A pipe whose last reader is gone: whoever writes to it is refused. */
const endWritten = ({ pipes }: KernelState, pipe: number): readonly number[] =>
  peek(pipes.rows, pipe)?.readers === 0 ? [writable(pipe)] : NOTHING;

/** Who waits and has just lost a capability, perhaps that which it waits on: it asks again, and is told. */
export function bereaved(state: KernelState, event: KernelEvent): readonly number[] {
  if (event.type !== "capability/removed" || state.scheduler === undefined) return NOTHING;
  const { tasks } = state.scheduler;
  const pids = [...removedOf(event)].flatMap(([, , address]) =>
    spaceOf(address) === space.process ? [ownerOfTable(address)] : [],
  );
  return pids.filter((pid) => peek(tasks, pid)?.status === "waiting");
}

/** Whether what is waited for is there: it came before somebody could be woken for it. */
export function isReady(state: KernelState, object: number): boolean {
  const { console, pipes, ipc, processes } = state;
  const awaited = awaitedOf(object);
  switch (awaited.kind) {
    case "input":
      return console.inputBytes > 0 || console.inputEnded;
    case "readable": {
      const pipe = peek(pipes.rows, awaited.pipe);
      return pipe === null || pipe.bytes > 0 || pipe.writers === 0;
    }
    case "writable": {
      const pipe = peek(pipes.rows, awaited.pipe);
      return pipe === null || roomIn(pipe) > 0 || pipe.readers === 0;
    }
    case "message":
      return (peek(ipc.endpoints, awaited.object)?.count ?? 1) > 0;
    case "notification":
      return peek(ipc.notifications, awaited.object)?.isPending ?? true;
    case "exchange": {
      const exchange = peek(ipc.exchanges, awaited.pid);
      return exchange === null || exchange.status === (exchange.awaitsReply ? "replied" : "taken");
    }
    case "ended":
      return (peek(processes.rows, awaited.pid)?.exitCode ?? 0) >= 0;
  }
}
