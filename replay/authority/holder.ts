/** Where a capability lies, in the words of whoever asks. */
import { get, peek } from "../../core/table.ts";
import {
  MACHINE,
  ownerOfTable,
  SENT_THROUGH,
  serviceSlot,
  slotOf,
  space,
  spaceOf,
} from "../../reducers/capabilities/address.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { ObjectRef } from "./object-ref.ts";

export type ServiceName = keyof typeof serviceSlot;

export type Holder =
  /** A slot that a process knows as its descriptor. */
  | { readonly kind: "slot"; readonly pid: number; readonly slot: number }
  | { readonly kind: "service"; readonly pid: number; readonly service: ServiceName }
  /** On its way with a message, or what that message was sent through. */
  | { readonly kind: "message"; readonly pid: number; readonly place: number; readonly isWay: boolean }
  /** Kept by an object: in a table or a box, or bound to it. */
  | { readonly kind: "kept"; readonly by: ObjectRef; readonly index: number }
  /** Kept by the machine itself. */
  | { readonly kind: "machine"; readonly index: number };

const serviceNames = Object.keys(serviceSlot) as readonly ServiceName[];

export const serviceAt = (slot: number): ServiceName =>
  serviceNames.find((name) => serviceSlot[name] === slot) ?? "realtimeClock";

export function holderAt({ capabilities }: KernelState, address: number): Holder {
  const owner = ownerOfTable(address);
  const slot = slotOf(address);
  switch (spaceOf(address)) {
    case space.process:
      return { kind: "slot", pid: owner, slot };
    case space.services:
      return { kind: "service", pid: owner, service: serviceAt(slot) };
    case space.messages:
      return { kind: "message", pid: owner, place: slot, isWay: slot === SENT_THROUGH };
    default: {
      const kind = peek(capabilities.objects, owner)?.kind;
      if (owner === MACHINE || kind === undefined) return { kind: "machine", index: slot };
      return { kind: "kept", by: { kind: kind as ObjectRef["kind"], id: owner }, index: slot };
    }
  }
}

/** The process whose slot, service or message it is; null where it is nobody's. */
export const pidOf = (holder: Holder): number | null => ("pid" in holder ? holder.pid : null);

const serviceWords: Readonly<Record<ServiceName, string>> = {
  realtimeClock: "realtime clock",
  monotonicClock: "monotonic clock",
  timers: "timers",
  entropy: "random numbers",
};

export const serviceText = (service: ServiceName): string => serviceWords[service];

/** `process:1 slot 4`, `table:5[3]`, `in box:6`, `bound to notification:7`, `message of process:2`. */
export function holderText(holder: Holder): string {
  switch (holder.kind) {
    case "slot":
      return `process:${holder.pid} slot ${holder.slot}`;
    case "service":
      return `process:${holder.pid} service`;
    case "message":
      return `${holder.isWay ? "way of the message" : "message"} of process:${holder.pid}`;
    case "machine":
      return `the machine[${holder.index}]`;
    case "kept":
      return keptText(holder.by, holder.index);
  }
}

function keptText({ kind, id }: ObjectRef, index: number): string {
  if (kind === "table") return `table:${id}[${index}]`;
  return kind === "box" ? `in box:${id}` : `bound to ${kind}:${id}`;
}

/** The name of a process's program at a moment; empty if there is no such process. */
export const programName = ({ processes }: KernelState, pid: number): string =>
  peek(processes.rows, pid) === null ? "" : get(processes.rows, pid).name;

/** `process:1`, `table:3`, `message of process:2`. */
export function holderName(holder: Holder): string {
  switch (holder.kind) {
    case "slot":
    case "service":
      return `process:${holder.pid}`;
    case "message":
      return `message of process:${holder.pid}`;
    case "kept":
      return `${holder.by.kind}:${holder.by.id}`;
    case "machine":
      return "the machine";
  }
}
