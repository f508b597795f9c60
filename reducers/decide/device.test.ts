import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { addressOf, MACHINE, slotOf, space } from "../capabilities/address.ts";
import { capabilityIn } from "../capabilities/capability-selectors.ts";
import { PID, type ScriptedMachine, scriptedMachine } from "../scripted-machine.ts";
import type { Request } from "./request.ts";

const DEVICE = 20;
const TABLE = 21;
const MOVED = 22;

/** A machine that keeps a disk, to which its process has a capability, and a table. */
function scene(): ScriptedMachine {
  const machine = scriptedMachine();
  const unpaid = { by: 0, budget: 0, bytes: 0, detail: 0 } as const;
  const kept = addressOf(space.kept, MACHINE, 0);
  const disk = { object: "device", target: 1, rights: 1, label: "disk0" } as const;
  machine.happen(0, { type: "object/created", ...unpaid, ...disk, to: kept });
  machine.happen(PID, { type: "capability/granted", ...disk, slot: DEVICE, inheriting: 0 });
  const to = addressOf(space.process, PID, TABLE);
  machine.happen(PID, {
    type: "object/created",
    ...unpaid,
    object: "table",
    target: 2,
    rights: 3,
    to,
    label: "",
  });
  return machine;
}

const at = (machine: ScriptedMachine, slot: number) => capabilityIn(machine.state.capabilities, PID, slot);

describe("a device is opaque", () => {
  test.each<[Request, number]>([
    [{ call: "fd_read", fd: DEVICE, size: 1 }, errno.badf],
    [{ call: "fd_write", fd: DEVICE, size: 1 }, errno.badf],
    [{ call: "ipc_receive", fd: DEVICE, capacity: 1, slots: 0, mayWait: true }, errno.inval],
    [{ call: "notification_signal", fd: DEVICE }, errno.inval],
    [{ call: "budget_examine", fd: DEVICE }, errno.inval],
    [{ call: "table_fetch", fd: DEVICE, index: 0 }, errno.inval],
    [{ call: "interrupt_acknowledge", fd: DEVICE }, errno.inval],
  ])("%j is refused with %d", (request, why) => {
    expect(scene().ask(request)).toMatchObject({ kind: "refused", errno: why });
  });
});

describe("a capability to a device", () => {
  test("is examined, copied, minted, moved, weakened, stored and revoked as any other", () => {
    const machine = scene();
    expect(machine.perform({ call: "cap_examine", fd: DEVICE })).toMatchObject({
      type: "capability/examined",
    });
    const terms = { rights: 0, inheriting: 0, hasUnknown: false, badge: 0 };
    const requests: readonly Request[] = [
      { call: "cap_copy", fd: DEVICE },
      { call: "cap_mint", fd: DEVICE, ...terms },
      { call: "cap_weaken", fd: DEVICE },
    ];
    const made = requests.map((request) => machine.perform(request));
    expect(made.map((event) => event.type === "capability/derived" && [event.object, event.rights])).toEqual([
      ["device", 1],
      ["device", 0],
      ["device", 0],
    ]);
    machine.perform({ call: "table_store", fd: TABLE, index: 0, stored: DEVICE });
    machine.perform({ call: "cap_move", fd: DEVICE, to: MOVED });
    machine.perform({ call: "cap_revoke", fd: MOVED });
    const slots = made.map((event) => (event.type === "capability/derived" ? slotOf(event.to) : -1));
    expect(slots.map((slot) => at(machine, slot)?.object)).toEqual(["void", "void", "void"]);
    expect([at(machine, DEVICE), at(machine, MOVED)?.object]).toEqual([null, "device"]);
    expect(machine.ask({ call: "table_fetch", fd: TABLE, index: 0 })).toMatchObject({ kind: "refused" });
  });
});
