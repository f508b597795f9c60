import { expect, test } from "@jest/globals";
import { right } from "../../core/rights.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { scriptedMachine } from "../../reducers/scripted-machine.ts";
import { Fold } from "../../reducers/step.ts";
import { GuestPaths } from "../guest-paths.ts";
import { authorityDiff } from "./authority-diff.ts";
import { AuthorityView } from "./authority-view.ts";
import { authorityScene } from "./scripted-scene.ts";

const viewOf = (state: KernelState): AuthorityView => new AuthorityView(state, new GuestPaths());

test("what was gained and lost is told by holder and object", () => {
  const { machine, moments } = authorityScene();
  const at = (moment: number): AuthorityView => {
    const fold = new Fold(initialState());
    for (const event of machine.events.slice(0, moment + 1)) fold.apply(event);
    return viewOf(fold.snapshot());
  };
  const changes = authorityDiff(at(moments.shared), at(moments.revoked), true);
  expect(changes.map(({ change, holder, object, rights }) => [change, holder, object, ...rights])).toEqual([
    ["gained", "message of process:1", "endpoint:3", "send", "grant", "grant_reply"],
    ["lost", "process:2", "notification:4", "signal", "wait"],
    ["lost", "table:2", "notification:4", "signal", "wait"],
  ]);
});

test("a capability that only moved is no difference", () => {
  const machine = scriptedMachine();
  machine.file("a");
  const before = viewOf(machine.snapshot());
  machine.perform({ call: "cap_move", fd: 4, to: 40 });
  expect(authorityDiff(before, viewOf(machine.snapshot()), true)).toEqual([]);
});

test("rights that were given up are lost", () => {
  const machine = scriptedMachine();
  const fd = machine.file("a");
  const before = viewOf(machine.snapshot());
  machine.perform({
    call: "fd_fdstat_set_rights",
    fd,
    rights: right.fdRead,
    inheriting: 0,
    hasUnknown: false,
  });
  const [change] = authorityDiff(before, viewOf(machine.snapshot()), true);
  expect(change).toMatchObject({ change: "lost", holder: "process:1" });
  expect(change?.rights).not.toContain("fd_read");
});
