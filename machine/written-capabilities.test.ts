import { expect, test } from "@jest/globals";
import type { ObjectSpec, ProcessSpec } from "./machine-spec.ts";
import { writtenCapabilities, writtenObjects, writtenScheduling } from "./written-capabilities.ts";

const objects: readonly ObjectSpec[] = [
  { kind: "endpoint", name: "e" },
  { kind: "notification", name: "n" },
  { kind: "interrupt", name: "i", periodMicros: 10_000 },
  { kind: "program", name: "p.wasm", sha: "ab", memoryPages: 1 },
  { kind: "device", name: "d", device: "network" },
];

const process = {
  capabilities: [
    { name: "service", of: { kind: "machine", object: 0 }, rights: 9, badge: 7 },
    { name: "bell", of: { kind: "machine", object: 1 }, rights: 3, badge: 0 },
    { name: "line", of: { kind: "machine", object: 2 }, rights: 1, badge: 0 },
    { name: "disk", of: { kind: "machine", object: 4 }, rights: 1, badge: 0 },
    { name: "tool", of: { kind: "machine", object: 3 }, rights: 0, badge: 0 },
    { name: "memory", of: { kind: "budget", limitBytes: 4096 }, rights: 1, badge: 0 },
    { name: "me", of: { kind: "self" }, rights: 4, badge: 0 },
  ],
  scheduling: {
    priority: 200,
    context: { budgetMicros: 1000, periodMicros: 10_000, timeout: { object: 1, badge: 2 } },
  },
} as unknown as ProcessSpec;

test("what a process was given is written as a machine file has it", () => {
  expect(writtenObjects(objects)).toEqual({
    endpoints: { e: {} },
    notifications: { n: {} },
    interrupts: { i: { period: "10ms" } },
    devices: { d: { kind: "network" } },
  });
  expect(writtenCapabilities(process, objects, (sha) => `/rec/${sha}.wasm`)).toEqual({
    service: { endpoint: "e", rights: ["send", "grant_reply"], badge: 7 },
    bell: { notification: "n" },
    line: { interrupt: "i" },
    disk: { device: "d" },
    tool: { program: "/rec/ab.wasm", rights: [] },
    memory: { budget: 4096, rights: ["spend"] },
    me: { process: "self", rights: ["schedule"] },
  });
  expect(writtenScheduling(process, objects)).toEqual({
    priority: 200,
    budget: "1ms",
    period: "10ms",
    timeout: { notification: "n", badge: 2 },
  });
});

test("what every process has is not written", () => {
  const scheduling = { priority: 100, context: null };
  expect([writtenObjects([]), writtenScheduling({ ...process, scheduling }, [])]).toEqual([{}, null]);
});
