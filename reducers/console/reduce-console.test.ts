import { expect, test } from "@jest/globals";
import { scriptedMachine, type ScriptedMachine } from "../scripted-machine.ts";

const arrive = (machine: ScriptedMachine, length: number) =>
  machine.happen(0, { type: "console/input-arrived", position: machine.state.head, length });

test("input that arrived is kept until it is read, in its order", () => {
  const machine = scriptedMachine();
  arrive(machine, 10);
  machine.perform({ call: "fd_write", fd: 1, size: 5 });
  arrive(machine, 4);
  expect(machine.state.console).toMatchObject({ input: [0, 10, 15, 4], inputBytes: 14, arrivedBytes: 14 });
  machine.perform({ call: "fd_read", fd: 0, size: 7 });
  expect(machine.state.console).toMatchObject({ input: [7, 3, 15, 4], inputBytes: 7, arrivedBytes: 14 });
});

test("input that goes on in the stream is one piece", () => {
  const machine = scriptedMachine();
  arrive(machine, 10);
  arrive(machine, 10);
  expect(machine.state.console.input).toEqual([0, 20]);
});

test("the end of input stays its end", () => {
  const machine = scriptedMachine();
  machine.happen(0, { type: "console/input-ended" });
  expect(machine.state.console.inputEnded).toBe(true);
});

test("output is counted by stream, and none of it is kept", () => {
  const machine = scriptedMachine();
  machine.perform({ call: "fd_write", fd: 1, size: 5 });
  machine.perform({ call: "fd_write", fd: 2, size: 3 });
  machine.perform({ call: "fd_write", fd: 1, size: 1 });
  expect(machine.state.console).toMatchObject({ outputBytes: 6, errorBytes: 3 });
});

test.each([
  [1, { outputClosed: true, errorClosed: false }],
  [2, { outputClosed: false, errorClosed: true }],
])("stream %d that nobody reads any more is closed alone", (stream, expected) => {
  const machine = scriptedMachine();
  machine.happen(0, { type: "console/output-closed", stream });
  expect(machine.state.console).toMatchObject(expected);
});

test("which streams are terminals is told for each", () => {
  const machine = scriptedMachine();
  machine.happen(0, { type: "console/attached", input: true, output: false, error: true });
  expect(machine.state.console).toMatchObject({
    inputIsTerminal: true,
    outputIsTerminal: false,
    errorIsTerminal: true,
  });
});
