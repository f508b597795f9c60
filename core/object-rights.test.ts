import { expect, test } from "@jest/globals";
import { allRightsOf, hasWasiRights, namesOfRights, objectKinds, rightNamed } from "./object-rights.ts";
import { right } from "./rights.ts";

test.each([
  ["file", "fd_write", right.fdWrite],
  ["file", "fdWrite", right.fdWrite],
  ["pipe-writer", "poll_fd_readwrite", right.pollFdReadwrite],
  ["endpoint", "grant_reply", 8],
  ["endpoint", "grantReply", 8],
  ["endpoint", "fd_write", 0],
  ["box", "send", 0],
] as const)("of a %s, %s is the right %d", (kind, name, bit) => expect(rightNamed(kind, name)).toBe(bit));

test("every right is told in one spelling, and found by it", () => {
  for (const kind of objectKinds) {
    const names = namesOfRights(kind, allRightsOf(kind));
    expect(names.filter((name) => !/^[a-z]+(_[a-z]+)*$/.test(name))).toEqual([]);
    expect(names.reduce((all, name) => all | rightNamed(kind, name), 0)).toBe(allRightsOf(kind));
    expect(names.length === 30).toBe(hasWasiRights(kind));
  }
});
