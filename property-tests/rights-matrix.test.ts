/** Every call of WASI preview 1 with just the rights that it needs, and with each of them missing (rights-matrix/rights-table.ts). */
import { describe, expect, test } from "@jest/globals";
import { allRights, right, rightNamesOf } from "../core/rights.ts";
import { wasiNames } from "../guests/wasi/wasi-table.ts";
import { capabilityIn } from "../reducers/capabilities/capability-selectors.ts";
import type { Request } from "../reducers/decide/request.ts";
import { PID } from "../reducers/scripted-machine.ts";
import { demandAsSpecified } from "./laws/rights-laws.ts";
import { expectedReason } from "./rights-matrix/expected-refusal.ts";
import { everything, hold, matrixScene, tryRequest, tryRow } from "./rights-matrix/matrix-scene.ts";
import { otherRightsAreLeftOut } from "./rights-matrix/other-rows.ts";
import { choicesOf, lackedOf, type Need } from "./rights-matrix/rights-row.ts";
import { rightsTable } from "./rights-matrix/rights-table.ts";
import { shortagesOf } from "./rights-matrix/shortages.ts";
import { ALL_SPEC_RIGHTS, bitOf, bitsOf, type SpecRight, specRights } from "./rights-matrix/spec-rights.ts";

const NOTCAPABLE = 76;
const rows = rightsTable.map((row) => [`${row.call} ${row.form}`.trim(), row] as const);
const nothing = { rights: 0, inheriting: 0 };

/** Sets that fulfil some needs and have no right more: one for each way to choose. */
const justEnough = (needs: readonly Need[]): readonly number[] =>
  needs.reduce<readonly number[]>(
    (sets, need) => sets.flatMap((set) => choicesOf(need).map((one) => set | bitOf(one))),
    [0],
  );

test("the table knows every call, and every form of one once", () => {
  expect([...new Set(rightsTable.map(({ call }) => call))].sort()).toEqual(wasiNames);
  expect(new Set(rows.map(([name]) => name)).size).toBe(rows.length);
});

test("the kernel's rights are those of the specification, in its order", () => {
  expect(rightNamesOf(allRights)).toEqual(specRights);
  expect(Object.values(right)).toEqual(specRights.map(bitOf));
});

test("every right is needed by some call, but for those of sockets", () => {
  const needed = rightsTable.flatMap(({ through }) =>
    through.flatMap(({ rights, inheriting }) => [...rights, ...inheriting].flatMap(choicesOf)),
  );
  const unneeded = specRights.filter((each) => !needed.includes(each));
  expect(unneeded).toEqual(["sock_shutdown", "sock_accept"]);
});

describe("with just the rights that it needs", () => {
  test.each(rows)("%s is answered", (_, row) => {
    const ways = row.through.map(({ rights, inheriting }) =>
      justEnough(rights).flatMap((own) =>
        justEnough(inheriting).map((handed) => ({ rights: own, inheriting: handed })),
      ),
    );
    const most = Math.max(1, ...ways.map(({ length }) => length));
    for (let way = 0; way < most; way += 1)
      demandAsSpecified(
        row,
        ways.map((sets) => sets[way % sets.length] ?? nothing),
      );
  });
});

describe("with one of them missing and all others there", () => {
  const short = rows.filter(([, row]) => row.always === undefined && shortagesOf(row).length > 0);

  test.each(short)("%s is refused, that one is named, and nothing changes", (_, row) => {
    for (const { at, need, held } of shortagesOf(row)) {
      const { decision, fds, isUnchanged, isSettled } = tryRow(row, held);
      const { slot = fds[0], ...refused } = { ...decision } as { slot?: number };
      expect(refused).toEqual({
        kind: "refused",
        errno: NOTCAPABLE,
        reason: expectedReason(row),
        missing: bitOf(choicesOf(need)[0] as SpecRight),
      });
      expect(slot).toBe(fds[at]);
      expect({ isUnchanged, isSettled }).toEqual({ isUnchanged: true, isSettled: true });
    }
  });
});

describe("what needs no right", () => {
  test.each(rows.filter(([, row]) => row.always === undefined && shortagesOf(row).length === 0))(
    "%s is answered without any",
    (_, row) => {
      expect(
        tryRow(
          row,
          row.through.map(() => nothing),
        ).decision.kind,
      ).toBe("facts");
    },
  );
});

