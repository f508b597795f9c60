import { describe, expect, test } from "@jest/globals";
import type { Request } from "../../reducers/decide/request.ts";
import { requestDigest } from "./request-digest.ts";
import { wasiNames } from "./wasi-table.ts";

const read = (size: number): Request => ({ call: "fd_read", fd: 4, size });

describe("a call's digest differs from that of a call that asks", () => {
  const base = requestDigest(5, [4, 100, 1, 200], read(10));
  test.each([
    ["another function", requestDigest(6, [4, 100, 1, 200], read(10))],
    ["with another argument", requestDigest(5, [4, 100, 2, 200], read(10))],
    ["with another pointer", requestDigest(5, [4, 104, 1, 200], read(10))],
    ["with its arguments in another order", requestDigest(5, [100, 4, 1, 200], read(10))],
    ["for another size", requestDigest(5, [4, 100, 1, 200], read(11))],
    ["for what is malformed", requestDigest(5, [4, 100, 1, 200], null)],
  ])("%s", (_, other) => {
    expect(other).not.toBe(base);
  });

  test.each([
    ["the low words", [1n, 2n]],
    ["the high words", [1n, 1n + (1n << 32n)]],
    ["the highest bits", [0n, 1n << 63n]],
    ["the signs", [1n, -1n]],
  ])("with 64-bit arguments that differ in %s", (_, [left = 0n, right = 0n]) => {
    expect(requestDigest(1, [left], null)).not.toBe(requestDigest(1, [right], null));
  });

  test("with another path at the same place", () => {
    const unlink = (path: string) => requestDigest(1, [3, 100, 1], { call: "path_unlink_file", fd: 3, path });
    expect(new Set(["a", "b", "ab", "ba", ""].map(unlink)).size).toBe(5);
  });

  test("with another target, or another new path", () => {
    const link = (toPath: string) =>
      requestDigest(1, [], { call: "path_link", fd: 3, path: "a", follow: false, toFd: 3, toPath });
    const symlink = (target: string) =>
      requestDigest(1, [], { call: "path_symlink", target, fd: 3, path: "a" });
    expect([link("x") === link("y"), symlink("x") === symlink("y")]).toEqual([false, false]);
  });

  test("with other subscriptions at the same place", () => {
    const poll = (fd: number) =>
      requestDigest(1, [], { call: "poll_oneoff", subscriptions: [{ kind: "read", fd }] });
    expect(poll(1)).not.toBe(poll(2));
  });

  test("with other capabilities given at the same place", () => {
    const send = (...given: readonly (readonly [number, number])[]) =>
      requestDigest(67, [4, 100, 0], {
        call: "ipc_send",
        fd: 4,
        mayWait: true,
        size: 5,
        given: given.map(([slot, rights]) => ({ slot, rights })),
      });
    const digests = [
      send(),
      send([0, 0]),
      send([1, 0]),
      send([0, 1]),
      send([1, 0], [0, 0]),
      send([0, 0], [1, 0]),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  test("with a message of another size, or other room for one", () => {
    const call = (size: number, capacity: number, slots: number) =>
      requestDigest(69, [4, 100, 200], { call: "ipc_call", fd: 4, size, given: [], capacity, slots });
    const digests = [call(1, 2, 3), call(2, 2, 3), call(1, 3, 3), call(1, 2, 4), call(1, 3, 2)];
    expect(new Set(digests).size).toBe(digests.length);
  });

  test("with other arguments for a new process", () => {
    const spawn = (...args: readonly string[]) =>
      requestDigest(81, [4, 100, 200], { call: "process_spawn", fd: 4, args, given: [] });
    const digests = [spawn(), spawn(""), spawn("ab"), spawn("a", "b"), spawn("ab", ""), spawn("", "ab")];
    expect(new Set(digests).size).toBe(digests.length);
  });
});

test("a digest is 16 bits, and always the same", () => {
  for (let number = 0; number < wasiNames.length; number += 1) {
    const digest = requestDigest(number, [1, 2n, -1, -1n], read(number));
    expect(Number.isInteger(digest) && digest >= 0 && digest <= 0xffff).toBe(true);
    expect(requestDigest(number, [1, 2n, -1, -1n], read(number))).toBe(digest);
  }
});

test("digests of calls that are much alike seldom are the same", () => {
  const digests = new Set<number>();
  for (let fd = 0; fd < 100; fd += 1)
    for (let size = 0; size < 100; size += 1) digests.add(requestDigest(5, [fd, 0, 1, 8], read(size)));
  // 10,000 throws into 65,536 boxes leave some 9,290 of them hit.
  expect(digests.size).toBeGreaterThan(9000);
});
