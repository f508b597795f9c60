import { unreachable } from "../../core/assert.ts";
import { allRightsOf, type ObjectKind } from "../../core/object-rights.ts";
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import type { Reducer } from "../../core/reducer.ts";
import { emptyTable, peek, remove, set } from "../../core/table.ts";
import type { IpcEvent } from "../ipc/ipc-event.ts";
import type { FileEvent } from "../files/file-event.ts";
import type { ProcessEvent } from "../processes/process-event.ts";
import { addressOf, NOWHERE, ownerOfTable, serviceSlot, space, spaceOf } from "./address.ts";
import { type CapabilityEvent, type Derived, type Removed, REMOVED_FIELDS } from "./capability-event.ts";
import type { CapabilitiesState, Revocation } from "./capability-state.ts";
import { Felling, transplant } from "./derivation-tree.ts";
import { createObject, destroyObject } from "./kernel-objects.ts";
import { reduceExchange } from "./reduce-exchange.ts";
import { add, drop, hollow, newRow } from "./rows.ts";
import { ownRow, rowThatIs } from "./slots.ts";
import { beginTerms, countUse, inheritedTerms, moveTerms, termsOf } from "./terms.ts";

const tablesOf = ownerOf<CapabilitiesState>()("tables");
const revocationsIn = ownerOf<CapabilitiesState>()("revocations");

export type CapabilitiesInput =
  | Exclude<CapabilityEvent, { type: "capability/examined" | "budget/examined" }>
  | Extract<FileEvent, { type: "file/opened" }>
  | Extract<ProcessEvent, { type: `process/${"started" | "spawned" | "exited" | "trapped" | "killed"}` }>
  | Extract<IpcEvent, { type: "ipc/sent" | "ipc/received" | "ipc/replied" }>;

export const reduceCapabilities: Reducer<CapabilitiesState, CapabilitiesInput> = (capabilities, event) => {
  switch (event.type) {
    case "process/started":
      set(tablesOf(capabilities), event.pid, { epoch: FRESH, slots: emptyTable() });
      return;
    case "process/exited":
    case "process/trapped":
    case "process/killed":
      // What it has not come to take back stays where it is, with what that was made of.
      return endRevocation(capabilities, event.pid);
    case "process/spawned": {
      const rights = allRightsOf("process");
      const row = newRow(event.seq, { object: "process", target: event.child, rights, inheriting: 0 });
      return add(capabilities, event.to, row, NOWHERE);
    }
    case "capability/granted": {
      const row = newRow(event.seq, event);
      row.label = event.label;
      return add(capabilities, grantedAt(event), row, NOWHERE);
    }
    case "file/opened":
      return open(capabilities, event);
    case "capability/closed":
      return drop(capabilities, inProcess(event.pid, event.slot));
    case "capability/moved":
      return move(capabilities, inProcess(event.pid, event.slot), inProcess(event.pid, event.to));
    case "capability/narrowed":
      return narrow(capabilities, event);
    case "capability/derived":
      return derive(capabilities, event);
    case "capability/carried": {
      move(capabilities, event.from, event.to);
      const row = ownRow(capabilities, event.to);
      row.rights = event.rights;
      row.inheriting = event.inheriting;
      row.badge = event.badge;
      return;
    }
    case "capability/removed":
      return removeAll(capabilities, event);
    case "capability/used":
      return countUse(capabilities, event.place);
    case "object/created": {
      createObject(capabilities, event);
      const row = newRow(event.seq, { ...event, inheriting: 0 });
      row.label = event.label;
      return add(capabilities, event.to, row, NOWHERE);
    }
    case "object/destroyed":
      return destroyObject(capabilities, event);
    case "ipc/sent":
    case "ipc/received":
    case "ipc/replied":
      return reduceExchange(capabilities, event);
    default:
      unreachable(event);
  }
};

const inProcess = (pid: number, slot: number): number => addressOf(space.process, pid, slot);

const serviceSlots: Partial<Record<ObjectKind, number>> = {
  timers: serviceSlot.timers,
  entropy: serviceSlot.entropy,
};

