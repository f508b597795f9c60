import { expect, test } from "@jest/globals";
import { allRightsOf } from "../../core/object-rights.ts";
import { right } from "../../core/rights.ts";
import { addressOf, space } from "../capabilities/address.ts";
import { capabilityIn } from "../capabilities/capability-selectors.ts";
import type { ObjectKind } from "../../core/object-rights.ts";
import { PID, ROOT_FD, scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";
import type { Decision } from "./decision.ts";

const MASK = right.pathOpen | right.fdRead;

/** Makes a kernel object that its process holds; its slot. */
function holding(machine: ScriptedMachine, object: ObjectKind): number {
  const slot = machine.freeSlot();
  machine.happen(PID, {
    type: "object/created",
    by: 0,
    to: addressOf(space.process, PID, slot),
    object,
    target: machine.state.capabilities.nextObject,
    rights: allRightsOf(object),
    budget: 0,
    bytes: 256,
    label: "",
    detail: 0,
  });
  return slot;
}

/** The rights, and those to hand on, of the directory that a decision hands on. */
function handedOn(decision: Decision): readonly number[] {
  if (decision.kind !== "facts" && decision.kind !== "parked") throw new TypeError(JSON.stringify(decision));
  const others = decision.kind === "facts" ? (decision.before ?? []).map(({ fact }) => fact) : [];
  const derived = [...others, ...decision.facts].find((fact) => fact.type === "capability/derived");
  return derived?.type === "capability/derived" ? [derived.rights, derived.inheriting] : [];
}

test("a directory that goes with a message, or to a new process, hands on no more than its mask says", () => {
  const machine = scriptedMachine();
  machine.happen(0, { type: "scheduler/configured", quantum: 100, seed: 1, transform: 1 });
  const given = [{ slot: ROOT_FD, rights: MASK }];
  const held = capabilityIn(machine.state.capabilities, PID, ROOT_FD);
  const expected = [(held?.rights ?? 0) & MASK, (held?.inheriting ?? 0) & MASK];
  const endpoint = holding(machine, "endpoint");
  const sent = machine.ask({ call: "ipc_send", fd: endpoint, mayWait: true, size: 0, given });
  expect(handedOn(sent)).toEqual(expected);
  const program = holding(machine, "program");
  const { nextObject } = machine.state.capabilities;
  machine.happen(0, {
    type: "program/admitted",
    object: nextObject - 1,
    program: "ab".repeat(32),
    name: "child",
    memoryPages: 1,
  });
  expect(handedOn(machine.ask({ call: "process_spawn", fd: program, args: [], given }))).toEqual(expected);
});
