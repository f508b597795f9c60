/**
 * Runs a machine to see what it needs: with all services, and with copies of directories, in which it may do anything, so that next to
 * nothing is refused and nothing leaves. What it prints is thrown away, and so is its recording, once it was looked through.
 */
import { closeSync, mkdtempSync, openSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_KEYFRAME_EVENTS } from "../../replay/recorder.ts";
import { endOf, eventsBetween } from "../../replay/log-reader.ts";
import { RecordingRefused } from "../../replay/recording-refused.ts";
import { RecordingStore } from "../../replay/recording-store.ts";
import type { Standing } from "../../reducers/decide/standstill.ts";
import { type NeededByProcess, neededAuthority } from "../../replay/authority/needed-authority.ts";
import { inputFile } from "../machine-host.ts";
import type { BootSpec, DeviceOptions } from "../messages.ts";
import type { Program } from "../program.ts";
import { discardRecording, runMachine } from "../run-machine.ts";

export interface DryRun {
  readonly programs: readonly Program[];
  /** What is booted, with all that may be needed already in it. */
  readonly boot: BootSpec;
  readonly devices: DeviceOptions;
  /** After so many seconds the machine is stopped. */
  readonly seconds: number;
}

export interface DryRunResult {
  readonly needs: readonly NeededByProcess[];
  readonly events: number;
  /** Whether it was stopped because its time was up: it may need more than was seen. */
  readonly isCut: boolean;
  /** Who waited for what when nothing could happen any more, and it was stopped for that; null if it did not come to that. */
  readonly standing: readonly Standing[] | null;
}

const STOPPED = { name: "SIGTERM", code: 143 } as const;

export async function dryRun({ programs, boot, devices, seconds }: DryRun): Promise<DryRunResult> {
  const folder = mkdtempSync(join(tmpdir(), "foldos-audit-"));
  const recording = join(folder, "recording");
  const nowhere = openSync(devNull, "w");
  let timer: NodeJS.Timeout | undefined;
  let isCut = false;
  let standing: readonly Standing[] | null = null;
  try {
    const { outcome } = await runMachine({
      recording,
      programs,
      boot,
      note: {
        devices,
        durability: "none",
        keyframeEvents: DEFAULT_KEYFRAME_EVENTS,
        inputFile: inputFile(),
        imageMebibytes: 0,
      },
      isKept: false,
      outputs: () => nowhere,
      onStarted: (host) => {
        host.standstills.subscribe((all) => {
          standing = all;
          host.stop(STOPPED.name, STOPPED.code);
        });
        timer = setTimeout(() => {
          isCut = true;
          host.stop(STOPPED.name, STOPPED.code);
        }, seconds * 1000);
      },
    });
    if (outcome.kind === "refused") throw new RecordingRefused(outcome.path, outcome.what, outcome.advice);
    return { ...needsIn(recording), isCut: isCut && standing === null, standing };
  } finally {
    clearTimeout(timer);
    closeSync(nowhere);
    discardRecording(folder);
  }
}

function needsIn(recording: string): Pick<DryRunResult, "needs" | "events"> {
  const store = RecordingStore.open(recording, { write: false });
  try {
    const events = endOf(store).seq;
    return { needs: neededAuthority(eventsBetween(store, 0, events)), events };
  } finally {
    store.close();
  }
}
