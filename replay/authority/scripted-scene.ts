/** For tests: a machine of three processes with capabilities of most kinds, and moments of it at which they lie in various places. */
import { allRightsOf, type ObjectKind } from "../../core/object-rights.ts";
import { allRights, directoryRights } from "../../core/rights.ts";
import { addressOf, space } from "../../reducers/capabilities/address.ts";
import { freeOpen } from "../../reducers/files/file-selectors.ts";
import { ROOT_INODE } from "../../reducers/files/file-state.ts";
import { type ScriptedMachine, scriptedMachine } from "../../reducers/scripted-machine.ts";

interface AuthorityScene {
  readonly machine: ScriptedMachine;
  /** Shared and derived; a message is on its way; all that was made of the notification was taken back. */
  readonly moments: { readonly shared: number; readonly sent: number; readonly revoked: number };
}

/** A capability to a kernel object, from the machine. */
function grant(machine: ScriptedMachine, pid: number, slot: number, shared: Shared): void {
  const { object, target } = shared;
  const granted = { slot, object, target, rights: allRightsOf(object), inheriting: 0, label: object };
  machine.happen(pid, { type: "capability/granted", ...granted });
}

interface Shared {
  readonly object: ObjectKind;
  readonly target: number;
}

function create(machine: ScriptedMachine, slot: number, { object, target }: Shared): void {
  const made = { by: 0, to: addressOf(space.process, 1, slot), object, target, rights: allRightsOf(object) };
  const detail = object === "budget" ? 10_000 : 0;
  machine.happen(1, { type: "object/created", ...made, budget: 0, bytes: 0, label: object, detail });
}

/** Process 1 has a budget, a table, an endpoint and a notification in slots 10 to 13; 2 has the table too, and 3 the endpoint. */
export function authorityScene(): AuthorityScene {
  const machine = scriptedMachine();
  for (const pid of [2, 3]) {
    const program = { program: "ab".repeat(32), args: [], environment: [], memoryPages: 1 };
    machine.happen(pid, { type: "process/started", name: `guest-${pid}`, ...program });
  }
  const open = freeOpen(machine.state.files);
  machine.happen(2, { type: "file/preopened", inode: ROOT_INODE, open });
  const root = {
    object: "file",
    target: open,
    rights: directoryRights,
    inheriting: allRights,
    label: "/",
  } as const;
  machine.happen(2, { type: "capability/granted", slot: 3, ...root });
  const table = { object: "table", target: 2 } as const;
  const endpoint = { object: "endpoint", target: 3 } as const;
  create(machine, 10, { object: "budget", target: 1 });
  create(machine, 11, table);
  create(machine, 12, endpoint);
  create(machine, 13, { object: "notification", target: 4 });
  grant(machine, 2, 11, table);
  grant(machine, 3, 12, endpoint);
  return { machine, moments: play(machine) };
}

function play(machine: ScriptedMachine): AuthorityScene["moments"] {
  machine.directory("d");
  machine.file("d/text", 10);
  machine.perform({ call: "cap_mint", fd: 13, rights: 1, inheriting: 0, hasUnknown: false, badge: 5 });
  machine.perform({ call: "table_store", fd: 11, index: 7, stored: 13 });
  machine.performAs(2, { call: "table_fetch", fd: 11, index: 7 });
  machine.perform({ call: "cap_lease", fd: 13, until: 0, uses: 3, withHolder: true });
  const shared = machine.state.seq - 1;
  const given = [{ slot: 13, rights: 2 }];
  const sending = machine.ask({ call: "ipc_send", fd: 12, size: 4, given, mayWait: true });
  if (sending.kind === "parked") machine.happen(1, ...sending.facts);
  const sent = machine.state.seq - 1;
  machine.perform({ call: "cap_revoke", fd: 13 });
  return { shared, sent, revoked: machine.state.seq - 1 };
}
