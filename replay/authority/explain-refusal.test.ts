import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { allRights, directoryRights, right, writeRights } from "../../core/rights.ts";
import { callNumber } from "../../guests/call-table.ts";
import { wasiNumber } from "../../guests/wasi/wasi-table.ts";
import { capabilityIn } from "../../reducers/capabilities/capability-selectors.ts";
import { freeOpen } from "../../reducers/files/file-selectors.ts";
import { create } from "../../reducers/decide/scripted-refusals.ts";
import { refusedFact } from "../../reducers/decide/refused-fact.ts";
import type { Request } from "../../reducers/decide/request.ts";
import { PID, ROOT_FD, scriptedMachine, type ScriptedMachine } from "../../reducers/scripted-machine.ts";
import { GuestPaths } from "../guest-paths.ts";
import { explainRefusal, type Refusal } from "./explain-refusal.ts";
import { inodeBehind } from "./places.ts";

const readOnly = directoryRights & ~writeRights;
const PIPE = 1;

/** A process that holds /in for reading as fd 3 and /out for all as fd 4, and nothing of what is above them. */
class Scene {
  readonly machine: ScriptedMachine = scriptedMachine();
  readonly #paths = new GuestPaths();

  constructor() {
    this.machine.directory("in");
    this.machine.directory("in/deep");
    this.machine.directory("out");
    this.machine.perform({ call: "fd_close", fd: this.machine.file("in/a", 10) });
    const [input, output] = [this.machine.inodeOf("in"), this.machine.inodeOf("out")];
    this.machine.perform({ call: "fd_close", fd: ROOT_FD });
    this.preopen(input, "/in", readOnly, allRights & ~writeRights);
    this.preopen(output, "/out", directoryRights, allRights);
  }

  preopen(inode: number, label: string, rights: number, inheriting: number): number {
    const { machine } = this;
    const open = freeOpen(machine.state.files);
    this.#paths.take(machine.happen(PID, { type: "file/preopened", inode, open }));
    const slot = machine.freeSlot();
    const granted = { slot, object: "file", target: open, rights, inheriting, label } as const;
    this.#paths.take(machine.happen(PID, { type: "capability/granted", ...granted }));
    return slot;
  }

  /** Opens below fd 3, with rights for the new descriptor. */
  open(path: string, rights: number, inheriting = 0): number {
    const event = this.machine.perform({ ...opening(path), rights, inheriting });
    return event.type === "file/opened" ? event.slot : -1;
  }

  inodeOf(slot: number): number {
    const held = capabilityIn(this.machine.state.capabilities, PID, slot);
    return held === null ? 0 : inodeBehind(this.machine.state.files, held);
  }

