import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { allRights, right } from "../../core/rights.ts";
import { END_OF_TIME } from "../clock/clock-selectors.ts";
import { MAX_PIPE_PIECES, PIPE_CAPACITY_BYTES } from "../pipes/pipe-state.ts";
import { BOOT_WALL_MICROS, ROOT_FD, scriptedMachine } from "../scripted-machine.ts";
import { MAX_SUBSCRIPTIONS } from "./poll.ts";
import { CONSOLE_INPUT, readable, writable } from "../scheduler/awaited.ts";
import type { Request, Subscription } from "./request.ts";

const refused = (code: number, reason = "none") => ({ kind: "refused", errno: code, reason, missing: 0 });
const poll = (...subscriptions: readonly Subscription[]): Request => ({ call: "poll_oneoff", subscriptions });
const ready = (...numbers: readonly number[]) => ({
  kind: "facts",
  facts: [{ type: "process/polled", ready: numbers }],
});
const PIPE = 1;
const waits = (until: number, ...objects: readonly number[]) => ({ kind: "waits", until, objects });
const REALTIME = 0;
const MONOTONIC = 1;
const timer = (timeoutMicros: number, more: { clock?: number; isAbsolute?: boolean } = {}): Subscription => ({
  kind: "clock",
  clock: MONOTONIC,
  timeoutMicros,
  isAbsolute: false,
  ...more,
});
const reading = (fd: number): Subscription => ({ kind: "read", fd });
const writing = (fd: number): Subscription => ({ kind: "write", fd });
const HANGUP = 1;

/** A machine at kernel time 5,000. */
function later() {
  const machine = scriptedMachine();
  machine.at = 5000;
  return machine;
}

describe("a clock", () => {
  test.each([
    ["that is relative is due so much after the call", timer(100), 5100],
    ["that is absolute is due then", timer(7000, { isAbsolute: true }), 7000],
    ["of the wall, relative, counts alike", timer(100, { clock: REALTIME }), 5100],
    [
      "of the wall, absolute, is due at that wall time",
      timer(BOOT_WALL_MICROS + 9000, { clock: REALTIME, isAbsolute: true }),
      9000,
    ],
  ])("%s", (_, subscription, until) => {
    expect(later().ask(poll(subscription))).toEqual(waits(until));
  });

  test.each([
    ["of nothing", timer(0)],
    ["that was due before the call", timer(4999, { isAbsolute: true })],
    ["that is due now", timer(5000, { isAbsolute: true })],
    ["of the wall before the machine was booted", timer(1, { clock: REALTIME, isAbsolute: true })],
  ])("%s is answered at once", (_, subscription) => {
    expect(later().ask(poll(subscription))).toEqual(ready(0, errno.success, 0, 0));
  });

  test("counts from when the call was made, not from when it was woken", () => {
    const machine = later();
    expect(machine.ask(poll(timer(100)), 4950)).toEqual(waits(5050));
    expect(machine.ask(poll(timer(100)), 4900)).toEqual(ready(0, 0, 0, 0));
  });

  test.each([2, 3, 4, 2 ** 32 - 1])("number %d is no clock that anybody can wait for", (clock) => {
    expect(later().ask(poll(timer(100, { clock })))).toEqual(ready(0, errno.notsup, 0, 0));
  });

  test("that is due beyond what the log's clock can say is due at its end", () => {
    expect(later().ask(poll(timer(2 ** 52)))).toEqual(waits(END_OF_TIME));
  });

  test("that is due first decides, and one that is due later is not told", () => {
    expect(later().ask(poll(timer(300), timer(100), timer(200)))).toEqual(waits(5100));
    expect(later().ask(poll(timer(300), timer(0), timer(200)))).toEqual(ready(1, 0, 0, 0));
  });
});

describe("a file", () => {
  test("is always ready: to read what is left, to write", () => {
    const machine = later();
    const fd = machine.file("a", 100);
    machine.perform({ call: "fd_seek", fd, offset: 30, whence: 0 });
    expect(machine.ask(poll(reading(fd), writing(fd)))).toEqual(ready(0, 0, 70, 0, 1, 0, 1, 0));
    machine.perform({ call: "fd_seek", fd, offset: 300, whence: 0 });
    expect(machine.ask(poll(reading(fd)))).toEqual(ready(0, 0, 0, 0));
  });

  test.each([
    ["a descriptor that is not held", 99],
    ["a directory, which nobody waits for", ROOT_FD],
  ])("%s is told as EBADF, and the poll succeeds", (_, fd) => {
    expect(later().ask(poll(reading(fd), timer(100)))).toEqual(ready(0, errno.badf, 0, 0));
  });
});

