/**
 * Interrupt lines and timers. A line that is raised is delivered once and masked; raised again meanwhile, it is delivered again when it
 * is acknowledged. So none is lost, and however often it is raised, whoever handles it is signalled no more often than it says it is
 * ready.
 */
import { unreachable } from "../../core/assert.ts";
import { addDue, removeDue } from "../../core/heap.ts";
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import type { Reducer } from "../../core/reducer.ts";
import { edit, editIf, get, peek, remove, set } from "../../core/table.ts";
import { KEPT_SLOT, ownerOfTable, slotOf, space, spaceOf } from "../capabilities/address.ts";
import { type CapabilityEvent, removedOf } from "../capabilities/capability-event.ts";
import type { IpcEvent } from "../ipc/ipc-event.ts";
import type { ContextEvent } from "../scheduler/context-event.ts";
import type { InterruptEvent } from "./interrupt-event.ts";
import { type InterruptsState, type Line, nextRaise } from "./interrupts-state.ts";

const linesIn = ownerOf<InterruptsState>()("lines");
const timersIn = ownerOf<InterruptsState>()("timers");
const notifiedIn = ownerOf<InterruptsState>()("notified");
const dueIn = ownerOf<InterruptsState>()("due");

export type InterruptsInput =
  | InterruptEvent
  | Extract<IpcEvent, { type: "notification/signalled" }>
  | Extract<ContextEvent, { type: "context/exhausted" }>
  | Extract<CapabilityEvent, { type: "capability/removed" | "object/destroyed" }>;

export const reduceInterrupts: Reducer<InterruptsState, InterruptsInput> = (interrupts, event) => {
  switch (event.type) {
    case "interrupt/attached":
      return set(linesIn(interrupts), event.line, newLine(event));
    case "interrupt/raised":
      return raise(interrupts, event.line, event.at);
    case "interrupt/acknowledged":
      return acknowledge(interrupts, event.line, event.at);
    case "interrupt/bound": {
      const line = edit(linesIn(interrupts), event.line);
      line.notification = event.notification;
      line.isMasked = false;
      if (line.isPending) deliver(interrupts, event.line);
      return expect(interrupts, event.line, event.at);
    }
    case "timer/armed": {
      const { timer, notification, until } = event;
      set(timersIn(interrupts), timer, { epoch: FRESH, notification, place: -1 });
      return addDue(dueIn(interrupts), { key: timer, until }, placedIn(interrupts));
    }
    case "timer/disarmed":
      return disarm(interrupts, event.timer);
    case "timer/fired":
      disarm(interrupts, event.timer);
      interrupts.signalling = event.timer;
      return;
    case "context/exhausted":
      if (event.signals) interrupts.signalling = event.context;
      return;
    case "notification/signalled":
      return signal(interrupts);
    case "capability/removed":
      return removeBindings(interrupts, event);
    case "object/destroyed":
      if (event.object !== "interrupt" || peek(interrupts.lines, event.target) === null) return;
      unbind(interrupts, event.target);
      return remove(linesIn(interrupts), event.target);
    default:
      unreachable(event);
  }
};

const newLine = (event: Extract<InterruptEvent, { type: "interrupt/attached" }>): Line => ({
  epoch: FRESH,
  everyMicros: event.everyMicros,
  attachedAt: event.at,
  notification: 0,
  isMasked: true,
  isInService: false,
  isPending: false,
  count: 0,
  place: -1,
});

const placedIn =
  (interrupts: Own<InterruptsState>) =>
  (id: number, place: number): void => {
    const row = editIf(linesIn(interrupts), id) ?? editIf(timersIn(interrupts), id);
    if (row !== null) row.place = place;
  };

function raise(interrupts: Own<InterruptsState>, id: number, now: number): void {
  const line = edit(linesIn(interrupts), id);
  line.count += 1;
  if (line.isMasked) line.isPending = true;
  else deliver(interrupts, id);
  expect(interrupts, id, now);
}

function deliver(interrupts: Own<InterruptsState>, id: number): void {
  const line = edit(linesIn(interrupts), id);
  line.isMasked = true;
  line.isInService = true;
  line.isPending = false;
  interrupts.signalling = id;
}

/** What was delivered has signalled; a line is in service from here on, for whoever is urgent because of it. */
function signal(interrupts: Own<InterruptsState>): void {
  const { signalling } = interrupts;
  if (signalling === 0) return;
  const line = peek(interrupts.lines, signalling);
  if (line !== null) count(interrupts, line.notification, 1);
  interrupts.signalling = 0;
}

function acknowledge(interrupts: Own<InterruptsState>, id: number, now: number): void {
  const line = edit(linesIn(interrupts), id);
  endService(interrupts, id);
  line.isMasked = line.notification === 0;
  if (line.isPending && !line.isMasked) deliver(interrupts, id);
  expect(interrupts, id, now);
}

function endService(interrupts: Own<InterruptsState>, id: number): void {
  const line = edit(linesIn(interrupts), id);
  if (!line.isInService) return;
  line.isInService = false;
  count(interrupts, line.notification, -1);
}

/** One line more, or fewer, of a notification is in service. */
function count(interrupts: Own<InterruptsState>, notification: number, change: 1 | -1): void {
  const inService = (peek(interrupts.notified, notification)?.inService ?? 0) + change;
  if (inService === 0) return remove(notifiedIn(interrupts), notification);
  set(notifiedIn(interrupts), notification, { epoch: FRESH, inService });
}

/** Puts a line where it is due next, if it is to be raised by the machine's timer and that would change something. */
function expect(interrupts: Own<InterruptsState>, id: number, now: number): void {
  const line = get(interrupts.lines, id);
  if (line.place >= 0) removeDue(dueIn(interrupts), line.place, placedIn(interrupts));
  if (line.everyMicros === 0 || line.notification === 0 || line.isPending) return;
  addDue(dueIn(interrupts), { key: id, until: nextRaise(line, now) }, placedIn(interrupts));
}

function disarm(interrupts: Own<InterruptsState>, id: number): void {
  const timer = peek(interrupts.timers, id);
  if (timer === null) return;
  removeDue(dueIn(interrupts), timer.place, placedIn(interrupts));
  remove(timersIn(interrupts), id);
}

/** What was bound to a line or a timer is gone. */
function removeBindings(
  interrupts: Own<InterruptsState>,
  event: { readonly removed: readonly number[] },
): void {
  for (const [, , address] of removedOf(event)) {
    if (spaceOf(address) !== space.kept || slotOf(address) !== KEPT_SLOT) continue;
    const id = ownerOfTable(address);
    if (peek(interrupts.lines, id) !== null) unbind(interrupts, id);
    else disarm(interrupts, id);
  }
}

function unbind(interrupts: Own<InterruptsState>, id: number): void {
  endService(interrupts, id);
  const line = edit(linesIn(interrupts), id);
  line.notification = 0;
  line.isMasked = true;
  line.isPending = false;
  if (line.place >= 0) removeDue(dueIn(interrupts), line.place, placedIn(interrupts));
  if (interrupts.signalling === id) interrupts.signalling = 0;
}
