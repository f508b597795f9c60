import { expect, test } from "@jest/globals";
import { namesOfRights } from "../../core/object-rights.ts";
import { right, rightNamesOf } from "../../core/rights.ts";
import { callNumber } from "../../guests/call-table.ts";
import { errno } from "../../core/errno.ts";
import { addressOf, space } from "../../reducers/capabilities/address.ts";
import { PID, ROOT_FD, type ScriptedMachine, scriptedMachine } from "../../reducers/scripted-machine.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import { GuestPaths } from "../guest-paths.ts";
import { type HeldInStretch, isUnused, unusedRights } from "./held-in-stretch.ts";
import { narrowedGrants } from "./narrowed-grants.ts";
import { UseLedger } from "./use-ledger.ts";

/** What the process used from an event on. */
function usedFrom(machine: ScriptedMachine, seq: number): readonly HeldInStretch[] {
  const fold = new Fold(initialState());
  for (const event of machine.events.slice(0, seq)) fold.apply(event);
  const ledger = new UseLedger(fold.state, PID, new GuestPaths());
  for (const event of machine.events.slice(seq)) {
    ledger.take(fold.state, event);
    fold.apply(event);
    ledger.settle(fold.state, event);
  }
  return ledger.held;
}

/** What is known of the capability in a slot after something was done, apart from what was known of it before. */
function useOf(
  slot: number,
  act: (machine: ScriptedMachine) => void,
  prepare: (machine: ScriptedMachine) => void = () => {},
) {
  const machine = scriptedMachine();
  prepare(machine);
  const { id } = usedFrom(machine, machine.state.seq).filter(({ isService }) => !isService)[
    slot
  ] as HeldInStretch;
  const seq = machine.state.seq;
  act(machine);
  const held = usedFrom(machine, seq).find((each) => each.id === id) as HeldInStretch;
  return {
    used: namesOfRights(held.object, held.used).join(" "),
    handed: rightNamesOf(held.usedInheriting).join(" "),
    perhaps: namesOfRights(held.object, held.perhaps).join(" "),
  };
}

const FILE = 4;
const aFile = (machine: ScriptedMachine): void => void machine.file("a", 10);

test.each<[string, number, (machine: ScriptedMachine) => void, string, string]>([
  ["a read", FILE, (m) => m.perform({ call: "fd_read", fd: FILE, size: 2 }), "fd_read", ""],
  [
    "a positioned read",
    FILE,
    (m) => m.perform({ call: "fd_pread", fd: FILE, size: 2, offset: 1 }),
    "fd_read fd_seek",
    "",
  ],
  ["a seek", FILE, (m) => m.perform({ call: "fd_seek", fd: FILE, offset: 1, whence: 0 }), "fd_seek", ""],
  [
    "cutting a file",
    FILE,
    (m) => m.perform({ call: "fd_filestat_set_size", fd: FILE, size: 3 }),
    "fd_filestat_set_size",
    "",
  ],
  [
    "a file that grows",
    FILE,
    (m) => m.perform({ call: "fd_filestat_set_size", fd: FILE, size: 30 }),
    "",
    "fd_allocate fd_filestat_set_size",
  ],
  ["synchronising", FILE, (m) => m.perform({ call: "fd_sync", fd: FILE }), "", "fd_datasync fd_sync"],
  ["making a directory", ROOT_FD, (m) => m.directory("d"), "path_create_directory", ""],
  [
    "making a file",
    ROOT_FD,
    (m) => void m.file("new"),
    "path_create_file path_open",
    "path_create_file path_filestat_set_size",
  ],
  [
    "opening a file that was there",
    ROOT_FD,
    (m) => void m.open("a", 0, right.fdRead),
    "path_open",
    "path_create_file",
  ],
  [
    "unlinking",
    ROOT_FD,
    (m) => m.perform({ call: "path_unlink_file", fd: ROOT_FD, path: "a" }),
    "path_unlink_file",
    "",
  ],
  ["closing", FILE, (m) => m.perform({ call: "fd_close", fd: FILE }), "", ""],
  ["printing", 1, (m) => m.perform({ call: "fd_write", fd: 1, size: 1 }), "fd_write", ""],
  [
    "asking what a stream is",
    1,
    (m) => m.perform({ call: "fd_fdstat_get", fd: 1 }),
    "",
    "fd_fdstat_set_flags fd_filestat_get",
  ],
])("%s needs its rights, and no others surely", (_, slot, act, used, perhaps) => {
  expect(useOf(slot, act, aFile)).toMatchObject({ used, perhaps });
});

