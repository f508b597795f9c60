import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { right } from "../../core/rights.ts";
import { MAX_PIPE_PIECES, PIPE_CAPACITY_BYTES } from "../pipes/pipe-state.ts";
import { scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";
import { MAX_TRANSFER_BYTES } from "./file-contents.ts";
import { CONSOLE_INPUT, readable, writable } from "../scheduler/awaited.ts";
import type { Request } from "./request.ts";

/** Why else than for want of a right is told in refusal-reasons.test.ts. */
const refused = (code: number, missing = 0) => ({
  kind: "refused",
  errno: code,
  reason: missing === 0 ? expect.any(String) : "lacks-right",
  missing,
});
const PIPE = 1;
const waits = (object: number) => ({ kind: "waits", until: 0, objects: [object] });
const read = (fd: number, size: number): Request => ({ call: "fd_read", fd, size });
const write = (fd: number, size: number): Request => ({ call: "fd_write", fd, size });

function arrive(machine: ScriptedMachine, length: number): number {
  const position = machine.state.head;
  machine.happen(0, { type: "console/input-arrived", position, length });
  return position;
}

describe("reading the console", () => {
  test("waits while nothing has arrived", () => {
    expect(scriptedMachine().ask(read(0, 10))).toEqual(waits(CONSOLE_INPUT));
  });

  test("gives what has arrived, and no more than is asked", () => {
    const machine = scriptedMachine();
    const position = arrive(machine, 10);
    expect(machine.ask(read(0, 100))).toMatchObject({
      facts: [{ type: "console/read", position, length: 10 }],
    });
    expect(machine.ask(read(0, 4))).toMatchObject({ facts: [{ position, length: 4 }] });
  });

  test("goes on where the last read ended, and is short at the end of a piece", () => {
    const machine = scriptedMachine();
    const first = arrive(machine, 10);
    machine.perform(write(1, 5));
    const second = arrive(machine, 10);
    machine.perform(read(0, 4));
    expect(machine.perform(read(0, 100))).toMatchObject({ position: first + 4, length: 6 });
    expect(machine.perform(read(0, 100))).toMatchObject({ position: second, length: 10 });
    expect(machine.ask(read(0, 100))).toEqual(waits(CONSOLE_INPUT));
  });

  test("of nothing does not wait", () => {
    expect(scriptedMachine().ask(read(0, 0))).toMatchObject({ facts: [{ type: "console/read", length: 0 }] });
  });

  test("after its end gives what is left, and then nothing for ever", () => {
    const machine = scriptedMachine();
    arrive(machine, 10);
    machine.happen(0, { type: "console/input-ended" });
    expect([10, 0, 0].map(() => machine.perform(read(0, 50)))).toMatchObject([
      { length: 10 },
      { length: 0 },
      { length: 0 },
    ]);
  });

  test("without the right is ENOTCAPABLE", () => {
    expect(scriptedMachine().ask(read(1, 1))).toEqual(refused(errno.notcapable, right.fdRead));
  });
});

describe("writing to the console", () => {
  test.each([1, 2])("stream %d puts the bytes at the end of the stream", (fd) => {
    const machine = scriptedMachine();
    machine.perform(write(1, 3));
    expect(machine.ask(write(fd, 5))).toMatchObject({
      facts: [{ type: "console/written", stream: fd, position: 3, length: 5 }],
    });
  });

  test("is cut where one call's bytes end", () => {
    expect(scriptedMachine().ask(write(1, 2 ** 31 - 1))).toMatchObject({
      facts: [{ length: MAX_TRANSFER_BYTES }],
    });
  });

  test("whose reader has gone is EPIPE, on that stream alone", () => {
    const machine = scriptedMachine();
    machine.happen(0, { type: "console/output-closed", stream: 1 });
    expect([machine.ask(write(1, 1)), machine.ask(write(2, 1)).kind]).toEqual([refused(errno.pipe), "facts"]);
    machine.happen(0, { type: "console/output-closed", stream: 2 });
    expect(machine.ask(write(2, 1))).toEqual(refused(errno.pipe));
  });

  test("without the right is ENOTCAPABLE, before all else", () => {
    const machine = scriptedMachine();
    machine.happen(0, { type: "console/output-closed", stream: 1 });
    const fd = machine.grant("console", 1, right.fdRead);
    expect(machine.ask(write(fd, 1))).toEqual(refused(errno.notcapable, right.fdWrite));
  });
});

describe("a pipe", () => {
  function withPipe() {
    const machine = scriptedMachine();
    machine.happen(0, { type: "pipe/created", pipe: PIPE });
    const reader = machine.grant("pipe-reader", PIPE, right.fdRead);
    const writer = machine.grant("pipe-writer", PIPE, right.fdWrite);
    return { machine, reader, writer };
  }

  test("makes its reader wait for a writer, and its writer for room", () => {
    const { machine, reader, writer } = withPipe();
    expect(machine.ask(read(reader, 1))).toEqual(waits(readable(PIPE)));
    machine.perform(write(writer, PIPE_CAPACITY_BYTES));
    expect(machine.ask(write(writer, 1))).toEqual(waits(writable(PIPE)));
    machine.perform(read(reader, 10));
    expect(machine.ask(write(writer, 10)).kind).toBe("facts");
  });

  test("is written whole or not at all, up to 4,096 bytes; more go as far as there is room (POSIX PIPE_BUF)", () => {
    const { machine, reader, writer } = withPipe();
    machine.perform(write(writer, PIPE_CAPACITY_BYTES));
    machine.perform(read(reader, 10));
    expect(machine.ask(write(writer, 4096))).toEqual(waits(writable(PIPE)));
    expect(machine.ask(write(writer, 4097))).toMatchObject({ facts: [{ type: "pipe/written", length: 10 }] });
  });

  test("that was made smaller holds no more, and is written whole up to that", () => {
    const { machine, writer } = withPipe();
    machine.happen(0, { type: "pipe/sized", pipe: PIPE, capacity: 100 });
    expect(machine.ask(write(writer, 5000))).toMatchObject({ facts: [{ length: 100 }] });
    machine.perform(write(writer, 60));
    expect(machine.ask(write(writer, 41))).toEqual(waits(writable(PIPE)));
    expect(machine.ask(write(writer, 40)).kind).toBe("facts");
  });

  test("takes as much as there is room for", () => {
    const { machine, writer } = withPipe();
    expect(machine.ask(write(writer, 2 * PIPE_CAPACITY_BYTES))).toMatchObject({
      facts: [{ length: PIPE_CAPACITY_BYTES }],
    });
  });

  test("is full when its bytes stand in many places, too", () => {
    const { machine, reader, writer } = withPipe();
    for (let piece = 0; piece < MAX_PIPE_PIECES; piece += 1) {
      machine.perform(write(1, 1));
      machine.perform(write(writer, 1));
    }
    expect(machine.ask(write(writer, 1))).toEqual(waits(writable(PIPE)));
    machine.perform(read(reader, 1));
    expect(machine.ask(write(writer, 1)).kind).toBe("facts");
  });

  test("of nothing, nothing is read or written, and nobody waits", () => {
    const { machine, reader, writer } = withPipe();
    expect([machine.ask(read(reader, 0)), machine.ask(write(writer, 0))]).toMatchObject([
      { facts: [{ length: 0 }] },
      { facts: [{ length: 0 }] },
    ]);
  });

  test("gives its bytes in their order", () => {
    const { machine, reader, writer } = withPipe();
    const { head } = machine.state;
    machine.perform(write(writer, 10));
    expect(machine.perform(read(reader, 4))).toMatchObject({ type: "pipe/read", position: head, length: 4 });
    expect(machine.perform(read(reader, 10))).toMatchObject({ position: head + 4, length: 6 });
  });

  test("whose writers have gone gives what is left, and then its end", () => {
    const { machine, reader, writer } = withPipe();
    machine.perform(write(writer, 5));
    machine.perform({ call: "fd_close", fd: writer });
    expect([machine.perform(read(reader, 9)), machine.perform(read(reader, 9))]).toMatchObject([
      { length: 5 },
      { length: 0 },
    ]);
  });

  test("whose readers have gone is EPIPE", () => {
    const { machine, reader, writer } = withPipe();
    machine.perform({ call: "fd_close", fd: reader });
    expect(machine.ask(write(writer, 1))).toEqual(refused(errno.pipe));
  });

  test("goes one way only, and has no positions", () => {
    const { machine, reader, writer } = withPipe();
    expect(machine.ask(write(reader, 1))).toEqual(refused(errno.notcapable, right.fdWrite));
    expect(machine.ask(read(writer, 1))).toEqual(refused(errno.notcapable, right.fdRead));
    expect(machine.ask({ call: "fd_pread", fd: reader, size: 1, offset: 0 })).toEqual(refused(errno.spipe));
    expect(machine.ask({ call: "fd_pwrite", fd: writer, size: 1, offset: 0 })).toEqual(refused(errno.spipe));
  });
});
