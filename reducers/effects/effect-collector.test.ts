import { describe, expect, test } from "@jest/globals";
import { regularFileRights } from "../../core/rights.ts";
import type { Request } from "../decide/request.ts";
import { scriptedMachine } from "../scripted-machine.ts";
import { EffectCollector } from "./effect-collector.ts";

/** A machine with a host's directory, in which files f and g are open; what happens is collected. */
function collecting() {
  const machine = scriptedMachine();
  const collector = new EffectCollector();
  const root = machine.state.files.nextInode;
  const fd = machine.mount();
  machine.list(root);
  const [f = 0, g = 0] = ["f", "g"].map((path) => {
    const slot = machine.freeSlot();
    const rights = regularFileRights;
    machine.perform({
      call: "path_open",
      fd,
      path,
      follow: true,
      oflags: 1,
      rights,
      inheriting: 0,
      fdflags: 0,
    });
    return slot;
  });
  const perform = (...requests: readonly Request[]) => {
    for (const request of requests) {
      const event = machine.perform(request);
      collector.take(machine.state, event);
    }
    return collector.effects;
  };
  return { machine, fd, f, g, perform, seq: machine.state.seq };
}

const write = (fd: number, size: number): Request => ({ call: "fd_write", fd, size });

describe("writes that go on where the last one ended", () => {
  test("are one effect, from the first event up to behind the last", () => {
    const { f, perform, seq } = collecting();
    expect(perform(write(f, 10), write(f, 5), write(f, 1))).toMatchObject([
      { kind: "write", path: "/host/f", seq, endSeq: seq + 3, offset: 0, position: 0, length: 16 },
    ]);
  });

  test("stay one when the guest only looks in between", () => {
    const { f, perform } = collecting();
    const effects = perform(
      write(f, 10),
      { call: "clock_time_get", clock: 0 },
      { call: "fd_tell", fd: f },
      write(f, 5),
    );
    expect(effects).toMatchObject([{ length: 15 }]);
  });

  test("are two when they are of two files, or elsewhere in one", () => {
    const { f, g, perform } = collecting();
    expect(perform(write(f, 10), write(g, 10), write(f, 10))).toHaveLength(3);
    const other = collecting();
    expect(
      other.perform(write(other.f, 10), { call: "fd_pwrite", fd: other.f, size: 5, offset: 3 }),
    ).toHaveLength(2);
  });

  test("are two when other bytes came into the stream between them", () => {
    const { machine, f, perform } = collecting();
    perform(write(f, 10));
    machine.happen(0, { type: "console/input-arrived", position: machine.state.head, length: 1 });
    expect(perform(write(f, 10))).toMatchObject([{ length: 10 }, { length: 10 }]);
  });

  test("are two when something else was changed in between", () => {
    const { f, fd, perform } = collecting();
    const effects = perform(
      write(f, 10),
      { call: "path_rename", fd, path: "f", toFd: fd, toPath: "h" },
      write(f, 5),
    );
    expect(effects).toMatchObject([
      { path: "/host/f" },
      { kind: "rename" },
      { path: "/host/h", offset: 10, length: 5 },
    ]);
  });
});

describe("prints", () => {
  test("that follow each other on one stream are one effect", () => {
    const { perform, seq } = collecting();
    expect(perform(write(1, 3), write(1, 4))).toMatchObject([
      { kind: "print", stream: 1, seq, endSeq: seq + 2, length: 7 },
    ]);
  });

  test("on two streams keep their order", () => {
    const { perform } = collecting();
    expect(
      perform(write(1, 3), write(2, 4), write(1, 5)).map(
        (effect) => effect.kind === "print" && effect.stream,
      ),
    ).toEqual([1, 2, 1]);
  });
});

test("what is no effect is not collected", () => {
  const { machine, fd, perform } = collecting();
  expect(
    perform({ call: "fd_readdir", fd, cookie: 0 }, { call: "sched_yield" }, write(machine.file("own"), 3)),
  ).toEqual([]);
});
