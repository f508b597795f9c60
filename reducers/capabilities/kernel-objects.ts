/** Kernel objects: how many capabilities there are to each, and what they cost. */
import type { ObjectKind } from "../../core/object-rights.ts";
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit, editIf, remove, set } from "../../core/table.ts";
import { NOWHERE } from "./address.ts";
import type { CapabilityEvent } from "./capability-event.ts";
import type { CapabilitiesState } from "./capability-state.ts";

const objectsIn = ownerOf<CapabilitiesState>()("objects");
const budgetsIn = ownerOf<CapabilitiesState>()("budgets");
const membranesIn = ownerOf<CapabilitiesState>()("membranes");

/** Kinds whose objects are rows of other subsystems, which count for themselves, or no objects at all. */
const otherKinds: ReadonlySet<ObjectKind> = new Set([
  "file",
  "console",
  "pipe-reader",
  "pipe-writer",
  "null",
  "void",
  "clock",
  "entropy",
  "timers",
  "reply",
  "process",
]);

/** Whether objects of a kind have a row among the kernel objects. */
export const isKernelObject = (kind: ObjectKind): boolean => !otherKinds.has(kind);

/** There is one capability more, or fewer, to an object. */
export function countHolder(
  capabilities: Own<CapabilitiesState>,
  kind: ObjectKind,
  target: number,
  change: 1 | -1,
): void {
  if (isKernelObject(kind)) edit(objectsIn(capabilities), target).holders += change;
}

/** An object that nobody holds yet was made, and paid for. */
export function createObject(
  capabilities: Own<CapabilitiesState>,
  event: Extract<CapabilityEvent, { type: "object/created" }>,
): void {
  const { object: kind, target, budget, bytes, detail, seq } = event;
  set(objectsIn(capabilities), target, {
    epoch: FRESH,
    kind,
    holders: 0,
    bornAt: seq,
    budget,
    bytes,
    detail: kind === "budget" ? 0 : detail,
  });
  capabilities.nextObject = Math.max(capabilities.nextObject, target + 1);
  if (kind === "budget") set(budgetsIn(capabilities), target, { epoch: FRESH, limit: detail, used: 0 });
  if (kind === "membrane") set(membranesIn(capabilities), target, { epoch: FRESH, firstMember: NOWHERE });
  if (budget !== 0) edit(budgetsIn(capabilities), budget).used += bytes;
}

/** An object is no more. What it cost goes back to the budget that paid, if there still is one. */
export function destroyObject(
  capabilities: Own<CapabilitiesState>,
  event: Extract<CapabilityEvent, { type: "object/destroyed" }>,
): void {
  const { object: kind, target, budget, bytes } = event;
  remove(objectsIn(capabilities), target);
  if (kind === "budget") remove(budgetsIn(capabilities), target);
  if (kind === "membrane") remove(membranesIn(capabilities), target);
  const payer = budget === 0 ? null : editIf(budgetsIn(capabilities), budget);
  if (payer !== null) payer.used -= bytes;
}
