import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { MachineFile } from "../machine/machine-file/machine-file.ts";
import { inputFile } from "../machine/machine-host.ts";
import { nameSeed } from "../machine/name-seed.ts";
import { discardRecording, runMachine } from "../machine/run-machine.ts";
import { DEFAULT_KEYFRAME_EVENTS } from "../replay/recorder.ts";
import { prepareKernelThread } from "../machine/start-kernel-thread.ts";
import { parseWords } from "./look-at.ts";
import { loadPrograms, specOf } from "./machine-of-file.ts";
import { tellStandstills } from "./tell-standstills.ts";
import { placeFor, report, stopOnSignals } from "./run.ts";
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