  /** What is said of a call that is refused. */
  refused(request: Request): Refusal | null {
    const { machine } = this;
    const before = machine.snapshot();
    const decision = machine.ask(request);
    if (decision.kind !== "refused") throw new Error(`${request.call} is not refused`);
    const wasi = wasiNumber(request.call);
    const number = wasi < 0 ? callNumber("foldos", request.call) : wasi;
    const fact = refusedFact({ number, request }, decision);
    const event = machine.happen(PID, fact);
    return event.type === "process/refused" ? explainRefusal(before, event, this.#paths) : null;
  }
}

const opening = (path: string, oflags = 0, rights = 0) =>
  ({ call: "path_open", fd: 3, path, follow: true, oflags, rights, inheriting: 0, fdflags: 0 }) as const;

const write = (fd: number): Request => ({ call: "fd_write", fd, size: 1 });

test("a refusal says what was missing, of what, and which capability has it", () => {
  expect(new Scene().refused(opening("new", 1))).toEqual({
    errno: "ENOTCAPABLE",
    reason: "lacks-right",
    call: "path_open",
    object: { kind: "directory", name: "/in", path: "/in" },
    missing: ["path_create_file"],
    notHandedOn: [],
    heldThrough: {
      slot: 3,
      rights: [
        "fd_datasync",
        "fd_fdstat_set_flags",
        "fd_sync",
        "path_open",
        "fd_readdir",
        "path_readlink",
        "path_filestat_get",
        "fd_filestat_get",
      ],
    },
    service: null,
    nearest: {
      slot: 4,
      object: { kind: "directory", name: "/out", path: "/out" },
      why: "has it elsewhere",
      has: ["path_create_file"],
    },
  });
});

describe("what came nearest", () => {
  test("is a directory above, or the same one again, that would have allowed the call", () => {
    const scene = new Scene();
    const again = scene.preopen(scene.inodeOf(3), "/again", directoryRights, allRights);
    expect(scene.refused(opening("new", 1))?.nearest).toMatchObject({ slot: again, why: "would allow it" });
    const deep = scene.open("deep", readOnly, allRights);
    expect(scene.refused({ call: "path_create_directory", fd: deep, path: "x" })?.nearest).toMatchObject({
      slot: again,
      object: { path: "/in" },
      why: "would allow it",
    });
  });

  test("would not have allowed it if it lacks another right that the call may have needed", () => {
    const scene = new Scene();
    scene.preopen(scene.inodeOf(3), "/again", right.pathCreateFile, allRights);
    expect(scene.refused(opening("new", 1))?.nearest).toMatchObject({ slot: 5, why: "is of the same" });
  });

  test("is another descriptor of the same file", () => {
    const scene = new Scene();
    const inode = scene.inodeOf(scene.open("a", right.fdRead));
    const writer = scene.preopen(inode, "", right.fdWrite, 0);
    expect(scene.refused(write(5))).toMatchObject({
      object: { kind: "file", path: "/in/a" },
      missing: ["fd_write"],
      nearest: { slot: writer, why: "would allow it" },
    });
  });

  test("is a directory that can open the file with the right", () => {
    const scene = new Scene();
    const root = scene.preopen(scene.inodeOf(3), "/in", directoryRights, allRights);
    expect(scene.refused(write(scene.open("a", right.fdRead)))?.nearest).toMatchObject({
      slot: root,
      why: "can open it so",
      has: ["fd_write"],
    });
  });

  test("has the most of several rights, if none has all", () => {
    const scene = new Scene();
    const inode = scene.inodeOf(3);
    const all = right.pathOpen | right.pathCreateFile | right.pathFilestatSetSize;
    const none = scene.preopen(inode, "", 0, 0);
    scene.preopen(inode, "", right.pathOpen, 0);
    const most = scene.preopen(inode, "", all & ~right.pathOpen, 0);
    scene.preopen(inode, "", right.pathCreateFile, 0);
    expect(scene.refused({ ...opening("new", 9), fd: none })?.nearest).toMatchObject({
      slot: most,
      why: "is of the same",
      has: ["path_create_file", "path_filestat_set_size"],
    });
  });

  test("is told of the descriptor of a poll that was at fault", () => {
    const scene = new Scene();
    const fd = scene.open("a", right.fdRead);
    const poll = (...fds: number[]): Request => ({
      call: "poll_oneoff",
      subscriptions: fds.map((each) => ({ kind: "read", fd: each })),
    });
    expect(scene.refused(poll(0, fd))).toMatchObject({
      call: "poll_oneoff",
      object: { path: "/in/a" },
      missing: ["poll_fd_readwrite"],
      nearest: { slot: 3, object: { path: "/in" }, why: "can open it so" },
    });
  });

  test("is the other end, or another stream, of what is no file", () => {
    const scene = new Scene();
    scene.machine.happen(0, { type: "pipe/created", pipe: PIPE });
    const fd = scene.machine.grant("pipe-writer", PIPE, right.fdFilestatGet);
    expect(scene.refused(write(fd))).toMatchObject({
      object: { kind: "pipe-writer", name: "the writing end of pipe 1" },
      nearest: { slot: 1, object: { name: "standard output" }, why: "has it elsewhere" },
    });
    const other = scene.machine.grant("pipe-writer", PIPE, right.fdWrite);
    expect(scene.refused(write(fd))?.nearest).toMatchObject({ slot: other, why: "would allow it" });
    expect(scene.refused(write(0))).toMatchObject({ object: { kind: "console", name: "standard input" } });
  });

  test("is nothing, if nothing has it", () => {
    const scene = new Scene();
    scene.machine.perform({ call: "fd_close", fd: 4 });
    expect(scene.refused(opening("new", 1))?.nearest).toBeNull();
  });
});

test("a right that had to be handed on is told apart", () => {
  expect(new Scene().refused(opening("a", 0, right.fdWrite))).toMatchObject({
    missing: ["fd_write"],
    notHandedOn: ["fd_write"],
    nearest: { slot: 4, why: "has it elsewhere", has: ["fd_write"] },
  });
});

test("of two directories, the one that lacks the right is named", () => {
  const rename: Request = { call: "path_rename", fd: 4, path: "x", toFd: 3, toPath: "y" };
  expect(new Scene().refused(rename)).toMatchObject({
    object: { path: "/in" },
    missing: ["path_rename_target"],
    heldThrough: { slot: 3 },
    nearest: { slot: 4 },
  });
});

test("a descriptor that is not held is told as none", () => {
  expect(new Scene().refused(write(99))).toMatchObject({
    errno: "EBADF",
    object: null,
    heldThrough: { slot: 99, rights: null },
    nearest: null,
  });
});

test("a path that leads out is told with the directory that is above what it leads to", () => {
  const scene = new Scene();
  for (const path of ["../out/x", "deep/../../out/x", "/out/x"])
    expect(scene.refused(opening(path))).toMatchObject({
      errno: "EPERM",
      object: { path: "/in" },
      nearest: { slot: 4, object: { path: "/out" }, why: "is above what the path leads to" },
    });
  expect(scene.refused(opening("../elsewhere"))?.nearest).toBeNull();
});

test("what no capability would have changed is not explained", () => {
  expect(new Scene().refused(opening("nowhere"))).toBeNull();
  expect(new Scene().refused(opening("a", 2))).toBeNull();
});

describe("what is refused for another reason than a right", () => {
  test("is told with its reason, and of the object that it is about", () => {
    const scene = new Scene();
    const fd = create(scene.machine, "notification");
    expect(scene.refused({ call: "notification_poll", fd })).toMatchObject({
      errno: "EAGAIN",
      reason: "no-signal",
      object: { kind: "notification", path: null },
      missing: [],
      heldThrough: { slot: fd, rights: ["signal", "wait"] },
      nearest: null,
    });
  });

  test("is of the slot that is at fault, not of the one that the call is made through", () => {
    const scene = new Scene();
    const endpoint = create(scene.machine, "endpoint");
    const table = create(scene.machine, "table");
    const send = { call: "ipc_send", fd: endpoint, mayWait: true, size: 0 } as const;
    scene.machine.perform({ call: "cap_lease", fd: 3, until: 0, uses: 1, withHolder: false });
    expect(scene.refused({ ...send, given: [{ slot: table + 1, rights: 0 }] })).toMatchObject({
      reason: "counted-lease",
      object: { kind: "directory", path: "/in" },
      heldThrough: { slot: table + 1 },
    });
    expect(scene.refused({ call: "table_store", fd: table, index: 0, stored: table })).toMatchObject({
      reason: "keeps-others",
      object: { kind: "table" },
    });
  });

  test("is told of what was taken back by the event that took it", () => {
    const scene = new Scene();
    const endpoint = create(scene.machine, "endpoint");
    scene.machine.perform({ call: "cap_copy", fd: endpoint });
    const { seq } = scene.machine.perform({ call: "cap_revoke", fd: endpoint });
    expect(scene.refused({ call: "cap_copy", fd: endpoint + 1 })).toMatchObject({
      reason: "taken-back",
      object: { kind: "void", name: `what event ${seq} took back` },
    });
  });
});

test("a clock that was withheld is no object, and is named", () => {
  const { state } = scriptedMachine();
  const refused = {
    type: "process/refused",
    errno: errno.notcapable,
    reason: "no-service",
    slot: -1,
    missing: 0,
    path: "",
  } as const;
  const envelope = { seq: state.seq, at: 0, cause: -1, pid: PID, call: 1 };
  const explain = (call: string) =>
    explainRefusal(state, { ...refused, ...envelope, function: wasiNumber(call) }, new GuestPaths());
  expect(explain("random_get")).toMatchObject({ object: null, service: "random numbers", heldThrough: null });
  expect(explain("clock_time_get")).toMatchObject({ service: "that clock" });
});
