import { expect, test } from "@jest/globals";
import { slotOf } from "../../reducers/capabilities/address.ts";
import { ROOT_FD, scriptedMachine } from "../../reducers/scripted-machine.ts";
import { GuestPaths } from "../guest-paths.ts";
import { AuthorityView } from "./authority-view.ts";
import { derivationLines, noBounds, usualBounds } from "./derivation-lines.ts";
import { whoHolds } from "./who-holds.ts";

/** The authority of a machine in which a capability was copied so often: each copy of the one before, or all of the same. */
function copied(count: number, isDeep: boolean): AuthorityView {
  const machine = scriptedMachine();
  let fd = ROOT_FD;
  for (let made = 0; made < count; made += 1) {
    const event = machine.perform({ call: "cap_copy", fd });
    if (isDeep && event.type === "capability/derived") fd = slotOf(event.to);
  }
  return new AuthorityView(machine.snapshot(), new GuestPaths());
}

const root = { kind: "file", id: 1 } as const;

test("a tree of 2,000 levels is drawn whole, with lines of bounded length, or cut", () => {
  const view = copied(2000, true);
  const all = [...derivationLines(view, root, noBounds)];
  expect(all.map(({ depth }) => depth)).toEqual(Array.from({ length: 2001 }, (_, depth) => depth));
  expect(Math.max(...all.map(({ ends }) => ends.length))).toBe(32);
  const usual = [...derivationLines(view, root, usualBounds)];
  expect(usual.at(-1)).toMatchObject({ row: null, omitted: 1, depth: usualBounds.depth + 1 });
  expect(usual).toHaveLength(usualBounds.depth + 2);
});

test("a tree that is 2,000 wide is drawn whole, or cut with how many were left out", () => {
  const view = copied(2000, false);
  expect([...derivationLines(view, root, noBounds)]).toHaveLength(2001);
  const usual = [...derivationLines(view, root, usualBounds)];
  expect(usual.at(-1)).toMatchObject({ row: null, omitted: 2000 - usualBounds.children, depth: 1 });
  expect(whoHolds(view, root)).toHaveLength(2001);
});
