import { describe, expect, test } from "@jest/globals";
import { right } from "../../core/rights.ts";
import { peek } from "../../core/table.ts";
import { scriptedMachine } from "../scripted-machine.ts";

function withPipe() {
  const machine = scriptedMachine();
  machine.happen(0, { type: "pipe/created", pipe: 5 });
  const reader = machine.grant("pipe-reader", 5, right.fdRead);
  const writer = machine.grant("pipe-writer", 5, right.fdWrite);
  return { machine, reader, writer, pipe: () => peek(machine.state.pipes.rows, 5) };
}

test("a pipe's id is never used twice", () => {
  expect(withPipe().machine.state.pipes.nextPipe).toBe(6);
});

test("a pipe counts its ends and its bytes", () => {
  const { machine, reader, writer, pipe } = withPipe();
  expect(pipe()).toMatchObject({ readers: 1, writers: 1, bytes: 0, pieces: [] });
  machine.grant("pipe-writer", 5, right.fdWrite);
  machine.perform({ call: "fd_write", fd: writer, size: 10 });
  machine.perform({ call: "fd_write", fd: writer, size: 10 });
  machine.perform({ call: "fd_read", fd: reader, size: 3 });
  expect(pipe()).toMatchObject({ readers: 1, writers: 2, bytes: 17, pieces: [3, 17] });
});

test("a pipe of a machine with scheduling domains keeps apart what was written apart", () => {
  const { machine, reader, writer, pipe } = withPipe();
  machine.happen(0, { type: "scheduler/partitioned", domains: ["d"], slotTicks: [1] });
  machine.perform({ call: "fd_write", fd: writer, size: 10 });
  machine.perform({ call: "fd_write", fd: writer, size: 10 });
  expect(machine.perform({ call: "fd_read", fd: reader, size: 30 })).toMatchObject({ length: 10 });
  expect(pipe()).toMatchObject({ bytes: 10, pieces: [10, 10] });
});

describe("an end that is closed", () => {
  test("is counted, and the last one takes the pipe with it", () => {
    const { machine, reader, writer, pipe } = withPipe();
    machine.perform({ call: "fd_write", fd: writer, size: 10 });
    machine.perform({ call: "fd_close", fd: writer });
    expect(pipe()).toMatchObject({ readers: 1, writers: 0, bytes: 10 });
    machine.perform({ call: "fd_close", fd: reader });
    expect(pipe()).toBeNull();
  });

  test("by renumbering over it counts too", () => {
    const { machine, reader, writer, pipe } = withPipe();
    machine.perform({ call: "fd_renumber", fd: writer, to: reader });
    expect(pipe()).toMatchObject({ readers: 0, writers: 1 });
  });
});

test("a file that is granted or closed is no end of a pipe", () => {
  const { machine, pipe } = withPipe();
  machine.perform({ call: "fd_close", fd: machine.file("a") });
  expect(pipe()).toMatchObject({ readers: 1, writers: 1 });
});
