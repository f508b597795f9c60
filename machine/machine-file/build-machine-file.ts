import { MAX_PAGES } from "../../guests/module/read-limits.ts";
import { PIPE_CAPACITY_BYTES } from "../../reducers/pipes/pipe-state.ts";
import { capabilityOf, schedulingOf } from "./build-capabilities.ts";
import type * as machine from "./machine-file.ts";
import { durationMicros, sizeBytes } from "./quantities.ts";
import type * as written from "./written-machine.ts";

const PAGE_BYTES = 65_536;
const DEFAULT_QUANTUM_TICKS = 1_000_000;
/** A machine whose program fails at once comes to an end, and says so. */
const DEFAULT_RESTARTS = 5;
const DEFAULT_DELAY = "100ms";

/** The machine that a file of the right shape describes, defaults filled in. Paths of the host are still as they are written. */
export function buildMachineFile(file: written.WrittenMachine): machine.MachineFile {
  const { pipes = {}, directories = {}, scheduler = {} } = file;
  return {
    processes: Object.entries(file.processes).map(([name, process]) => processOf(name, process)),
    pipes: Object.entries(pipes).map(([name, { capacity, mayCycle = false }]) => ({
      name,
      capacityBytes: capacity === undefined ? PIPE_CAPACITY_BYTES : sizeBytes(capacity),
      mayCycle,
    })),
    directories: Object.entries(directories).map(([name, { from = null }]) => ({ name, from })),
    endpoints: Object.keys(file.endpoints ?? {}),
    notifications: Object.keys(file.notifications ?? {}),
    interrupts: Object.entries(file.interrupts ?? {}).map(([name, { period }]) => ({
      name,
      periodMicros: durationMicros(period),
    })),
    devices: Object.entries(file.devices ?? {}).map(([name, { kind }]) => ({ name, device: kind })),
    scheduler: {
      quantumTicks: scheduler.quantum ?? DEFAULT_QUANTUM_TICKS,
      seed: withoutSign(scheduler.seed ?? 0),
    },
    domains: file.scheduling?.domains ?? [],
    clock: file.clock ?? "host",
    seed: file.seed === undefined ? null : withoutSign(file.seed),
  };
}

/** JSON has a -0, and state has none. */
const withoutSign = (value: number): number => value + 0;

function processOf(name: string, process: written.WrittenProcess): machine.MachineProcess {
  const { stdin = "null", stdout = "console", stderr = "console", grants = [], limits = {} } = process;
  return {
    name,
    program: process.program,
    args: process.args ?? [],
    environment: Object.entries(process.env ?? {}).map(([key, value]) => `${key}=${value}`),
    directories: (process.directories ?? []).map(directoryOf),
    streams: [streamOf(stdin), streamOf(stdout), streamOf(stderr)],
    descriptors: Object.entries(process.descriptors ?? {}).map(([fd, { pipe, end }]) => ({
      fd: Number(fd),
      pipe,
      end,
    })),
    grants: {
      realtimeClock: grants.includes("realtime-clock"),
      monotonicClock: grants.includes("monotonic-clock"),
      timers: grants.includes("timers"),
      entropy: grants.includes("entropy"),
    },
    capabilities: Object.entries(process.capabilities ?? {}).map(([as, written]) =>
      capabilityOf(as, written),
    ),
    domain: process.domain ?? null,
    scheduling: schedulingOf(process.scheduling ?? {}),
    restart: restartOf(process.restart),
    limits: {
      ticks: limits.ticks ?? null,
      memoryPages: limits.memory === undefined ? MAX_PAGES : Math.ceil(sizeBytes(limits.memory) / PAGE_BYTES),
    },
    after: process.after ?? [],
  };
}

function directoryOf({ guest, host, shared, mode }: written.WrittenDirectory): machine.ProcessDirectory {
  const granted = { guest, mode: mode ?? "write-through" } as const;
  return host === undefined
    ? { kind: "shared", shared: shared as string, ...granted }
    : { kind: "host", host, ...granted };
}

const streamOf = (stream: written.WrittenStream): machine.Stream =>
  typeof stream === "string" ? { kind: stream } : { kind: "pipe", pipe: stream.pipe };

const restartOf = (rule: written.WrittenProcess["restart"]): machine.RestartRule => ({
  condition: rule?.condition ?? "never",
  maxRestarts: withoutSign(rule?.maxRestarts ?? DEFAULT_RESTARTS),
  delayMicros: durationMicros(rule?.delay ?? DEFAULT_DELAY),
});
