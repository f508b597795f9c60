import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import type { Own } from "../../core/own.ts";
import { emptyTable, type Page, remove, set, type Table } from "../../core/table.ts";
import { capabilityIn, freeSlot } from "../capabilities/capability-selectors.ts";
import { MAX_SLOTS } from "../capabilities/address.ts";
import type { CapabilitiesState, Capability } from "../capabilities/capability-state.ts";
import type { KernelState } from "../kernel-state.ts";
import { PID, ROOT_FD, scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";
import { decide } from "./decide.ts";
import { oflag } from "./open-path.ts";

type CapabilityTable = CapabilitiesState["tables"] extends Table<infer Row> ? Row : never;

const refused = (code: number, reason = "none") => ({ kind: "refused", errno: code, reason, missing: 0 });

function withFile(): ScriptedMachine {
  const machine = scriptedMachine();
  machine.file("f", 10);
  return machine;
}

describe("a process with as many descriptors as it may have", () => {
  /** A table with a row under every key below 2^20: pages that share all that is below them, since a million grants take seconds. */
  function full(row: Capability): Table<Capability> {
    let below: Capability | Page<Capability> = row;
    let count = 1;
    for (let level = 0; level < 4; level += 1) {
      count *= 32;
      below = { epoch: 0, count, items: Array.from({ length: 32 }, () => below) };
    }
    return { epoch: 1, levels: 4, root: below as Page<Capability> };
  }

  /** The state with all slots taken, but for those that are given back. */
  function crowded(machine: ScriptedMachine, freed: readonly number[] = []): KernelState {
    const { state } = machine;
    const slots = full(capabilityIn(state.capabilities, PID, ROOT_FD) as Capability);
    for (const slot of freed) remove(slots as Own<Table<Capability>>, slot);
    const tables = emptyTable<CapabilityTable>();
    set(tables as Own<Table<CapabilityTable>>, PID, { epoch: 0, slots });
    return { ...state, capabilities: { ...state.capabilities, tables } };
  }

  const asks = (state: KernelState, path: string, oflags = 0) =>
    decide(
      state,
      { pid: PID, at: 0, since: 0 },
      { call: "path_open", fd: ROOT_FD, path, follow: true, oflags, rights: 0, inheriting: 0, fdflags: 0 },
    );

  test("is refused one more with ENFILE, whatever it would open, and nothing is made", () => {
    const state = crowded(withFile());
    expect(freeSlot(state.capabilities, PID)).toBe(MAX_SLOTS);
    for (const [path, oflags] of [
      ["f", 0],
      [".", oflag.directory],
      ["new", oflag.create],
      ["none", 0],
    ] as const)
      expect(asks(state, path, oflags)).toEqual(refused(errno.nfile, "table-full"));
  });

  test("may open another once one was closed, the last as well as the first", () => {
    for (const slot of [MAX_SLOTS - 1, 77])
      expect(asks(crowded(withFile(), [slot]), "f")).toMatchObject({
        kind: "facts",
        facts: [{ type: "file/opened", slot }],
      });
  });

  test("hears of a bad descriptor and of bad flags first", () => {
    const state = crowded(withFile());
    expect(asks(state, "f", 16)).toEqual(refused(errno.inval));
  });
});
