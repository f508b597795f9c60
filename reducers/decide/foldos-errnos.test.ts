/** The errnos that guests/foldos/foldos.h promises, function by function. What is refused has changed nothing: the law A17 holds that. */
import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { allRightsOf, type ObjectKind } from "../../core/object-rights.ts";
import { MAX_SLOTS, addressOf, space } from "../capabilities/address.ts";
import { PID, type ScriptedMachine, scriptedMachine } from "../scripted-machine.ts";
import type { FoldosRequest } from "./foldos-request.ts";

const OTHER = 2;
/** Slots of the process, by what is in them. */
const slot = {
  file: 3,
  budget: 4,
  poor: 5,
  endpoint: 6,
  notification: 7,
  table: 8,
  brand: 9,
  membrane: 10,
  process: 11,
  ended: 12,
  self: 13,
  badged: 14,
  weakless: 15,
  otherBrand: 16,
  box: 17,
  otherMembrane: 18,
  wrapped: 19,
  once: 20,
  reply: 21,
  withoutRights: 22,
} as const;
const EMPTY = 900;

const at = (fd: number): number => addressOf(space.process, PID, fd);

/** A process that holds one of each. */
function machine(): ScriptedMachine {
  const made = scriptedMachine();
  const create = (object: ObjectKind, fd: number, detail = 0): void => {
    const target = made.state.capabilities.nextObject;
    const rights = allRightsOf(object);
    const unpaid = { by: 0, budget: 0, bytes: 0, label: "" };
    made.happen(PID, { type: "object/created", to: at(fd), object, target, rights, detail, ...unpaid });
  };
  const ask = (request: FoldosRequest): void => void made.perform(request);
  create("budget", slot.budget, 10_000);
  create("budget", slot.poor, 10);
  for (const kind of ["endpoint", "notification", "table", "brand", "membrane"] as const)
    create(kind, slot[kind]);
  const started = { program: "", name: "other", args: [], environment: [], memoryPages: 1 };
  for (const pid of [OTHER, OTHER + 1]) made.happen(pid, { type: "process/started", ...started });
  made.happen(OTHER + 1, { type: "process/exited", code: 0 });
  const granted = { object: "process", rights: 7, inheriting: 0, label: "" } as const;
  [OTHER, OTHER + 1, PID].forEach((target, index) =>
    made.happen(PID, { type: "capability/granted", slot: slot.process + index, target, ...granted }),
  );
  ask({ call: "cap_mint", fd: slot.endpoint, rights: 3, inheriting: 0, hasUnknown: false, badge: 5 });
  ask({ call: "cap_mint", fd: slot.endpoint, rights: 2, inheriting: 0, hasUnknown: false, badge: 0 });
  create("brand", slot.otherBrand);
  ask({ call: "cap_seal", fd: slot.brand, sealed: slot.file, budget: slot.budget });
  create("membrane", slot.otherMembrane);
  ask({ call: "cap_wrap", fd: slot.otherMembrane, wrapped: slot.file });
  ask({ call: "cap_lease", fd: slot.file, until: 0, uses: 1, withHolder: false });
  const target = OTHER;
  made.happen(PID, {
    type: "capability/granted",
    ...granted,
    slot: slot.reply,
    object: "reply",
    target,
    rights: 1,
  });
  ask({ call: "cap_mint", fd: slot.endpoint, rights: 0, inheriting: 0, hasUnknown: false, badge: 0 });
  ask({ call: "table_store", fd: slot.table, index: 1, stored: slot.file });
  made.at = 100;
  return made;
}

const plain = { inheriting: 0, hasUnknown: false, badge: 0 } as const;
const message = { size: 1, given: [] } as const;
const room = { capacity: 1, slots: 0 } as const;
const given = (fd: number) => [{ slot: fd, rights: 2 ** 30 - 1 }];

type Errno = keyof typeof errno;
type Refusal = readonly [name: Errno, request: FoldosRequest];

