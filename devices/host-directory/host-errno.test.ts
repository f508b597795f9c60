import { statSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { hostErrno } from "./host-errno.ts";

test.each([
  ["ENOENT", errno.noent],
  ["EACCES", errno.acces],
  ["ENOSPC", errno.nospc],
  ["E2BIG", errno.toobig],
  ["ENOTDIR", errno.notdir],
  ["EROFS", errno.rofs],
  ["ELOOP", errno.loop],
  ["EPIPE", errno.pipe],
  ["EAGAIN", errno.again],
  ["EDQUOT", errno.dquot],
  ["EOPNOTSUPP", errno.notsup],
  ["EWHATEVER", errno.io],
  ["ERR_INVALID_ARG_TYPE", errno.io],
  ["", errno.io],
  [7, errno.io],
])("%p is WASI's %d", (code, expected) => {
  expect(hostErrno(Object.assign(new Error("x"), { code }))).toBe(expected);
});

test("an error of Node's own calls is told", () => {
  try {
    statSync("/no/such/place");
  } catch (error) {
    expect(hostErrno(error)).toBe(errno.noent);
  }
  expect(hostErrno(new Error("no code"))).toBe(errno.io);
});