/** Where boot puts a capability: clocks, timers and entropy among the services, all else where it says. */
function grantedAt(event: Extract<CapabilityEvent, { type: "capability/granted" }>): number {
  const { pid, object, slot, target } = event;
  const service = object === "clock" ? target : serviceSlots[object];
  return service === undefined ? inProcess(pid, slot) : addressOf(space.services, pid, service);
}

/** What is opened hangs below the directory that it was opened through, and is held on the same terms. */
function open(
  capabilities: Own<CapabilitiesState>,
  event: Extract<FileEvent, { type: "file/opened" }>,
): void {
  // Field by field: to spread an event costs several times as much as all else that is done here.
  const { open: target, rights, inheriting } = event;
  const row = newRow(event.seq, { object: "file", target, rights, inheriting });
  row.parent = event.by;
  const from = inProcess(event.pid, event.from);
  const to = inProcess(event.pid, event.slot);
  row.terms = inheritedTerms(rowThatIs(capabilities as unknown as CapabilitiesState, from).terms);
  add(capabilities, to, row, from);
  if (row.terms !== null) beginTerms(capabilities, to, row.terms);
}

function derive(capabilities: Own<CapabilitiesState>, event: Derived): void {
  const row = newRow(event.seq, event);
  row.parent = event.by;
  row.badge = event.badge;
  row.label = event.label;
  row.terms = termsOf(event);
  add(capabilities, event.to, row, event.from);
  if (row.terms !== null) beginTerms(capabilities, event.to, row.terms);
}

function move(capabilities: Own<CapabilitiesState>, from: number, to: number): void {
  const { terms } = rowThatIs(capabilities as unknown as CapabilitiesState, from);
  transplant(capabilities, from, to);
  if (terms !== null) moveTerms(capabilities, terms, to);
}

function narrow(
  capabilities: Own<CapabilitiesState>,
  event: Extract<CapabilityEvent, { type: "capability/narrowed" }>,
): void {
  const row = ownRow(capabilities, inProcess(event.pid, event.slot));
  row.rights = event.rights;
  row.inheriting = event.inheriting;
}

function removeAll(capabilities: Own<CapabilitiesState>, event: Removed): void {
  const { pid } = event;
  const revocation = event.why === "revoked" && event.more ? revocationAfter(capabilities, event) : null;
  const felling = new Felling();
  const { removed } = event;
  for (let at = 0; at < removed.length; at += REMOVED_FIELDS) {
    const address = removed[at] as number;
    const nextToGo = removed[at + REMOVED_FIELDS] ?? NOWHERE;
    if (leavesVoid(event, address)) hollow(capabilities, address, event.seq, felling, nextToGo);
    else drop(capabilities, address, felling, nextToGo);
  }
  if (event.why !== "revoked") return;
  if (revocation !== null) set(revocationsIn(capabilities), pid, revocation);
  else endRevocation(capabilities, pid);
}

function endRevocation(capabilities: Own<CapabilitiesState>, pid: number): void {
  if (peek(capabilities.revocations, pid) !== null) remove(revocationsIn(capabilities), pid);
}

/** Where a revocation goes on: behind the last that this event takes away. To come there from its root again could be a long way. */
function revocationAfter(capabilities: Own<CapabilitiesState>, { root, by, removed }: Removed): Revocation {
  const plain = capabilities as unknown as CapabilitiesState;
  const last = rowThatIs(plain, removed[removed.length - REMOVED_FIELDS] as number);
  const after = last.next === NOWHERE ? last.above : last.next;
  const next = after === root ? NOWHERE : after;
  return { epoch: FRESH, root, id: by, next, nextId: next === NOWHERE ? -1 : rowThatIs(plain, next).id };
}

/** What is taken from a process leaves its slot in use, unless that is its own doing: nothing else may come there behind its back. */
const leavesVoid = ({ why, pid }: Removed, address: number): boolean =>
  spaceOf(address) === space.process && !(why === "holder-ended" && ownerOfTable(address) === pid);
