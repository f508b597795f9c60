import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { ModelDirectory } from "../../devices/host-directory/model-directory.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { Step } from "../model/call-spec.ts";
import { type Devices, hostTree, modelDevices, runSteps } from "../model/model-machine.ts";
import { describeDisk, describeModel, RealHost } from "../model/real-host.ts";
import { stepsOf } from "../model/step-arbitraries.ts";
import { demandEqual, law, type Law } from "./law.ts";

/** An event without what no two hosts agree on: where a directory lies, when its files were made, how large a directory is. */
function comparable(event: KernelEvent): unknown {
  if (event.type === "host/mounted") return { ...event, path: "" };
  if (event.type !== "host/node-examined") return event;
  const { inode, directory, name, kind, target } = event;
  const size = kind === fileType.directory ? 0 : event.size;
  return { seq: event.seq, at: event.at, type: event.type, inode, directory, name, kind, target, size };
}

/** All steps, with the host's directory chosen in the place of the machine's own. */
const onHost = (steps: readonly Step[]): Step[] =>
  steps.map((step) => {
    if (step.do !== "call" || !("fd" in step.call) || step.call.fd[0] !== "directory") return step;
    const fd = ["directory", Math.max(1, step.call.fd[1])] as const;
    const call = { ...step.call, fd, ...("toFd" in step.call ? { toFd: fd } : {}) };
    return { ...step, call } as Step;
  });

function modelIsHost(drawn: readonly Step[]): void {
  const scratch = mkdtempSync(join(tmpdir(), "foldos-law-"));
  const real = new RealHost(join(scratch, "host"), hostTree, scratch);
  try {
    const steps = onHost(drawn);
    const model = runSteps(steps);
    const devices: Devices = { ...modelDevices(), host: real };
    const run = runSteps(steps, {}, devices);
    demandEqual(
      run.log.decoded().map(comparable),
      model.log.decoded().map(comparable),
      "what the two machines logged",
    );
    const planted = describeModel((model.devices.host as ModelDirectory).root);
    demandEqual(describeDisk(real.path), planted, "what the two hosts have in the end");
  } finally {
    real.close();
    rmSync(scratch, { recursive: true });
  }
}

export const hostLaws: readonly Law[] = [
  law({
    id: "H1",
    statement:
      "a machine cannot tell the model of a host's directory from the host's own, and both end with the same files",
    runs: 30,
    cases: fc.oneof(stepsOf("files", 30), stepsOf("names", 30), stepsOf("contents", 30)),
    holds: modelIsHost,
  }),
];