const refusals: Readonly<Record<string, readonly Refusal[]>> = {
  "all: nothing in the slot, another kind, no right": [
    ["badf", { call: "cap_copy", fd: EMPTY }],
    ["badf", { call: "ipc_receive", fd: 2 ** 32 - 1, mayWait: true, ...room }],
    ["inval", { call: "ipc_receive", fd: slot.file, mayWait: true, ...room }],
    ["inval", { call: "table_create", fd: slot.endpoint }],
    ["notcapable", { call: "ipc_send", fd: slot.weakless, mayWait: true, ...message }],
    ["notcapable", { call: "ipc_receive", fd: slot.withoutRights, mayWait: true, ...room }],
    ["nomem", { call: "endpoint_create", fd: slot.poor }],
    ["nomem", { call: "cap_seal", fd: slot.brand, sealed: slot.file, budget: slot.poor }],
  ],
  "what a capability is made of": [
    ["perm", { call: "cap_copy", fd: slot.reply }],
    ["perm", { call: "cap_copy", fd: slot.once }],
    ["perm", { call: "ipc_send", fd: slot.endpoint, mayWait: true, size: 0, given: given(slot.reply) }],
  ],
  cap_mint: [
    ["perm", { call: "cap_mint", fd: slot.badged, rights: 4, ...plain }],
    ["inval", { call: "cap_mint", fd: slot.endpoint, rights: 16, ...plain }],
    ["inval", { call: "cap_mint", fd: slot.endpoint, rights: 1, ...plain, hasUnknown: true }],
    ["inval", { call: "cap_mint", fd: slot.badged, rights: 1, ...plain, badge: 5 }],
    ["inval", { call: "cap_mint", fd: slot.budget, rights: 1, ...plain, badge: 5 }],
  ],
  cap_lease: [["inval", { call: "cap_lease", fd: slot.file, until: 100, uses: 0, withHolder: false }]],
  cap_move: [
    ["exist", { call: "cap_move", fd: slot.file, to: slot.budget }],
    ["badf", { call: "cap_move", fd: slot.file, to: MAX_SLOTS }],
  ],
  cap_mutate: [
    ["perm", { call: "cap_mutate", fd: slot.badged, rights: 4, ...plain }],
    ["inval", { call: "cap_mutate", fd: slot.badged, rights: 1, ...plain, badge: 9 }],
  ],
  cap_find: [["noent", { call: "cap_find", path: "nobody" }]],
  table_fetch: [
    ["noent", { call: "table_fetch", fd: slot.table, index: 2 }],
    ["inval", { call: "table_fetch", fd: slot.table, index: 65_536 }],
  ],
  table_store: [
    ["exist", { call: "table_store", fd: slot.table, index: 1, stored: slot.file }],
    ["inval", { call: "table_store", fd: slot.table, index: 65_536, stored: slot.file }],
    ["inval", { call: "table_store", fd: slot.table, index: 2, stored: slot.table }],
    ["inval", { call: "table_store", fd: slot.table, index: 2, stored: slot.box }],
  ],
  cap_unseal: [
    ["inval", { call: "cap_unseal", fd: slot.brand, box: slot.file }],
    ["notcapable", { call: "cap_unseal", fd: slot.otherBrand, box: slot.box }],
  ],
  cap_wrap: [["notsup", { call: "cap_wrap", fd: slot.membrane, wrapped: slot.wrapped }]],
  ipc_send: [
    ["msgsize", { call: "ipc_send", fd: slot.endpoint, mayWait: true, size: 65_537, given: [] }],
    ["again", { call: "ipc_send", fd: slot.endpoint, mayWait: false, ...message }],
    ["notcapable", { call: "ipc_send", fd: slot.badged, mayWait: true, size: 0, given: given(slot.file) }],
  ],
  ipc_receive: [["again", { call: "ipc_receive", fd: slot.endpoint, mayWait: false, ...room }]],
  ipc_call: [
    ["msgsize", { call: "ipc_call", fd: slot.endpoint, size: 65_537, given: [], ...room }],
    ["notcapable", { call: "ipc_call", fd: slot.weakless, ...message, ...room }],
  ],
  ipc_reply: [
    ["msgsize", { call: "ipc_reply", fd: slot.reply, size: 65_537, given: [] }],
    ["notcapable", { call: "ipc_reply", fd: slot.reply, size: 0, given: given(slot.file) }],
  ],
  ipc_cancel_badged: [["perm", { call: "ipc_cancel_badged", fd: slot.badged, badge: 6 }]],
  notification_poll: [["again", { call: "notification_poll", fd: slot.notification }]],
  process_wait: [["deadlk", { call: "process_wait", fd: slot.self }]],
  process_end: [["srch", { call: "process_end", fd: slot.ended }]],
  budget_split: [["nomem", { call: "budget_split", fd: slot.budget, sizeBytes: 9_489 }]],
};

describe.each(Object.entries(refusals))("%s", (_, each) => {
  test.each(each)("%s: %j", (name, request) => {
    expect(machine().ask(request)).toMatchObject({ kind: "refused", errno: errno[name] });
  });
});

describe("what was asked before it was taken back", () => {
  /** The process asks again: it has waited, and what it waited on was taken from it. */
  function askedAgain(request: FoldosRequest): unknown {
    const made = machine();
    const decided = made.ask(request);
    if (decided.kind === "parked") made.happen(PID, ...decided.facts);
    made.perform({ call: "cap_revoke", fd: slot.endpoint });
    return made.askAs(PID, request, 0, true);
  }

  test.each<[string, FoldosRequest]>([
    ["a receive", { call: "ipc_receive", fd: slot.badged, mayWait: true, ...room }],
    ["a call", { call: "ipc_call", fd: slot.badged, ...message, ...room }],
    ["a send", { call: "ipc_send", fd: slot.badged, mayWait: true, ...message }],
  ])("%s is ECANCELED", (_, request) => {
    expect(askedAgain(request)).toMatchObject({ kind: "refused", errno: errno.canceled });
  });

  test("what comes after is ESTALE", () => {
    const made = machine();
    made.perform({ call: "cap_revoke", fd: slot.endpoint });
    const send = { call: "ipc_send", fd: slot.badged, mayWait: true, ...message } as const;
    expect(made.ask(send)).toMatchObject({ kind: "refused", errno: errno.stale });
  });

  test("what was in a box is ESTALE", () => {
    const made = machine();
    made.perform({ call: "cap_revoke", fd: slot.file });
    const unseal = { call: "cap_unseal", fd: slot.brand, box: slot.box } as const;
    expect(made.ask(unseal)).toMatchObject({ kind: "refused", errno: errno.stale });
  });
});
