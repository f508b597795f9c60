import { expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { right } from "../../core/rights.ts";
import { scriptedMachine } from "../scripted-machine.ts";
import { MAX_TRANSFER_BYTES } from "./file-contents.ts";

function withNull() {
  const machine = scriptedMachine();
  return {
    machine,
    reader: machine.grant("null", 0, right.fdRead | right.pollFdReadwrite),
    writer: machine.grant("null", 0, right.fdWrite | right.pollFdReadwrite),
  };
}

test("whoever reads it is at its end, and nobody waits", () => {
  const { machine, reader } = withNull();
  expect(machine.perform({ call: "fd_read", fd: reader, size: 100 })).toMatchObject({
    type: "null/read",
    length: 0,
  });
});

test("takes whatever is written, none of which is in the byte stream", () => {
  const { machine, writer } = withNull();
  const { head } = machine.state;
  expect(machine.perform({ call: "fd_write", fd: writer, size: 100 })).toMatchObject({ length: 100 });
  expect(machine.perform({ call: "fd_write", fd: writer, size: 2 ** 31 })).toMatchObject({
    length: MAX_TRANSFER_BYTES,
  });
  expect(machine.state.head).toBe(head);
});

test("has no places, and gives only what was granted", () => {
  const { machine, reader, writer } = withNull();
  expect([
    machine.ask({ call: "fd_read", fd: writer, size: 1 }),
    machine.ask({ call: "fd_write", fd: reader, size: 1 }),
    machine.ask({ call: "fd_pread", fd: reader, size: 1, offset: 0 }),
    machine.ask({ call: "fd_pwrite", fd: writer, size: 1, offset: 0 }),
  ]).toMatchObject([
    { errno: errno.notcapable, missing: right.fdRead },
    { errno: errno.notcapable, missing: right.fdWrite },
    { errno: errno.spipe },
    { errno: errno.spipe },
  ]);
});

test("is always ready", () => {
  const { machine, reader, writer } = withNull();
  const polled = machine.perform({
    call: "poll_oneoff",
    subscriptions: [
      { kind: "read", fd: reader },
      { kind: "write", fd: writer },
    ],
  });
  expect(polled).toMatchObject({ ready: [0, 0, 1, 0, 1, 0, 1, 0] });
});
