/** What is refused of calls on capabilities, tables, boxes, membranes and budgets: for tests. */
import { MAX_SLOTS } from "../capabilities/address.ts";
import type { FoldosRequest } from "./foldos-request.ts";
import { ALL, beginRevocation, EMPTY, minted, NOW, type Refusals } from "./scripted-refusals.ts";

const room = { capacity: 1, slots: 0 } as const;
const nothing = { size: 0, given: [], mayWait: true } as const;
const copy = (fd: number): FoldosRequest => ({ call: "cap_copy", fd });
const receive = (fd: number): FoldosRequest => ({ call: "ipc_receive", fd, mayWait: true, ...room });
const send = (fd: number, slot: number): FoldosRequest => ({
  call: "ipc_send",
  fd,
  ...nothing,
  given: [{ slot, rights: ALL }],
});

/** Whatever the call: the slot that it names. */
const slotRefusals: Refusals = {
  "the slot": [
    ["badf", "empty-slot", () => copy(EMPTY)],
    ["badf", "no-slot", () => copy(MAX_SLOTS)],
    ["badf", "no-slot", () => receive(2 ** 32 - 1)],
    ["inval", "wrong-kind", ({ file }) => receive(file)],
    ["inval", "wrong-kind", ({ endpoint: fd }) => ({ call: "table_create", fd })],
    ["notcapable", "lacks-right", ({ rightless }) => receive(rightless)],
    ["notcapable", "lacks-right", ({ receiver: fd }) => ({ call: "ipc_send", fd, ...nothing })],
    [
      "stale",
      "taken-back",
      ({ endpoint: fd, badged }, machine) => {
        machine.perform({ call: "cap_revoke", fd });
        return copy(badged);
      },
    ],
    ["stale", "lease-over", ({ lapsed: fd }) => ({ call: "cap_revoke", fd })],
    [
      "stale",
      "lease-used-up",
      ({ once }, machine) => {
        machine.perform({ call: "fd_filestat_get", fd: once });
        return copy(once);
      },
    ],
  ],
};

const derivations: Refusals = {
  cap_copy: [
    ["perm", "is-reply", ({ reply }) => copy(reply)],
    ["perm", "counted-lease", ({ once }) => copy(once)],
    [
      "canceled",
      "being-revoked",
      ({ endpoint, badged }, machine) => {
        beginRevocation(machine, endpoint);
        return copy(badged);
      },
    ],
  ],
  cap_mint: [
    ["perm", "is-reply", ({ reply }) => minted(reply, 1)],
    ["perm", "counted-lease", ({ once }) => minted(once, 0)],
    ["perm", "would-widen", ({ badged }) => minted(badged, 4)],
    ["perm", "would-widen", ({ endpoint }) => ({ ...minted(endpoint, 1), inheriting: 1 })],
    ["inval", "unknown-rights", ({ endpoint }) => minted(endpoint, 16)],
    ["inval", "unknown-rights", ({ endpoint }) => ({ ...minted(endpoint, 1), hasUnknown: true })],
    ["inval", "already-badged", ({ badged }) => minted(badged, 1, 5)],
    ["inval", "takes-no-badge", ({ budget }) => minted(budget, 1, 5)],
  ],
  cap_lease: [
    [
      "inval",
      "time-past",
      ({ file: fd }) => ({ call: "cap_lease", fd, until: 100, uses: 0, withHolder: false }),
    ],
  ],
  cap_move: [
    ["exist", "slot-in-use", ({ file: fd, budget: to }) => ({ call: "cap_move", fd, to })],
    ["badf", "no-slot", ({ file: fd }) => ({ call: "cap_move", fd, to: MAX_SLOTS })],
    ["badf", "empty-slot", () => ({ call: "cap_move", fd: EMPTY, to: EMPTY + 1 })],
  ],
  cap_mutate: [
    ["perm", "would-widen", ({ badged }) => ({ ...minted(badged, 4), call: "cap_mutate" })],
    ["inval", "already-badged", ({ badged }) => ({ ...minted(badged, 1, 9), call: "cap_mutate" })],
    ["inval", "unknown-rights", ({ badged }) => ({ ...minted(badged, 64), call: "cap_mutate" })],
  ],
  cap_find: [["noent", "no-such-name", () => ({ call: "cap_find", path: "nobody" })]],
  cap_revoke: [["badf", "empty-slot", () => ({ call: "cap_revoke", fd: EMPTY })]],
  cap_delete: [["badf", "empty-slot", () => ({ call: "cap_delete", fd: EMPTY })]],
};

