/** What the laws have found, in the smallest case that they gave: each was wrong once. */
import { expect, test } from "@jest/globals";
import { allRights } from "../../core/rights.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import type { CallSpec, Step } from "../model/call-spec.ts";
import { runSteps } from "../model/model-machine.ts";
import { runWithOracle } from "./file-laws.ts";
import { recordLog } from "./recorded.ts";
import { resumesAgree } from "./crash-laws.ts";

const root = ["directory", 0] as const;
const call = (spec: CallSpec): Step => ({ do: "call", call: spec, spoilt: -1 });
const opens = (path: string, fdflags: number): Step =>
  call({
    call: "path_open",
    fd: root,
    path,
    follow: 0,
    oflags: 1,
    rights: allRights,
    inheriting: allRights,
    fdflags,
  });

test("D15: a sleep of centuries under a virtual clock is a time that the log can write", () => {
  const sleep = call({
    call: "poll_oneoff",
    subscriptions: [{ kind: "clock", of: ["number", 0], nanos: 2 ** 63, isAbsolute: false }],
  });
  const { log, performed } = runSteps([sleep, sleep]);
  expect(performed.map(({ given }) => given.errno)).toEqual([0, 0]);
  expect(log.decoded()).toHaveLength(log.eventCount);
});

test("D12: a state whose events are gone is refused, and not that of the beginning", () => {
  const { log } = runSteps([]);
  const { store } = recordLog(log, [], 1);
  for (const seq of store.groups.keys) store.groups.remove(seq);
  expect(() => new StateLoader(store.asStore).stateAt(1)).toThrow("missing");
});

test("D10: a machine that lost its power once more behind its guest's end goes on from there", () => {
  resumesAgree([], [0, 4]);
});

test("O1: an empty write to a file that appends leaves its position", () => {
  const { kernel } = runWithOracle([
    opens("a", 1),
    call({ call: "fd_filestat_set_size", fd: ["file", 0], size: 12_288 }),
    call({ call: "fd_write", fd: ["file", 0], sizes: [], fill: 0, offset: 0 }),
    call({ call: "fd_tell", fd: ["file", 0] }),
  ]).run;
  expect(kernel.state.clock.isOn).toBe(false);
});

test("O1: readlink with a slash behind the path follows the link", () => {
  runWithOracle([
    call({ call: "path_symlink", fd: root, target: "b", path: "link" }),
    call({ call: "path_readlink", fd: root, path: "link/", size: 8 }),
  ]);
});

test("O1: a file of the host that was renamed just now is read under its new name", () => {
  const host = ["directory", 1] as const;
  runWithOracle([
    call({ call: "path_rename", fd: host, path: "b/a", toFd: host, toPath: "c", follow: 0 }),
    call({
      call: "path_open",
      fd: host,
      path: "c",
      follow: 0,
      oflags: 0,
      rights: allRights,
      inheriting: 0,
      fdflags: 0,
    }),
    call({ call: "fd_read", fd: ["file", 0], sizes: [1], fill: 0, offset: 0 }),
  ]);
});
