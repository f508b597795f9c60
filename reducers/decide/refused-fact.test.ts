import { expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { right } from "../../core/rights.ts";
import { refuse, refusedOf } from "./decision.ts";
import { refusedFact } from "./refused-fact.ts";
import type { Request } from "./request.ts";

const rename: Request = { call: "path_rename", fd: 4, path: "old", toFd: 5, toPath: "new" };
const told = (request: Request | null, refused = refuse(errno.notcapable, "lacks-right", right.pathOpen)) => {
  const fact = refusedFact({ number: 7, request }, refused);
  return fact.type === "process/refused" ? [fact.slot, fact.path] : [];
};

test("a refusal says which call, why, for which reason, and what was missing", () => {
  expect(
    refusedFact({ number: 7, request: rename }, refuse(errno.notcapable, "lacks-right", right.pathOpen)),
  ).toEqual({
    type: "process/refused",
    function: 7,
    errno: errno.notcapable,
    reason: "lacks-right",
    slot: 4,
    missing: right.pathOpen,
    path: "old",
  });
});

test("it is about the first descriptor and what is below it, or about the other", () => {
  expect(told(rename)).toEqual([4, "old"]);
  expect(told(rename, refusedOf(5, refuse(errno.badf)))).toEqual([5, "new"]);
  expect(told({ call: "fd_renumber", fd: 4, to: 9 }, refusedOf(9, refuse(errno.badf)))).toEqual([9, ""]);
});

test("a call without a descriptor, or with malformed arguments, is about none", () => {
  expect(told({ call: "random_get", size: 1 })).toEqual([-1, ""]);
  expect(told(null)).toEqual([-1, ""]);
  expect(told({ call: "poll_oneoff", subscriptions: [] }, refusedOf(3, refuse(errno.notcapable)))).toEqual([
    3,
    "",
  ]);
});
