/** The kernel objects of a machine that was booted, and what its processes were given of them, as a machine file writes them. */
import { resolve } from "node:path";
import { allRightsOf, namesOfRights, type ObjectKind } from "../core/object-rights.ts";
import { USUAL_PRIORITY } from "./machine-file/build-capabilities.ts";
import { durationText } from "./machine-file/quantities.ts";
import type { WrittenCapability, WrittenMachine, WrittenScheduling } from "./machine-file/written-machine.ts";
import type { CapabilitySpec, ObjectSpec, ProcessSpec } from "./machine-spec.ts";

/** Where a program lies, by its hash. */
type ProgramPath = (sha: string) => string;

export function writtenObjects(
  objects: readonly ObjectSpec[],
): Pick<WrittenMachine, "endpoints" | "notifications" | "interrupts" | "devices"> {
  const named = (kind: ObjectSpec["kind"]): Readonly<Record<string, object>> =>
    Object.fromEntries(objects.flatMap((each) => (each.kind === kind ? [[each.name, {}]] : [])));
  const interrupts = Object.fromEntries(
    objects.flatMap((each) =>
      each.kind === "interrupt" ? [[each.name, { period: durationText(each.periodMicros) }]] : [],
    ),
  );
  const devices = Object.fromEntries(
    objects.flatMap((each) => (each.kind === "device" ? [[each.name, { kind: each.device }]] : [])),
  );
  const has = (kind: ObjectSpec["kind"]): boolean => objects.some((each) => each.kind === kind);
  return {
    ...(has("endpoint") ? { endpoints: named("endpoint") } : {}),
    ...(has("notification") ? { notifications: named("notification") } : {}),
    ...(has("interrupt") ? { interrupts } : {}),
    ...(has("device") ? { devices } : {}),
  };
}

export function writtenCapabilities(
  { capabilities }: ProcessSpec,
  objects: readonly ObjectSpec[],
  programPath: ProgramPath,
): Readonly<Record<string, WrittenCapability>> {
  return Object.fromEntries(
    capabilities.map((each) => [each.name, writtenCapability(each, objects, programPath)]),
  );
}

function writtenCapability(
  { of, rights, badge }: CapabilitySpec,
  objects: readonly ObjectSpec[],
  programPath: ProgramPath,
): WrittenCapability {
  const object = of.kind === "machine" ? (objects[of.object] as ObjectSpec) : null;
  const kind = object?.kind ?? (of.kind === "budget" ? "budget" : "process");
  return {
    ...(of.kind === "budget" ? { budget: of.limitBytes } : {}),
    ...(of.kind === "self" ? { process: "self" as const } : {}),
    ...(object === null ? {} : writtenObject(object, programPath)),
    ...rightsOf(kind, rights),
    ...(badge === 0 ? {} : { badge }),
  };
}

const writtenObject = (object: ObjectSpec, programPath: ProgramPath): WrittenCapability =>
  object.kind === "program" ? { program: resolve(programPath(object.sha)) } : { [object.kind]: object.name };

const rightsOf = (kind: ObjectKind, rights: number): Pick<WrittenCapability, "rights"> =>
  rights === allRightsOf(kind) ? {} : { rights: namesOfRights(kind, rights) };

/** Null if it is as that of every process. */
export function writtenScheduling(
  { scheduling }: ProcessSpec,
  objects: readonly ObjectSpec[],
): WrittenScheduling | null {
  const { priority, context } = scheduling;
  if (priority === USUAL_PRIORITY && context === null) return null;
  return {
    priority,
    ...(context === null
      ? {}
      : {
          budget: durationText(context.budgetMicros),
          period: durationText(context.periodMicros),
          ...(context.timeout === undefined ? {} : { timeout: writtenTimeout(context.timeout, objects) }),
        }),
  };
}

const writtenTimeout = (
  { object, badge }: { readonly object: number; readonly badge: number },
  objects: readonly ObjectSpec[],
): { readonly notification: string; readonly badge?: number } => ({
  notification: (objects[object] as ObjectSpec).name,
  ...(badge === 0 ? {} : { badge }),
});
