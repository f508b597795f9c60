/**
 * Every refusal, by what was asked: its errno, its reason, and a state that is hash for hash what it was (A17). The errnos are those that
 * guests/foldos/foldos.h promises, function by function.
 */
import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { refusalReasons } from "../../core/refusal-reason.ts";
import { right } from "../../core/rights.ts";
import { type Hash, StatePages } from "../../core/state-pages.ts";
import { PID, ROOT_FD, type ScriptedMachine } from "../scripted-machine.ts";
import { refusedFact } from "./refused-fact.ts";
import { capabilityRefusals } from "./scripted-capability-refusals.ts";
import { messageRefusals } from "./scripted-message-refusals.ts";
import { ALL, EMPTY, NOW, OTHER, type Refusal, type Refusals, refusalScene } from "./scripted-refusals.ts";

/** What calls of WASI preview 1 are refused for in the same words. */
const wasiRefusals: Refusals = {
  "WASI: the descriptor": [
    ["badf", "empty-slot", () => ({ call: "fd_read", fd: EMPTY, size: 1 })],
    ["badf", "no-slot", () => ({ call: "fd_close", fd: 2 ** 20 })],
    ["badf", "wrong-kind", ({ endpoint: fd }) => ({ call: "fd_write", fd, size: 1 })],
    ["badf", "not-preopened", ({ endpoint: fd }) => ({ call: "fd_prestat_get", fd })],
    ["badf", "not-preopened", () => ({ call: "fd_prestat_get", fd: EMPTY })],
    ["notcapable", "lacks-right", () => ({ call: "fd_read", fd: 1, size: 1 })],
    ["notcapable", "would-widen", () => narrow(0, right.fdWrite)],
    ["notcapable", "unknown-rights", () => ({ ...narrow(0, 0), hasUnknown: true })],
    ["stale", "lease-over", ({ lapsed: fd }) => ({ call: "fd_filestat_get", fd })],
  ],
  "WASI: fd_renumber": [
    [
      "busy",
      "ends-with-other",
      ({ file: to }, machine) => {
        const fd = machine.freeSlot();
        machine.perform({ call: "cap_lease", fd: to, until: 0, uses: 0, withHolder: true });
        return { call: "fd_renumber", fd, to };
      },
    ],
  ],
  "WASI: a path": [
    ["perm", "leads-out", () => ({ call: "path_create_directory", fd: ROOT_FD, path: "../x" })],
    ["perm", "leads-out", () => ({ call: "path_symlink", fd: ROOT_FD, path: "x", target: "/etc" })],
    ["noent", "none", () => ({ call: "path_unlink_file", fd: ROOT_FD, path: "x" })],
  ],
  "WASI: a service": [
    ["notcapable", "no-service", () => ({ call: "random_get", size: 1 }), { pid: OTHER }],
    ["notcapable", "no-service", () => ({ call: "clock_time_get", clock: 0 }), { pid: OTHER }],
  ],
};

const narrow = (fd: number, rights: number) =>
  ({ call: "fd_fdstat_set_rights", fd, rights, inheriting: 0, hasUnknown: false }) as const;

const refusals: Refusals = { ...capabilityRefusals, ...messageRefusals, ...wasiRefusals };

/** Said elsewhere: of a state that no log of a test leads to, and of what is refused before it is decided. */
const elsewhere = {
  "table-full": "full-slots.test.ts",
  "unknown-flags": "guests/foldos/message-calls.test.ts",
} as const;

/** Eight sums of 32 bits, each of all bytes in their order: enough to tell states apart that are not forged. */
const hash: Hash = (bytes) => {
  const words = Uint32Array.from({ length: 8 }, (_, word) => word + 1);
  for (const byte of bytes)
    for (let word = 0; word < words.length; word += 1)
      words[word] = Math.imul((words[word] as number) ^ byte, 0x01000193 + 2 * word) + word;
  return new Uint8Array(words.buffer);
};

/** The state as a hash, but for the log's own counters. */
const substanceOf = ({ state }: ScriptedMachine): string =>
  new StatePages(hash, null).write({ ...state, seq: 0, at: 0 }).join(".");

/** How a refusal went: what was decided, and whether asking and logging it left the state as it was. */
function tryOne([, , ask, how = {}]: Refusal) {
  const { pid = PID, isAgain = false, hasTurns = true } = how;
  const { machine, slots } = refusalScene({ hasTurns });
  machine.at = NOW;
  const request = ask(slots, machine);
  const before = substanceOf(machine);
  const decision = machine.askAs(pid, request, machine.at, isAgain);
  const event =
    decision.kind === "refused" ? machine.happen(pid, refusedFact({ number: 0, request }, decision)) : null;
  return { call: request.call, decision, event, isUnchanged: substanceOf(machine) === before };
}

const cases = Object.entries(refusals).flatMap(([about, each]) =>
  each.map((refusal) => [about, refusal[0], refusal[1], refusal] as const),
);

test.each(cases)("%s: E%s for the reason %s", (_, name, reason, refusal) => {
  const { decision, event, isUnchanged } = tryOne(refusal);
  expect(decision).toMatchObject({ kind: "refused", errno: errno[name], reason });
  expect(event).toMatchObject({ type: "process/refused", errno: errno[name], reason });
  expect(isUnchanged).toBe(true);
});

/** The slot that a refusal is told of. */
function slotTold(ask: Refusal[2]): number {
  const { event } = tryOne(["inval", "none", ask]);
  return event?.type === "process/refused" ? event.slot : -1;
}

test("a refusal is told of the slot that it is about, whichever of the call's that is", () => {
  const { slots } = refusalScene();
  const { brand: fd, file, poor, box, reply, lapsed, ended, self, endpoint } = slots;
  const given = (slot: number) => [{ slot, rights: ALL }];
  const told = [
    slotTold(() => ({ call: "cap_seal", fd, sealed: file, budget: poor })),
    slotTold(({ table }) => ({ call: "table_store", fd: table, index: 2, stored: box })),
    slotTold(() => ({ call: "ipc_send", fd: endpoint, mayWait: true, size: 0, given: given(reply) })),
    slotTold(() => ({ call: "ipc_send", fd: endpoint, mayWait: true, size: 0, given: given(lapsed) })),
    slotTold(() => ({ call: "priority_set", fd: self, authority: ended, priority: 1 })),
    slotTold(() => ({ call: "cap_move", fd: file, to: self })),
    slotTold(() => ({ call: "ipc_cancel_badged", fd: EMPTY, badge: 1 })),
  ];
  expect(told).toEqual([poor, box, reply, lapsed, ended, self, EMPTY]);
});

describe("of the reasons", () => {
  test("none is left unused", () => {
    const used = new Set<string>([...cases.map(([, , reason]) => reason), ...Object.keys(elsewhere)]);
    expect(refusalReasons.filter((reason) => !used.has(reason))).toEqual([]);
  });

  test("none is told of a call of foldos that says nothing", () => {
    const silent = Object.entries({ ...capabilityRefusals, ...messageRefusals }).flatMap(([about, each]) =>
      each.filter(([, reason]) => reason === "none").map(() => about),
    );
    expect(silent).toEqual([]);
  });
});
