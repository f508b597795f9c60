import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { isatty } from "node:tty";
import type { DirectorySpec, MachineSpec, ProcessSpec, StreamSpec } from "../machine/machine-spec.ts";
import type {
  MachineFile,
  MachineProcess,
  ProcessDirectory,
  Stream,
} from "../machine/machine-file/machine-file.ts";
import { inputFile } from "../machine/machine-host.ts";
import { nameSeed } from "../machine/name-seed.ts";
import { loadProgram, type Program } from "../machine/program.ts";
import { discardRecording, runMachine } from "../machine/run-machine.ts";
import type { NanBits } from "../replay/nan-bits.ts";
import { DEFAULT_KEYFRAME_EVENTS } from "../replay/recorder.ts";
import { prepareKernelThread } from "../machine/start-kernel-thread.ts";
import { parseWords } from "./look-at.ts";
import { tellStandstills } from "./tell-standstills.ts";
import { placeFor, report, sound, stopOnSignals } from "./run.ts";
import { imageMebibytes, keepOf, keyframeEventsOf, nanBits, oneOf } from "./run-flags.ts";
import { UsageError } from "./usage-error.ts";

/** Boots a machine of several programs and records it. */
export async function boot(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words, {
    command: "boot",
    options: {
      record: "string",
      "no-record": "boolean",
      keep: "string",
      durability: "string",
      "image-mib": "string",
      "keyframe-events": "string",
      "native-nans": "boolean",
    },
    most: 1,
  });
  const path = positionals[0];
  if (path === undefined) throw new UsageError("which machine? foldos boot [options] MACHINE.json");
  prepareKernelThread();
  const file = await readMachineFile(path);
  const nans = nanBits(values["native-nans"]);
  const programs = await loadPrograms(file, nans);
  const isRecorded = values["no-record"] !== true;
  const recording = placeFor({
    program: basename(path).replace(/\.json$/, ""),
    record: values.record ?? null,
    isRecorded,
    keep: keepOf(values.keep),
  });
  const durability = oneOf("--durability", values.durability ?? "group", ["group", "event", "none"]);
  try {
    const result = await runMachine({
      recording,
      programs: [...programs.values()],
      boot: { kind: "machine", machine: specOf(file, programs) },
      note: {
        devices: { clock: file.clock, seed: file.seed, nameSeed: nameSeed(file.seed) },
        durability: isRecorded ? durability : "none",
        keyframeEvents: keyframeEventsOf(values["keyframe-events"]) ?? DEFAULT_KEYFRAME_EVENTS,
        inputFile: inputFile(),
        imageMebibytes: isRecorded ? imageMebibytes(values["image-mib"]) : 0,
        nans,
      },
      isKept: isRecorded,
      onStarted: (host) => {
        stopOnSignals(host);
        tellStandstills(host, isRecorded ? recording : null);
      },
    });
    return report(recording, result, isRecorded);
  } finally {
    if (!isRecorded) discardRecording(recording);
  }
}

/** The file, judged; every fault of it is told at once. The judge is loaded for this command alone. */
export async function readMachineFile(path: string): Promise<MachineFile> {
  const { judgeMachineFile } = await import("../machine/machine-file/judge-machine-file.ts");
  const { hostView } = await import("../machine/machine-file/host-view.ts");
  const judged = judgeMachineFile(bytesOf(path), hostView(dirname(resolve(path))));
  if (judged.ok) return judged.value;
  const { refusalText } = await import("../machine/machine-file/machine-file-problem.ts");
  throw new UsageError(refusalText(path, judged.error));
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${path}: it cannot be read (${code ?? message}); give the path of a machine file`);
  }
}

const useOf = ({ program, limits }: MachineProcess): string => `${limits.memoryPages} ${program}`;

/** Each program with each bound on memory, once. */
export async function loadPrograms(
  { processes }: MachineFile,
  nans: NanBits,
): Promise<ReadonlyMap<string, Program>> {
  const programs = new Map<string, Program>();
  for (const process of processes) {
    if (programs.has(useOf(process))) continue;
    const { program, limits } = process;
    programs.set(
      useOf(process),
      sound(program, await loadProgram(program, limits.memoryPages, { kind: "turns", nans })),
    );
  }
  return programs;
}

export function specOf(file: MachineFile, programs: ReadonlyMap<string, Program>): MachineSpec {
  const pipes = new Map(file.pipes.map(({ name }, index) => [name, index + 1]));
  const places = new Map(file.processes.map(({ name }, index) => [name, index]));
  const directories = new Map(file.directories.map(({ name }, index) => [name, index]));
  const place = (names: ReadonlyMap<string, number>, name: string): number => names.get(name) as number;
  const streamOf = (stream: Stream): StreamSpec =>
    stream.kind === "pipe" ? { kind: "pipe", pipe: place(pipes, stream.pipe) } : stream;
  const directoryOf = (directory: ProcessDirectory): DirectorySpec =>
    directory.kind === "host"
      ? directory
      : {
          kind: "own",
          directory: place(directories, directory.shared),
          guest: directory.guest,
          isReadOnly: directory.mode === "read-only",
        };
  const processOf = (process: MachineProcess): ProcessSpec => ({
    name: process.name,
    sha: (programs.get(useOf(process)) as Program).sha,
    args: [basename(process.program), ...process.args],
    environment: process.environment,
    memoryPages: process.limits.memoryPages,
    maxTicks: process.limits.ticks ?? 0,
    directories: process.directories.map(directoryOf),
    streams: process.streams.map(streamOf),
    descriptors: process.descriptors.map(({ fd, pipe, end }) => ({
      slot: fd,
      pipe: place(pipes, pipe),
      end,
    })),
    services: process.grants,
    after: process.after.map((name) => place(places, name)),
    restart: process.restart,
  });
  return {
    processes: file.processes.map(processOf),
    pipes: file.pipes.map(({ capacityBytes }) => capacityBytes),
    directories: file.directories.map(({ from }) => from),
    quantum: file.scheduler.quantumTicks,
    seed: file.scheduler.seed,
    terminals: [isatty(0), isatty(1), isatty(2)],
  };
}
