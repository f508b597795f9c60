/** A lease that ends with its holder does, however the holder ends: closed, or with all that its process held. */
import { sizeOf } from "../../core/table.ts";
import { expect, test } from "@jest/globals";
import { addressOf, space } from "../capabilities/address.ts";
import { rowAt } from "../capabilities/slots.ts";
import { kernelInvariants } from "../kernel-invariants.ts";
import { PID, type ScriptedMachine, scriptedMachine } from "../scripted-machine.ts";
import { endProcess } from "./end-process.ts";

const OTHER = 2;
/** The root directory of the process is in slot 3, a lease of it goes to the next one. */
const HOLDER_SLOT = 3;
const GIVEN_SLOT = 7;

/** A process with a directory, and another one that was lent it: until the first one has it no longer, or for good. */
function lent(isDependent: boolean): ScriptedMachine {
  const machine = scriptedMachine();
  const started = { program: "", name: "other", args: [], environment: [], memoryPages: 1 };
  machine.happen(OTHER, { type: "process/started", ...started });
  const from = addressOf(space.process, PID, HOLDER_SLOT);
  const row = rowAt(machine.state.capabilities, from);
  if (row === null) throw new TypeError("the process has a directory");
  const { id: by, object, target, rights, inheriting } = row;
  machine.happen(PID, {
    type: "capability/derived",
    by,
    from,
    to: addressOf(space.process, OTHER, GIVEN_SLOT),
    how: "leased",
    object,
    target,
    rights,
    inheriting,
    badge: 0,
    label: "",
    until: 0,
    uses: 0,
    holder: isDependent ? by : 0,
    weak: false,
    membrane: 0,
    inside: false,
  });
  return machine;
}

const atOther = (machine: ScriptedMachine): string | undefined =>
  rowAt(machine.state.capabilities, addressOf(space.process, OTHER, GIVEN_SLOT))?.object;

test.each<[boolean, string]>([
  [true, "void"],
  [false, "file"],
])("when its holder's process ends, a lease that depends on it (%s) leaves %s", (isDependent, left) => {
  const machine = lent(isDependent);
  machine.happen(PID, ...endProcess(machine.state, PID, { type: "process/exited", code: 0 }));
  expect(atOther(machine)).toBe(left);
  expect(kernelInvariants["derivationsAreTrees"]?.(machine.state) ?? true).toBe(true);
});

test.each<[boolean, string]>([
  [true, "void"],
  [false, "file"],
])("when its holder is closed, a lease that depends on it (%s) leaves %s", (isDependent, left) => {
  const machine = lent(isDependent);
  machine.perform({ call: "fd_close", fd: HOLDER_SLOT });
  expect(atOther(machine)).toBe(left);
});

/** A machine in which another process has leased the directory of the first one so often, each time to itself, and ends with it. */
function leasedOften(count: number): ScriptedMachine {
  const machine = scriptedMachine();
  for (let at = 0; at < count; at += 1)
    machine.perform({ call: "cap_lease", fd: HOLDER_SLOT, until: 0, uses: 0, withHolder: true });
  return machine;
}

/** More than a revocation takes away before others have their turn. */
const MANY = 64 * 256 + 6;

test("more leases than are revoked at once all end with their holder, and the process holds nothing when it has ended", () => {
  const machine = leasedOften(MANY);
  machine.happen(PID, ...endProcess(machine.state, PID, { type: "process/exited", code: 0 }));
  expect(kernelInvariants["onlyTheLivingHoldCapabilities"]?.(machine.state)).toBe(true);
  expect(kernelInvariants["leasesHaveTheirHolders"]?.(machine.state)).toBe(true);
});

test("who ends in the middle of a revocation takes nothing back any more, and nothing else is refused for it", () => {
  const machine = leasedOften(MANY);
  const decision = machine.ask({ call: "cap_revoke", fd: HOLDER_SLOT });
  if (decision.kind !== "parked") throw new TypeError("it takes more than one turn");
  machine.happen(PID, ...decision.facts);
  expect(sizeOf(machine.state.capabilities.revocations)).toBe(1);
  machine.happen(PID, ...endProcess(machine.state, PID, { type: "process/exited", code: 0 }));
  expect(sizeOf(machine.state.capabilities.revocations)).toBe(0);
  expect(kernelInvariants["onlyTheLivingRevoke"]?.(machine.state)).toBe(true);
});
