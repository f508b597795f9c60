import { expect, test } from "@jest/globals";
import { isMachine, programsOfNote } from "./portable-machine.ts";

const SHA = "ab".repeat(32);

const process = {
  name: "a",
  sha: SHA,
  args: ["a.wasm", "x"],
  environment: ["K=V"],
  memoryPages: 100,
  maxTicks: 0,
  directories: [
    { kind: "host", host: "/tmp", guest: "/", mode: "copy" },
    { kind: "own", directory: 0, guest: "/own", isReadOnly: false },
  ],
  streams: [{ kind: "pipe", pipe: 1 }, { kind: "console" }, { kind: "null" }],
  descriptors: [{ slot: 9, pipe: 2, end: "write" }],
  services: { realtimeClock: true, monotonicClock: false, timers: true, entropy: false },
  capabilities: [
    { name: "e", of: { kind: "machine", object: 0 }, rights: 15, badge: 7 },
    { name: "p", of: { kind: "machine", object: 3 }, rights: 1, badge: 0 },
    { name: "b", of: { kind: "budget", limitBytes: 4096 }, rights: 7, badge: 0 },
    { name: "me", of: { kind: "self" }, rights: 4, badge: 0 },
  ],
  domain: 1,
  scheduling: {
    priority: 100,
    context: { budgetMicros: 1000, periodMicros: 1000, timeout: { object: 1, badge: 4 } },
  },
  after: [1],
  restart: { condition: "always", maxRestarts: 3, delayMicros: 5 },
};

const OTHER = "cd".repeat(32);

const machine = {
  processes: [process, { ...process, name: "b", after: [] }],
  objects: [
    { kind: "endpoint", name: "e" },
    { kind: "notification", name: "n" },
    { kind: "interrupt", name: "i", periodMicros: 10_000 },
    { kind: "program", name: "p.wasm", sha: OTHER, memoryPages: 100 },
    { kind: "device", name: "d", device: "block" },
  ],
  pipes: [1, 65_536],
  directories: [null],
  quantum: 1000,
  seed: 1,
  domains: [
    { name: "d", ticks: 5 },
    { name: "e", ticks: 1 },
  ],
  terminals: [false, true, false],
};

const withProcess = (change: object) => ({ ...machine, processes: [{ ...process, ...change }] });

const withCapability = (change: object) =>
  withProcess({ after: [], capabilities: [{ ...process.capabilities[0], ...change }] });

test("a machine as it was written is one, and its programs are known", () => {
  expect(isMachine(JSON.parse(JSON.stringify(machine)))).toBe(true);
  expect([programsOfNote({ machine }), programsOfNote({}), programsOfNote(null)]).toEqual([
    [SHA, SHA, OTHER],
    [],
    [],
  ]);
});

test.each<[string, unknown]>([
  ["nothing", null],
  ["a list", [machine]],
  ["another field", { ...machine, more: 1 }],
  ["no processes", { ...machine, processes: undefined }],
  ["a pipe that holds nothing", { ...machine, pipes: [0, 1] }],
  ["a pipe that holds too much", { ...machine, pipes: [1, 65_537] }],
  ["a directory without a place", { ...machine, directories: ["relative"] }],
  ["no domains", { ...machine, domains: undefined }],
  ["a domain without slots", { ...machine, domains: [{ name: "d", ticks: 0 }] }],
  ["a process of a domain that is not there", withProcess({ domain: 2 })],
  ["two terminals", { ...machine, terminals: [false, false] }],
  ["a quantum below 0", { ...machine, quantum: -1 }],
  ["no objects", { ...machine, objects: undefined }],
  ["an object of another kind", { ...machine, objects: [{ kind: "budget", name: "x" }] }],
  [
    "a program without a hash",
    { ...machine, objects: [{ kind: "program", name: "x", sha: "../x", memoryPages: 1 }] },
  ],
  ["a device of no kind", { ...machine, objects: [{ kind: "device", name: "x", device: "disk" }] }],
  ["a line that never rests", { ...machine, objects: [{ kind: "interrupt", name: "x", periodMicros: 0 }] }],
  ["a capability to what is not there", withCapability({ of: { kind: "machine", object: 4 } })],
  ["a capability to another process", withCapability({ of: { kind: "process" } })],
  ["a right of another kind", withCapability({ of: { kind: "machine", object: 1 }, rights: 4 })],
  ["rights beyond all", withCapability({ rights: 2 ** 31 })],
  ["a badge on a program", withCapability({ of: { kind: "machine", object: 3 }, rights: 1 })],
  ["a badge beyond 32 bits", withCapability({ badge: 2 ** 32 })],
  [
    "a timeout that signals no notification",
    withProcess({
      scheduling: {
        priority: 1,
        context: { budgetMicros: 1, periodMicros: 1, timeout: { object: 0, badge: 0 } },
      },
    }),
  ],
  ["a priority above all", withProcess({ scheduling: { priority: 256, context: null } })],
  [
    "more time than the period has",
    withProcess({ scheduling: { priority: 1, context: { budgetMicros: 2, periodMicros: 1 } } }),
  ],
  ["a process without a hash", withProcess({ sha: "../../x" })],
  ["a process with too much memory", withProcess({ memoryPages: 65_537 })],
  ["arguments that are none", withProcess({ args: [1] })],
  ["a stream too few", withProcess({ streams: process.streams.slice(1) })],
  [
    "a pipe that is not there",
    withProcess({ streams: [{ kind: "pipe", pipe: 3 }, ...process.streams.slice(1)] }),
  ],
  ["the pipe before the first", withProcess({ descriptors: [{ slot: 9, pipe: 0, end: "read" }] })],
  ["an end that a pipe has not", withProcess({ descriptors: [{ slot: 9, pipe: 1, end: "middle" }] })],
  ["a slot beyond all", withProcess({ descriptors: [{ slot: 2 ** 20, pipe: 1, end: "read" }] })],
  [
    "an own directory that is not there",
    withProcess({ directories: [{ ...process.directories[1], directory: 1 }] }),
  ],
  [
    "a host's directory without a place",
    withProcess({ directories: [{ ...process.directories[0], host: "x" }] }),
  ],
  ["one after another that is not there", withProcess({ after: [1] })],
  ["a service that there is not", withProcess({ services: { ...process.services, gps: true } })],
  [
    "a way to start again that there is not",
    withProcess({ restart: { ...process.restart, condition: "maybe" } }),
  ],
])("%s is none", (_, value) => {
  expect(isMachine(JSON.parse(JSON.stringify(value)))).toBe(false);
});
