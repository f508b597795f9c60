import { expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { ModelConsole } from "../../devices/console/model-console.ts";
import type { CallSpec, Step } from "./call-spec.ts";
import { modelDevices, runSteps } from "./model-machine.ts";

const call = (spec: CallSpec): Step => ({ do: "call", call: spec, spoilt: -1 });
const prints = (fill: number): Step =>
  call({ call: "fd_write", fd: ["number", 1], sizes: [3], fill, offset: 0 });
const reads = (size: number): Step =>
  call({ call: "fd_read", fd: ["number", 0], sizes: [size], fill: 0, offset: 0 });
const release: Step = { do: "release" };

test("a guest whose output nobody reads any more hears of it after it has printed, and nothing is shown", () => {
  const console = new ModelConsole();
  const steps = [prints(1), release, prints(2), release, prints(3), release];
  const closing = { beforeCall: (): void => (console.printed.length > 0 ? console.close(1) : undefined) };
  const { performed } = runSteps(steps, closing, { ...modelDevices(), console });
  expect(performed.map(({ given }) => given.errno)).toEqual([0, 0, errno.pipe]);
  expect(console.shown(1)).toHaveLength(3);
});

test("a guest that reads its console is given what the script types, and then the end", () => {
  const console = new ModelConsole({ script: [Uint8Array.of(7, 8, 9), Uint8Array.of(10)] });
  const { log } = runSteps([reads(2), reads(2), reads(2), reads(2)], {}, { ...modelDevices(), console });
  const lengths = log.decoded().flatMap((event) => (event.type === "console/read" ? [event.length] : []));
  expect(lengths).toEqual([2, 1, 1, 0]);
});

test("a guest sees which of its streams are terminals", () => {
  const console = new ModelConsole({ terminals: [true, false, true] });
  const { kernel } = runSteps([], {}, { ...modelDevices(), console });
  const { inputIsTerminal, outputIsTerminal, errorIsTerminal } = kernel.state.console;
  expect([inputIsTerminal, outputIsTerminal, errorIsTerminal]).toEqual([true, false, true]);
});
