import { expect, test } from "@jest/globals";
import type { KernelFact } from "../../reducers/kernel-event.ts";
import type { ScriptedMachine } from "../../reducers/scripted-machine.ts";
import { GuestPaths } from "../guest-paths.ts";
import { AuthorityView } from "./authority-view.ts";
import { holderText } from "./holder.ts";
import type { ObjectRef } from "./object-ref.ts";
import { authorityScene } from "./scripted-scene.ts";
import { whoHolds } from "./who-holds.ts";

const told = (machine: ScriptedMachine, ref: ObjectRef): readonly string[] =>
  whoHolds(new AuthorityView(machine.snapshot(), new GuestPaths()), ref).map(
    ({ way, row, rights, through }) =>
      `${way} ${holderText(row.holder)}: ${rights.join(" ")}${through.map(({ holder }) => ` < ${holderText(holder)}`).join("")}`,
  );

function parked(machine: ScriptedMachine, pid: number, fd: number): void {
  const calling = machine.askAs(pid, { call: "ipc_call", fd, size: 1, given: [], capacity: 8, slots: 0 });
  if (calling.kind === "parked") machine.happen(pid, ...(calling.facts as readonly KernelFact[]));
}

test("who may answer a call is told of the process that waits for it", () => {
  const { machine } = authorityScene();
  machine.performAs(1, { call: "ipc_receive", fd: 12, mayWait: true, capacity: 9, slots: 1 });
  parked(machine, 3, 12);
  expect(told(machine, { kind: "process", id: 3 })).toEqual([]);
  machine.performAs(1, { call: "ipc_receive", fd: 12, mayWait: true, capacity: 9, slots: 1 });
  expect(told(machine, { kind: "process", id: 3 })).toEqual([
    expect.stringMatching(/^may-answer process:1 slot \d+: reply grant$/),
  ]);
});

test("what lies in a box is reached by who holds the box", () => {
  const { machine } = authorityScene();
  machine.perform({ call: "brand_create", fd: 10 });
  const brand = machine.events.filter(({ type }) => type === "object/created").at(-1);
  if (brand?.type !== "object/created") throw new Error("a brand was made");
  machine.perform({ call: "cap_seal", fd: brand.to % 2 ** 20, sealed: 13, budget: 10 });
  const sealed = told(machine, { kind: "notification", id: 4 });
  expect(sealed).toEqual([
    "holds process:1 slot 13: signal wait",
    expect.stringMatching(/^holds in box:\d+: signal wait < process:1 slot \d+$/),
  ]);
});