const containers: Refusals = {
  table_fetch: [
    ["noent", "empty-place", ({ table: fd }) => ({ call: "table_fetch", fd, index: 2 })],
    ["inval", "no-place", ({ table: fd }) => ({ call: "table_fetch", fd, index: 65_536 })],
    ["inval", "wrong-kind", ({ file: fd }) => ({ call: "table_fetch", fd, index: 1 })],
    [
      "stale",
      "contents-gone",
      ({ lapsed: stored, table: fd }, machine) => {
        machine.at = 0;
        machine.perform({ call: "table_store", fd, index: 2, stored });
        machine.at = NOW;
        return { call: "table_fetch", fd, index: 2 };
      },
    ],
    [
      "notsup",
      "other-membrane",
      ({ table: wrapped, otherMembrane, wrapped: stored }, machine) => {
        machine.perform({ call: "table_store", fd: wrapped, index: 2, stored });
        const fd = machine.freeSlot();
        machine.perform({ call: "cap_wrap", fd: otherMembrane, wrapped });
        return { call: "table_fetch", fd, index: 2 };
      },
    ],
  ],
  table_store: [
    [
      "exist",
      "place-in-use",
      ({ table: fd, file: stored }) => ({ call: "table_store", fd, index: 1, stored }),
    ],
    [
      "inval",
      "no-place",
      ({ table: fd, file: stored }) => ({ call: "table_store", fd, index: 65_536, stored }),
    ],
    ["inval", "keeps-others", ({ table: fd }) => ({ call: "table_store", fd, index: 2, stored: fd })],
    [
      "inval",
      "keeps-others",
      ({ table: fd, box: stored }) => ({ call: "table_store", fd, index: 2, stored }),
    ],
    ["inval", "wrong-kind", ({ file: fd }) => ({ call: "table_store", fd, index: 2, stored: fd })],
  ],
  cap_unseal: [
    ["inval", "wrong-kind", ({ brand: fd, file: box }) => ({ call: "cap_unseal", fd, box })],
    ["notcapable", "other-brand", ({ otherBrand: fd, box }) => ({ call: "cap_unseal", fd, box })],
    [
      "stale",
      "contents-gone",
      ({ brand: fd, box, file }, machine) => {
        machine.perform({ call: "cap_revoke", fd: file });
        return { call: "cap_unseal", fd, box };
      },
    ],
  ],
  cap_wrap: [
    ["notsup", "other-membrane", ({ otherMembrane: fd, wrapped }) => ({ call: "cap_wrap", fd, wrapped })],
    [
      "canceled",
      "membrane-revoked",
      ({ membrane: fd, table }, machine) => {
        beginRevocation(machine, fd);
        return { call: "cap_wrap", fd, wrapped: table };
      },
    ],
    [
      "canceled",
      "being-revoked",
      ({ membrane: fd, endpoint, badged }, machine) => {
        beginRevocation(machine, endpoint);
        return { call: "cap_wrap", fd, wrapped: badged };
      },
    ],
  ],
  "a message through a membrane": [
    [
      "notsup",
      "other-membrane",
      ({ otherMembrane: fd, wrappedEndpoint, file }, machine) => {
        const slot = machine.freeSlot();
        machine.perform({ call: "cap_wrap", fd, wrapped: file });
        return send(wrappedEndpoint, slot);
      },
    ],
    [
      "notsup",
      "original-gone",
      ({ file, wrapped, wrappedEndpoint }, machine) => {
        machine.perform({ call: "cap_delete", fd: file });
        return send(wrappedEndpoint, wrapped);
      },
    ],
    [
      "notsup",
      "membrane-revoked",
      ({ membrane: fd, table, budget, file: stored }, machine) => {
        const through = machine.freeSlot();
        for (const wrapped of [table, budget]) machine.perform({ call: "cap_wrap", fd, wrapped });
        // The budget goes first.
        beginRevocation(machine, fd);
        return { call: "table_store", fd: through, index: 9, stored };
      },
    ],
  ],
};

const budgets: Refusals = {
  "objects that are paid for": [
    ["nomem", "budget-spent", ({ poor: fd }) => ({ call: "endpoint_create", fd })],
    [
      "nomem",
      "budget-spent",
      ({ brand: fd, file: sealed, poor: budget }) => ({ call: "cap_seal", fd, sealed, budget }),
    ],
    ["nomem", "budget-spent", ({ budget: fd }) => ({ call: "budget_split", fd, sizeBytes: 9_489 })],
    ["inval", "wrong-kind", ({ file: fd }) => ({ call: "budget_examine", fd })],
  ],
};

export const capabilityRefusals: Refusals = { ...slotRefusals, ...derivations, ...containers, ...budgets };
