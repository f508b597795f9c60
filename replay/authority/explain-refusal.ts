/**
 * Why a call was refused, in the terms of who wrote the program: the log says by which cause; what was missing, on what, and which
 * capability that the process holds came nearest follows from the refusal and the state before it, so it is never in the log.
 */
import { errnoName } from "../../core/errno.ts";
import type { RefusalReason } from "../../core/refusal-reason.ts";
import { right } from "../../core/rights.ts";
import { callName } from "../../guests/call-table.ts";
import { capabilityIn } from "../../reducers/capabilities/capability-selectors.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { GuestPaths } from "../guest-paths.ts";
import { aboveWhatIsOutside } from "./above-what-is-outside.ts";
import { type NamedObject, nameObject } from "./name-object.ts";
import { type Near, nearestCapability, type Nearness } from "./nearest-capability.ts";
import { specNames } from "./spec-names.ts";

type RefusedEvent = Extract<KernelEvent, { readonly type: "process/refused" }>;

/** Another capability of the process that would have helped, or nearly. */
export interface NearestHeld {
  readonly slot: number;
  readonly object: NamedObject;
  readonly why: Nearness | "is above what the path leads to";
  /** Those of the missing rights that it has. */
  readonly has: readonly string[];
}

export interface Refusal {
  /** As `ENOTCAPABLE`. */
  readonly errno: string;
  readonly reason: RefusalReason;
  readonly call: string;
  /** Null if there is no such descriptor, or the call names none. */
  readonly object: NamedObject | null;
  /** Rights that the capability lacks, by their names in the specification. */
  readonly missing: readonly string[];
  /** Those among them that are for what is opened through it: it would have to hand them on. */
  readonly notHandedOn: readonly string[];
  /** The descriptor that the call was made through, with what it may do; null rights if there is no such one. */
  readonly heldThrough: { readonly slot: number; readonly rights: readonly string[] | null } | null;
  /** What the process was not granted that no descriptor is of; null if it is not about that. */
  readonly service: string | null;
  readonly nearest: NearestHeld | null;
}

/** What path_open needs to be handed on: no directory is held with these for itself. */
const forOpened = right.fdRead | right.fdWrite | right.fdSync | right.fdDatasync;

/** Null for a refusal that its errno explains: what is named is not there, is no directory, and so on. */
export function explainRefusal(state: KernelState, event: RefusedEvent, paths: GuestPaths): Refusal | null {
  if (event.reason === "none") return null;
  const call = callName(event.function);
  const held = event.slot < 0 ? null : capabilityIn(state.capabilities, event.pid, event.slot);
  const common = { errno: errnoName(event.errno), reason: event.reason, call };
  if (held === null) return { ...common, ...throughNothing(event, call) };
  const notHandedOn = event.missing & (held.rights | (call === "path_open" ? forOpened : 0));
  const missing = event.missing & ~notHandedOn;
  const { pid, slot, path } = event;
  const near =
    event.missing === 0
      ? null
      : nearestCapability(state, { pid, call, slot, held, path, missing, notHandedOn });
  return {
    ...common,
    object: nameObject(state, held, paths),
    missing: specNames(held.object, event.missing),
    notHandedOn: specNames(held.object, notHandedOn),
    heldThrough: { slot, rights: specNames(held.object, held.rights) },
    service: null,
    nearest: near === null ? outsideOf(state, event, held, paths) : nearestHeld(state, near, paths),
  };
}

/** A call without a descriptor that is refused for want of authority asks for a clock or for chance. */
function throughNothing(
  { slot, reason }: RefusedEvent,
  call: string,
): Omit<Refusal, "errno" | "reason" | "call"> {
  const isService = slot < 0 && reason === "no-service";
  const service = call === "random_get" ? "random numbers" : "that clock";
  return {
    object: null,
    missing: [],
    notHandedOn: [],
    heldThrough: slot < 0 ? null : { slot, rights: null },
    service: isService ? service : null,
    nearest: null,
  };
}

const nearestHeld = (
  state: KernelState,
  { slot, capability, why, has }: Near,
  paths: GuestPaths,
): NearestHeld => ({
  slot,
  object: nameObject(state, capability, paths),
  why,
  has: specNames(capability.object, has),
});

function outsideOf(
  state: KernelState,
  { pid, slot, path, reason }: RefusedEvent,
  held: Capability,
  paths: GuestPaths,
): NearestHeld | null {
  if (reason !== "leads-out" || path === "") return null;
  const above = aboveWhatIsOutside(state, { pid, slot, held, path }, paths);
  if (above === null) return null;
  const object = nameObject(state, above.capability, paths);
  return { slot: above.slot, object, why: "is above what the path leads to", has: [] };
}