test("of no socket there is nothing to be had, with rights or without", () => {
  for (const row of rightsTable.filter(({ always }) => always !== undefined))
    for (const held of [everything, nothing])
      expect(tryRow(row, [held]).decision).toEqual({
        kind: "refused",
        errno: row.always,
        reason: "none",
        missing: 0,
      });
});

/** Opens /work/f below a directory that hands on so much, and asks for all that is no reading or writing. */
function openedWith(inheriting: number, rights: number) {
  const machine = matrixScene();
  const fd = hold(machine, "directory", { rights: bitOf("path_open"), inheriting });
  const asked = { call: "path_open", fd, path: "f", follow: true, oflags: 0, fdflags: 0 } as const;
  const event = machine.perform({ ...asked, rights, inheriting: ALL_SPEC_RIGHTS });
  return event.type === "file/opened" ? capabilityIn(machine.state.capabilities, PID, event.slot) : null;
}

describe("what is opened", () => {
  test.each(otherRightsAreLeftOut)("has no %s that is not handed on, though it is asked for", (name) => {
    const all = bitsOf(otherRightsAreLeftOut);
    const opened = openedWith(ALL_SPEC_RIGHTS & ~bitOf(name), all);
    expect(opened?.rights).toBe(all & ~bitOf(name));
    expect((opened?.inheriting ?? 0) & bitOf(name)).toBe(0);
    expect(openedWith(bitOf(name), all)?.rights).toBe(bitOf(name));
    expect(openedWith(bitOf(name), all)?.inheriting).toBe(bitOf(name));
  });

  test("has what was asked for and no more", () => {
    expect(openedWith(ALL_SPEC_RIGHTS, 0)?.rights).toBe(0);
    expect(openedWith(ALL_SPEC_RIGHTS, bitsOf(["fd_read", "fd_tell"]))?.rights).toBe(
      bitsOf(["fd_read", "fd_tell"]),
    );
  });
});

describe("fd_fdstat_set_rights", () => {
  const narrow = (fd: number, rights: number, inheriting: number): Request => ({
    call: "fd_fdstat_set_rights",
    fd,
    rights,
    inheriting,
    hasUnknown: false,
  });
  const had = { rights: bitsOf(["path_open", "fd_readdir"]), inheriting: bitsOf(["fd_read", "fd_seek"]) };

  test("takes rights away, and what is gone does not come back", () => {
    const machine = matrixScene();
    const fd = hold(machine, "directory", had);
    machine.perform(narrow(fd, bitOf("path_open"), bitOf("fd_read")));
    expect(machine.rightsOf(fd)).toBe(bitOf("path_open"));
    expect(tryRequest(machine, narrow(fd, had.rights, bitOf("fd_read"))).decision).toMatchObject({
      errno: NOTCAPABLE,
      missing: bitOf("fd_readdir"),
    });
    expect(tryRequest(machine, narrow(fd, 0, had.inheriting)).decision).toMatchObject({
      missing: bitOf("fd_seek"),
    });
  });

  test.each(specRights)("never gives %s to who does not have it, to hold or to hand on", (name) => {
    const machine = matrixScene();
    const fd = hold(machine, "directory", had);
    const bit = bitOf(name);
    for (const request of [narrow(fd, had.rights | bit, 0), narrow(fd, 0, had.inheriting | bit)]) {
      const beyond =
        (("rights" in request ? request.rights : 0) & ~had.rights & bit) |
        (("inheriting" in request ? request.inheriting : 0) & ~had.inheriting & bit);
      const { decision, isUnchanged } = tryRequest(machine, request);
      const refused = { kind: "refused", errno: NOTCAPABLE, missing: bit };
      expect(decision).toMatchObject(beyond === 0 ? { kind: "facts" } : refused);
      expect(isUnchanged).toBe(true);
    }
  });

  test("refuses bits that are no rights, of which none can be named", () => {
    const machine = matrixScene();
    const fd = hold(machine, "directory", everything);
    const { decision, isUnchanged } = tryRequest(machine, {
      ...narrow(fd, 0, 0),
      hasUnknown: true,
    } as Request);
    expect(decision).toEqual({ kind: "refused", errno: NOTCAPABLE, reason: "unknown-rights", missing: 0 });
    expect(isUnchanged).toBe(true);
  });
});

test("of a need that several rights fulfil, the least is the one that is lacked", () => {
  expect(lackedOf([["fd_tell", "fd_seek"]], bitOf("fd_seek"))).toBe(0);
  expect(lackedOf([["fd_tell", "fd_seek"], "fd_read"], 0)).toBe(bitsOf(["fd_tell", "fd_read"]));
});
