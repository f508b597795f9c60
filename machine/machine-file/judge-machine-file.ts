import { fail, ok, type Result } from "../../core/result.ts";
import { buildMachineFile } from "./build-machine-file.ts";
import { decodeText, type TextFault } from "./decode-text.ts";
import type { HostView } from "./host-view.ts";
import { judgeCapabilities } from "./judge-capabilities.ts";
import { judgeDirectories } from "./judge-directories.ts";
import { judgeDomains } from "./judge-domains.ts";
import { judgeHost } from "./judge-host.ts";
import { judgePipes } from "./judge-pipes.ts";
import { judgeProcesses } from "./judge-processes.ts";
import { judgeShape } from "./judge-shape.ts";
import { judgeTexts } from "./judge-texts.ts";
import { judgeWaiting } from "./judge-waiting.ts";
import { Locator } from "./locate.ts";
import type { MachineFile } from "./machine-file.ts";
import type { MachineFileRefusal } from "./machine-file-problem.ts";
import { type Json, readJson } from "./read-json.ts";
import { placed, report } from "./report.ts";
import type { WrittenMachine } from "./written-machine.ts";

/**
 * Judges the bytes of a machine file: bytes to text, text to JSON, JSON to the shape that the schema has, the shape to a machine in
 * which every name leads somewhere and nobody must wait for ever. Each step needs the one before to have found nothing, and tells
 * all that it finds itself. The host is asked about paths, and nothing is changed.
 */
export function judgeMachineFile(bytes: Uint8Array, host: HostView): Result<MachineFile, MachineFileRefusal> {
  const text = decodeText(bytes);
  if (!text.ok) return refuseText(text.error);
  const json = readJson(text.value);
  if (!json.ok) return refuseText(json.error);
  return judgeJson(json.value, host);
}

const refuseText = ({ text, ...fault }: TextFault): Result<never, MachineFileRefusal> =>
  fail(report(text, [{ path: [], ...fault }]));

function judgeJson({ text, value, root }: Json, host: HostView): Result<MachineFile, MachineFileRefusal> {
  const locator = new Locator(root);
  const malformed = [...judgeTexts(root), ...placed(locator, judgeShape(value))];
  if (malformed.length > 0) return fail(report(text, malformed));
  const written = buildMachineFile(value as WrittenMachine);
  const { machine, findings } = judgeHost(written, host);
  const judges = [
    judgeProcesses,
    judgeDomains,
    judgeCapabilities,
    judgeDirectories,
    judgePipes,
    judgeWaiting,
  ];
  const wrong = judges.flatMap((judge) => judge(written));
  if (wrong.length + findings.length > 0) return fail(report(text, placed(locator, [...wrong, ...findings])));
  return ok(frozen(machine));
}

/** All of it: who boots a machine keeps the file beside its log. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  for (const child of Object.values(value)) frozen(child);
  return Object.freeze(value);
}
