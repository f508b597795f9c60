import { unreachable } from "../../core/assert.ts";
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import type { Reducer } from "../../core/reducer.ts";
import { edit, emptyTable, get, remove, set, type Table } from "../../core/table.ts";
import type { FileEvent } from "../files/file-event.ts";
import type { ProcessEvent } from "../processes/process-event.ts";
import type { CapabilityEvent } from "./capability-event.ts";
import type { CapabilitiesState, Capability, CapabilityTable } from "./capability-state.ts";

const tablesOf = ownerOf<CapabilitiesState>()("tables");
const slotsIn = ownerOf<CapabilityTable>()("slots");

type CapabilitiesInput =
  | Exclude<CapabilityEvent, { type: "capability/examined" }>
  | Extract<FileEvent, { type: "file/opened" }>
  | Extract<ProcessEvent, { type: "process/started" }>;

export const reduceCapabilities: Reducer<CapabilitiesState, CapabilitiesInput> = (capabilities, event) => {
  switch (event.type) {
    case "process/started":
      set(tablesOf(capabilities), event.pid, { epoch: FRESH, slots: emptyTable() });
      return;
    case "capability/granted":
      set(slotsOf(capabilities, event.pid), event.slot, {
        epoch: FRESH,
        id: event.seq,
        object: event.object,
        target: event.target,
        rights: event.rights,
        inheriting: event.inheriting,
        parent: -1,
        badge: 0,
        label: event.label,
      });
      return;
    case "file/opened":
      set(slotsOf(capabilities, event.pid), event.slot, {
        epoch: FRESH,
        id: event.seq,
        object: "file",
        target: event.open,
        rights: event.rights,
        inheriting: event.inheriting,
        parent: event.by,
        badge: 0,
        label: "",
      });
      return;
    case "capability/closed":
      remove(slotsOf(capabilities, event.pid), event.slot);
      return;
    case "capability/moved": {
      const slots = slotsOf(capabilities, event.pid);
      const moved = { ...get(slots as unknown as Table<Capability>, event.slot), epoch: FRESH };
      remove(slots, event.slot);
      set(slots, event.to, moved);
      return;
    }
    case "capability/narrowed": {
      const capability = edit(slotsOf(capabilities, event.pid), event.slot);
      capability.rights = event.rights;
      capability.inheriting = event.inheriting;
      return;
    }
    default:
      unreachable(event);
  }
};

const slotsOf = (capabilities: Own<CapabilitiesState>, pid: number): Own<Table<Capability>> =>
  slotsIn(edit(tablesOf(capabilities), pid));
