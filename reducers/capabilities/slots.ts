/** Slots by address, in whichever space they are. */
import { invariant } from "../../core/assert.ts";
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit, emptyTable, peek, remove, set, type Table } from "../../core/table.ts";
import { ownerOfTable, type Space, slotOf, space, spaceOf } from "./address.ts";
import type { CapabilitiesState, Capability, CapabilityTable } from "./capability-state.ts";

const tablesIn = ownerOf<CapabilitiesState>()("tables");
const servicesIn = ownerOf<CapabilitiesState>()("services");
const keptIn = ownerOf<CapabilitiesState>()("kept");
const messagesIn = ownerOf<CapabilitiesState>()("messages");
const slotsIn = ownerOf<CapabilityTable>()("slots");

/** The tables of a space, by owner. */
export function spaceTables(capabilities: CapabilitiesState, where: Space): Table<CapabilityTable> {
  if (where === space.process) return capabilities.tables;
  if (where === space.services) return capabilities.services;
  return where === space.kept ? capabilities.kept : capabilities.messages;
}

function ownTables(capabilities: Own<CapabilitiesState>, where: Space): Own<Table<CapabilityTable>> {
  if (where === space.process) return tablesIn(capabilities);
  if (where === space.services) return servicesIn(capabilities);
  return where === space.kept ? keptIn(capabilities) : messagesIn(capabilities);
}

/** What lies at an address; null if nothing does. */
export function rowAt(capabilities: CapabilitiesState, address: number): Capability | null {
  const table = peek(spaceTables(capabilities, spaceOf(address)), ownerOfTable(address));
  return table === null ? null : peek(table.slots, slotOf(address));
}

/** What lies at an address, to write; it must be there. */
export function ownRow(capabilities: Own<CapabilitiesState>, address: number): Own<Capability> {
  const tables = ownTables(capabilities, spaceOf(address));
  return edit(slotsIn(edit(tables, ownerOfTable(address))), slotOf(address));
}

/** Puts a new row at an address. A table that is not there is made; that of a process is there as long as it lives. */
export function putRow(capabilities: Own<CapabilitiesState>, address: number, row: Capability): void {
  const tables = ownTables(capabilities, spaceOf(address));
  const owner = ownerOfTable(address);
  if (peek(tables as unknown as Table<CapabilityTable>, owner) === null)
    set(tables, owner, { epoch: FRESH, slots: emptyTable() });
  set(slotsIn(edit(tables, owner)), slotOf(address), row);
}

/** Empties a slot. A table of no process that becomes empty is given back. */
export function takeRow(capabilities: Own<CapabilitiesState>, address: number): void {
  const where = spaceOf(address);
  const tables = ownTables(capabilities, where);
  const owner = ownerOfTable(address);
  const table = edit(tables, owner);
  remove(slotsIn(table), slotOf(address));
  if (where !== space.process && table.slots.root === null) remove(tables, owner);
}

export function rowThatIs(capabilities: CapabilitiesState, address: number): Capability {
  const row = rowAt(capabilities, address);
  invariant(row !== null, "a capability that is named lies at its address");
  return row;
}