describe("the console", () => {
  test("is waited for, also together with a clock", () => {
    expect(later().ask(poll(reading(0)))).toEqual(waits(0, CONSOLE_INPUT));
    expect(later().ask(poll(timer(100), reading(0)))).toEqual(waits(5100, CONSOLE_INPUT));
  });

  test("is ready when something has arrived, and says how much", () => {
    const machine = later();
    machine.happen(0, { type: "console/input-arrived", position: machine.state.head, length: 12 });
    expect(machine.ask(poll(timer(100), reading(0)))).toEqual(ready(1, 0, 12, 0));
  });

  test("that has ended is ready with a hang-up, once all is read", () => {
    const machine = later();
    machine.happen(0, { type: "console/input-arrived", position: machine.state.head, length: 12 });
    machine.happen(0, { type: "console/input-ended" });
    expect(machine.ask(poll(reading(0)))).toEqual(ready(0, 0, 12, 0));
    machine.perform({ call: "fd_read", fd: 0, size: 12 });
    expect(machine.ask(poll(reading(0)))).toEqual(ready(0, 0, 0, HANGUP));
  });

  test.each([1, 2])("can always be written to by %d, with a hang-up if nobody reads", (fd) => {
    const machine = later();
    expect(machine.ask(poll(writing(fd)))).toEqual(ready(0, 0, 1, 0));
    machine.happen(0, { type: "console/output-closed", stream: fd });
    expect(machine.ask(poll(writing(fd), writing(3 - fd)))).toEqual(ready(0, 0, 1, HANGUP, 1, 0, 1, 0));
  });
});

describe("a pipe", () => {
  function withPipe() {
    const machine = later();
    machine.happen(0, { type: "pipe/created", pipe: PIPE });
    return {
      machine,
      reader: machine.grant("pipe-reader", PIPE, right.fdRead | right.pollFdReadwrite),
      writer: machine.grant("pipe-writer", PIPE, allRights),
    };
  }

  test("is waited for while it is empty, and says how much is in it and how much room", () => {
    const { machine, reader, writer } = withPipe();
    expect(machine.ask(poll(reading(reader)))).toEqual(waits(0, readable(PIPE)));
    machine.perform({ call: "fd_write", fd: writer, size: 10 });
    expect(machine.ask(poll(reading(reader), writing(writer)))).toEqual(
      ready(0, 0, 10, 0, 1, 0, PIPE_CAPACITY_BYTES - 10, 0),
    );
  });

  test("that is full is waited for", () => {
    const { machine, writer } = withPipe();
    machine.perform({ call: "fd_write", fd: writer, size: PIPE_CAPACITY_BYTES });
    expect(machine.ask(poll(writing(writer)))).toEqual(waits(0, writable(PIPE)));
  });

  test("that is in many places is waited for", () => {
    const { machine, writer } = withPipe();
    for (let piece = 0; piece < MAX_PIPE_PIECES; piece += 1) {
      machine.perform({ call: "fd_write", fd: 1, size: 1 });
      machine.perform({ call: "fd_write", fd: writer, size: 1 });
    }
    expect(machine.ask(poll(writing(writer)))).toEqual(waits(0, writable(PIPE)));
  });

  test("hangs up when its other end has gone", () => {
    const { machine, reader } = withPipe();
    machine.perform({ call: "fd_close", fd: reader + 1 });
    expect(machine.ask(poll(reading(reader)))).toEqual(ready(0, 0, 0, HANGUP));
    const other = withPipe();
    other.machine.perform({ call: "fd_close", fd: other.reader });
    expect(other.machine.ask(poll(writing(other.writer)))).toEqual(ready(0, 0, 0, HANGUP));
  });
});

test("a call that may not ask of one of its descriptors is refused, and that one is named", () => {
  const machine = later();
  const reads = machine.open("a", 1, right.fdRead);
  const polls = machine.open("a", 1, right.pollFdReadwrite);
  const denied = (slot: number, missing: number) => ({
    ...refused(errno.notcapable, "lacks-right"),
    missing,
    slot,
  });
  expect(machine.ask(poll(timer(0), reading(reads)))).toEqual(denied(reads, right.pollFdReadwrite));
  expect(machine.ask(poll(reading(99), reading(polls)))).toEqual(denied(polls, right.fdRead));
  expect(machine.ask(poll(writing(polls)))).toEqual(denied(polls, right.fdWrite));
  expect(machine.ask(poll(writing(reads)))).toEqual(denied(reads, right.fdWrite | right.pollFdReadwrite));
  expect(machine.ask(poll(reading(1)))).toEqual(denied(1, right.fdRead));
});

test("all that is ready is told, in the order in which it was asked for", () => {
  expect(later().ask(poll(writing(2), reading(0), reading(99), timer(0)))).toEqual(
    ready(0, 0, 1, 0, 2, errno.badf, 0, 0, 3, 0, 0, 0),
  );
});

test("no subscription, or far too many, is EINVAL", () => {
  expect(later().ask(poll())).toEqual(refused(errno.inval));
  const subscriptions = new Array<Subscription>(MAX_SUBSCRIPTIONS + 1).fill(timer(0));
  expect(later().ask({ call: "poll_oneoff", subscriptions })).toEqual(refused(errno.inval));
});

test("as many subscriptions as are allowed can all be ready, and the log can hold it", () => {
  const subscriptions = new Array<Subscription>(MAX_SUBSCRIPTIONS).fill(reading(99));
  const polled = later().perform({ call: "poll_oneoff", subscriptions });
  expect(polled.type === "process/polled" && polled.ready.length).toBe(4 * MAX_SUBSCRIPTIONS);
});
