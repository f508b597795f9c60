import { expect, test } from "@jest/globals";
import type { Own } from "../../core/own.ts";
import { edit, get, set, type Table } from "../../core/table.ts";
import { PID, scriptedMachine } from "../scripted-machine.ts";
import { allCapabilities, capabilityInvariants } from "./capability-invariants.ts";
import { MAX_SLOTS } from "./address.ts";
import { noLinks } from "./derivation-tree.ts";
import type { CapabilitiesState, Capability } from "./capability-state.ts";

/** The statements that do not hold once the slots of a machine with a file and a directory open were changed. */
function broken(change: (slots: Own<Table<Capability>>, all: CapabilitiesState) => void): readonly string[] {
  const machine = scriptedMachine();
  machine.directory("d");
  machine.openDirectory("d");
  machine.file("a", 10);
  const capabilities = JSON.parse(JSON.stringify(machine.state.capabilities)) as CapabilitiesState;
  change(get(capabilities.tables, PID).slots as Own<Table<Capability>>, capabilities);
  return Object.entries(capabilityInvariants)
    .filter(([, holds]) => !holds(capabilities))
    .map(([name]) => name);
}

test("all hold of what events lead to, and count what is held", () => {
  expect(broken(() => {})).toEqual([]);
  expect(allCapabilities(scriptedMachine().state.capabilities)).toHaveLength(8);
});

test.each<[string, string, (slots: Own<Table<Capability>>, all: CapabilitiesState) => void]>([
  [
    "capabilityIdsAreUnique",
    "one capability in two slots",
    (slots) => set(slots, 9, { ...get(slots, 4), ...noLinks }),
  ],
  ["parentsAreOlder", "one that is its own parent", (slots) => (edit(slots, 4).parent = get(slots, 4).id)],
  ["rightsAreOfTheKind", "a right that WASI does not have", (slots) => (edit(slots, 4).rights |= 1 << 30)],
  [
    "rightsAreOfTheKind",
    "a right to hand on that WASI does not have",
    (slots) => (edit(slots, 4).inheriting |= 1 << 30),
  ],
  [
    "slotTablesCountRight",
    "a page that counts a slot too many",
    (slots) => ((slots.root as { count: number }).count += 1),
  ],
  [
    "slotTablesCountRight",
    "a page that counts a process too many",
    (_, { tables }) => ((tables.root as { count: number }).count += 1),
  ],
  [
    "slotTablesCountRight",
    "a slot beyond the last",
    (slots) => set(slots, MAX_SLOTS, { ...get(slots, 4), ...noLinks, id: 1000 }),
  ],
])("%s fails for %s", (name, _, change) => {
  expect(broken(change)).toEqual([name]);
});