test("what is revoked by a membrane needs the right to, and what is revoked otherwise needs none", () => {
  const made = { by: 0, budget: 0, bytes: 0, label: "", detail: 0, rights: 3 } as const;
  const at = (slot: number): number => addressOf(space.process, PID, slot);
  const prepare = (m: ScriptedMachine): void => {
    m.happen(PID, { ...made, type: "object/created", object: "membrane", target: 1, to: at(4) });
    m.happen(PID, { ...made, type: "object/created", object: "table", target: 2, to: at(5) });
  };
  const revoke = (fd: number) => (m: ScriptedMachine) => void m.perform({ call: "cap_revoke", fd });
  expect(useOf(4, revoke(4), prepare)).toMatchObject({ used: "revoke", perhaps: "" });
  expect(useOf(5, revoke(5), prepare)).toMatchObject({ used: "", perhaps: "" });
});

test("a refusal may have needed every right that its function looks at", () => {
  const refuse = (m: ScriptedMachine): void =>
    void m.carryOut(PID, [
      {
        type: "process/refused",
        function: callNumber("wasi_snapshot_preview1", "path_unlink_file"),
        errno: errno.noent,
        reason: "none",
        slot: ROOT_FD,
        missing: 0,
        path: "none",
      },
    ]);
  expect(useOf(ROOT_FD, refuse)).toMatchObject({ used: "", perhaps: "path_unlink_file" });
});

test("what a process opened is handed on by its directory, and is counted by itself", () => {
  const machine = scriptedMachine();
  const seq = machine.state.seq;
  const fd = machine.open("a", 1, right.fdRead | right.fdWrite);
  machine.perform({ call: "fd_write", fd, size: 4 });
  const opened = usedFrom(machine, seq).find(({ isFromBefore }) => !isFromBefore) as HeldInStretch;
  expect([opened.used, unusedRights(opened), opened.uses]).toEqual([right.fdWrite, right.fdRead, 1]);
  const { handed } = useOf(ROOT_FD, (m) => void m.open("a", 1, right.fdRead | right.fdWrite));
  expect(handed).toBe("fd_read fd_write");
});

test("what nothing was needed of need not be granted again, and what nothing was changed through only to be read", () => {
  const machine = scriptedMachine();
  machine.file("a", 3);
  machine.perform({ call: "fd_close", fd: 4 });
  const second = machine.mount("copy");
  const seq = machine.state.seq;
  const fd = machine.open("a", 0, right.fdRead);
  machine.perform({ call: "fd_read", fd, size: 1 });
  machine.perform({ call: "clock_time_get", clock: 0 });
  const capabilities = usedFrom(machine, seq);
  const grants = narrowedGrants({ pid: PID, from: seq - 1, to: machine.state.seq - 1, capabilities });
  const told = grants.map(
    ({ held, needs }) => `${held.name === "directory:/host" ? `slot ${second}` : held.name} ${needs}`,
  );
  expect(told).toEqual(
    expect.arrayContaining([
      "directory:inode:1 read-only",
      "clock:realtime all",
      "clock:monotonic none",
      "entropy none",
    ]),
  );
  expect(capabilities.filter(isUnused).map(({ name }) => name)).toContain("console:input");
});
