/** How exchanges end that do not come to their end: what was sent through goes, or one of both ends. */
import { expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { allRightsOf } from "../../core/object-rights.ts";
import { peek, rowsOf } from "../../core/table.ts";
import { addressOf, MACHINE, space } from "../capabilities/address.ts";
import { rowAt } from "../capabilities/slots.ts";
import { kernelInvariants } from "../kernel-invariants.ts";
import { PID, type ScriptedMachine, scriptedMachine } from "../scripted-machine.ts";
import { derivedFact } from "./derive-capability.ts";
import { endProcess } from "./end-process.ts";
import type { FoldosRequest } from "./foldos-request.ts";

const SERVER = 2;
/** Slots: the root directory of the client is in 3. */
const CLIENT_SLOT = 4;
const SERVER_SLOT = 0;
const kept = addressOf(space.kept, MACHINE, 0);

/** A client and a server, which have their capabilities of the machine, as a machine file would have it. */
function machine(): ScriptedMachine {
  const made = scriptedMachine();
  const rights = allRightsOf("endpoint");
  const object = { by: 0, to: kept, object: "endpoint", target: 1, rights, budget: 0, bytes: 256 } as const;
  made.happen(0, { type: "object/created", ...object, label: "", detail: 0 });
  const server = { program: "", name: "server", args: [], environment: [], memoryPages: 1 };
  made.happen(SERVER, { type: "process/started", ...server });
  for (const [pid, slot] of [
    [PID, CLIENT_SLOT],
    [SERVER, SERVER_SLOT],
  ] as const) {
    const capability = rowAt(made.state.capabilities, kept);
    if (capability === null) throw new TypeError("the machine keeps its endpoint");
    const to = addressOf(space.process, pid, slot);
    made.happen(pid, derivedFact({ address: kept, capability }, { to, how: "endowed" }));
  }
  return made;
}

const call: FoldosRequest = {
  call: "ipc_call",
  fd: CLIENT_SLOT,
  size: 0,
  given: [{ slot: 3, rights: 2 ** 30 - 1 }],
  capacity: 10,
  slots: 1,
};
const receive: FoldosRequest = {
  call: "ipc_receive",
  fd: SERVER_SLOT,
  mayWait: true,
  capacity: 10,
  slots: 0,
};
const reply: FoldosRequest = { call: "ipc_reply", fd: 1, size: 0, given: [] };

function sends(made: ScriptedMachine): void {
  const decided = made.ask(call);
  if (decided.kind !== "parked") throw new TypeError(JSON.stringify(decided));
  made.happen(PID, ...decided.facts);
}

/** The machine takes the endpoint back from all, and from itself. */
function takesBack(made: ScriptedMachine): void {
  const rows = [
    [addressOf(space.messages, PID, 0), 9, 1],
    [addressOf(space.process, PID, CLIENT_SLOT), 9, 1],
    [addressOf(space.process, SERVER, SERVER_SLOT), 9, 1],
    [kept, 9, 1],
  ].filter(([address = 0]) => rowAt(made.state.capabilities, address) !== null);
  const by = rowAt(made.state.capabilities, kept)?.id ?? 0;
  made.happen(0, {
    type: "capability/removed",
    by,
    why: "revoked",
    root: kept,
    more: false,
    removed: rows.flat(),
  });
}

const isSound = ({ state }: ScriptedMachine): readonly string[] =>
  Object.entries(kernelInvariants)
    .filter(([, holds]) => !holds(state))
    .map(([name]) => name);

const messages = ({ state }: ScriptedMachine): number => [...rowsOf(state.capabilities.messages)].length;

test("a call that was answered is answered, whatever became of what it was sent through", () => {
  const made = machine();
  sends(made);
  made.performAs(SERVER, receive);
  made.performAs(SERVER, reply);
  takesBack(made);
  expect(made.askAs(PID, call, 0, true)).toMatchObject({ kind: "facts", facts: [{ type: "ipc/answered" }] });
  expect(isSound(made)).toEqual([]);
});

test("a message that goes takes with it what was given", () => {
  const made = machine();
  sends(made);
  expect(messages(made)).toBe(1);
  takesBack(made);
  expect([messages(made), isSound(made)]).toEqual([0, []]);
  expect(made.askAs(PID, call, 0, true)).toMatchObject({ kind: "refused", errno: errno.canceled });
});

test.each(["in the queue", "taken", "answered"])(
  "who ends while what it sent is %s waits for nothing",
  (where) => {
    const made = machine();
    sends(made);
    if (where !== "in the queue") made.performAs(SERVER, receive);
    if (where === "answered") made.performAs(SERVER, reply);
    made.happen(
      PID,
      ...endProcess(made.state, PID, { type: "process/killed", signal: "SIGKILL", code: 137 }),
    );
    expect([messages(made), peek(made.state.ipc.exchanges, PID), isSound(made)]).toEqual([0, null, []]);
    if (where === "taken")
      expect(made.askAs(SERVER, reply)).toMatchObject({ kind: "refused", errno: errno.stale });
  },
);

test("who had taken a call and ends leaves nobody waiting for its reply", () => {
  const made = machine();
  sends(made);
  made.performAs(SERVER, receive);
  made.happen(SERVER, ...endProcess(made.state, SERVER, { type: "process/exited", code: 0 }));
  expect(made.askAs(PID, call, 0, true)).toMatchObject({ kind: "refused", errno: errno.canceled });
  expect(isSound(made)).toEqual([]);
});

test("a lease of one use lasts until what was sent through it is answered", () => {
  const made = machine();
  made.perform({ call: "cap_lease", fd: CLIENT_SLOT, until: 0, uses: 1, withHolder: false });
  const through = { ...call, fd: CLIENT_SLOT + 1 };
  const decided = made.ask(through);
  expect(decided.kind === "parked" && decided.facts.map(({ type }) => type)).toEqual([
    "capability/derived",
    "ipc/sent",
  ]);
  if (decided.kind === "parked") made.happen(PID, ...decided.facts);
  made.performAs(SERVER, receive);
  made.performAs(SERVER, reply);
  expect(made.askAs(PID, through, 0, true)).toMatchObject({
    facts: [{ type: "capability/used" }, { type: "ipc/answered" }],
  });
});
