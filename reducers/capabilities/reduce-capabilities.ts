import { unreachable } from "../../core/assert.ts";
import type { ObjectKind } from "../../core/object-rights.ts";
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import type { Reducer } from "../../core/reducer.ts";
import { editIf, emptyTable, remove, set } from "../../core/table.ts";
import type { FileEvent } from "../files/file-event.ts";
import type { ProcessEvent } from "../processes/process-event.ts";
import { addressOf, NOWHERE, serviceSlot, space, spaceOf } from "./address.ts";
import { type CapabilityEvent, type Derived, type Removed, removedOf } from "./capability-event.ts";
import type { CapabilitiesState, Capability } from "./capability-state.ts";
import { noLinks, plant, transplant, uproot } from "./derivation-tree.ts";
import { countHolder, createObject, destroyObject } from "./kernel-objects.ts";
import { ownRow, putRow, rowThatIs } from "./slots.ts";
import { beginTerms, countUse, endTerms, moveTerms, termsOf } from "./terms.ts";

const tablesOf = ownerOf<CapabilitiesState>()("tables");
const revocationsIn = ownerOf<CapabilitiesState>()("revocations");

export type CapabilitiesInput =
  | Exclude<CapabilityEvent, { type: "capability/examined" | "budget/examined" }>
  | Extract<FileEvent, { type: "file/opened" }>
  | Extract<ProcessEvent, { type: "process/started" }>;

export const reduceCapabilities: Reducer<CapabilitiesState, CapabilitiesInput> = (capabilities, event) => {
  switch (event.type) {
    case "process/started":
      set(tablesOf(capabilities), event.pid, { epoch: FRESH, slots: emptyTable() });
      return;
    case "capability/granted": {
      const row = newRow(event.seq, event);
      row.label = event.label;
      return add(capabilities, grantedAt(event), row, NOWHERE);
    }
    case "file/opened": {
      const row = newRow(event.seq, { ...event, object: "file", target: event.open });
      row.parent = event.by;
      const { pid } = event;
      return add(capabilities, inProcess(pid, event.slot), row, inProcess(pid, event.from));
    }
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
      return countUse(capabilities, event.address);
    case "object/created": {
      createObject(capabilities, event);
      const row = newRow(event.seq, { ...event, inheriting: 0 });
      row.label = event.label;
      return add(capabilities, event.to, row, NOWHERE);
    }
    case "object/destroyed":
      return destroyObject(capabilities, event);
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

type Allowed = Pick<Capability, "object" | "target" | "rights" | "inheriting">;

/** A capability that nobody has derived anything from yet. */
const newRow = (id: number, { object, target, rights, inheriting }: Allowed): Own<Capability> =>
  ({
    epoch: FRESH,
    id,
    object,
    target,
    rights,
    inheriting,
    parent: -1,
    badge: 0,
    label: "",
    terms: null,
    ...noLinks,
  }) as Own<Capability>;

function add(capabilities: Own<CapabilitiesState>, address: number, row: Own<Capability>, above: number): void {
  plant(capabilities, address, row, above);
  countHolder(capabilities, row.object, row.target, 1);
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

/** Empties a slot, whatever it holds. */
function drop(capabilities: Own<CapabilitiesState>, address: number): void {
  const { object, target, terms } = rowThatIs(capabilities as unknown as CapabilitiesState, address);
  if (terms !== null) endTerms(capabilities, terms);
  if (object === "void") capabilities.spentCount -= 1;
  uproot(capabilities, address);
  countHolder(capabilities, object, target, -1);
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
  for (const [, , address] of removedOf(event)) {
    const { id } = rowThatIs(capabilities as unknown as CapabilitiesState, address);
    drop(capabilities, address);
    if (leavesVoid(event, address)) putVoid(capabilities, address, id, event.seq);
  }
  if (event.why !== "revoked") return;
  if (event.more)
    set(revocationsIn(capabilities), pid, { epoch: FRESH, root: event.root, id: event.by });
  else if (editIf(revocationsIn(capabilities), pid) !== null) remove(revocationsIn(capabilities), pid);
}

/** What is taken from a process leaves its slot in use: nothing else may come there behind its back. */
const leavesVoid = ({ why }: Removed, address: number): boolean =>
  spaceOf(address) === space.process && why !== "object-destroyed" && why !== "holder-ended";

function putVoid(capabilities: Own<CapabilitiesState>, address: number, id: number, seq: number): void {
  putRow(
    capabilities,
    address,
    newRow(id, { object: "void", target: seq, rights: 0, inheriting: 0 }) as unknown as Capability,
  );
  capabilities.spentCount += 1;
}
