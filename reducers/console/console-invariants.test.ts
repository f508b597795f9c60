import { expect, test } from "@jest/globals";
import { scriptedMachine } from "../scripted-machine.ts";
import { consoleInvariants } from "./console-invariants.ts";
import type { ConsoleState } from "./console-state.ts";

/** The statements that do not hold of a console with 7 of 10 bytes unread once it was changed. */
function broken(change: Partial<ConsoleState>): readonly string[] {
  const machine = scriptedMachine();
  machine.happen(0, { type: "console/input-arrived", position: 0, length: 10 });
  machine.perform({ call: "fd_read", fd: 0, size: 3 });
  const console = { ...machine.state.console, ...change };
  return Object.entries(consoleInvariants)
    .filter(([, holds]) => !holds(console))
    .map(([name]) => name);
}

test("unreadInputIsCounted holds of what events lead to", () => {
  expect(broken({})).toEqual([]);
});

test.each<[string, Partial<ConsoleState>]>([
  ["a byte too many", { inputBytes: 8 }],
  ["pieces of fewer bytes", { input: [3, 6] }],
  ["more that is unread than ever arrived", { arrivedBytes: 6 }],
])("unreadInputIsCounted fails for %s", (_, change) => {
  expect(broken(change)).toEqual(["unreadInputIsCounted"]);
});
