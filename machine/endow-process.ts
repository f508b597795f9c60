/** The kernel objects that a machine is booted with, and what its processes are given of them. */
import { allRightsOf, deviceKinds, notificationRight } from "../core/object-rights.ts";
import { addressOf, KEPT_SLOT, MACHINE, space } from "../reducers/capabilities/address.ts";
import { freeSlot } from "../reducers/capabilities/capability-selectors.ts";
import { rowAt } from "../reducers/capabilities/slots.ts";
import { OBJECT_BYTES } from "../reducers/decide/create-object.ts";
import { derivedFact } from "../reducers/decide/derive-capability.ts";
import type { LiveKernel } from "./live-kernel.ts";
import type { CapabilitySpec, ContextSpec, ObjectSpec, ProcessSpec } from "./machine-spec.ts";

/** Where the machine keeps its capability to an object of its own: as long as it does, the object is there. */
export const keptAt = (object: number): number => addressOf(space.kept, MACHINE, object);

/** An object that nobody pays for. */
const UNPAID = { by: 0, budget: 0, bytes: OBJECT_BYTES } as const;

/** Makes what the machine is booted with. */
export function makeObjects(live: LiveKernel, objects: readonly ObjectSpec[]): void {
  objects.forEach((object, index) => {
    const { kind, name } = object;
    const target = live.state.capabilities.nextObject;
    const made = {
      object: kind,
      target,
      rights: allRightsOf(kind),
      to: keptAt(index),
      label: name,
      detail: object.kind === "device" ? deviceKinds.indexOf(object.device) : 0,
    };
    live.record(0, { type: "object/created", ...UNPAID, ...made });
    if (object.kind !== "program") return;
    const { sha: program, memoryPages } = object;
    live.record(0, { type: "program/admitted", object: target, program, name, memoryPages });
  });
}

/** Gives a process, which has just been started, what it is to have beside directories and streams. */
export function endow(live: LiveKernel, pid: number, { capabilities, scheduling }: ProcessSpec): void {
  for (const capability of capabilities) endowWith(live, pid, capability);
  if (scheduling.context !== null) giveContext(live, pid, { ...scheduling.context, ...scheduling });
}

/** What a process finds its scheduling context by, to bind it to a notification. */
const CONTEXT_NAME = "context";

function giveContext(
  live: LiveKernel,
  pid: number,
  given: ContextSpec & { readonly priority: number },
): void {
  const { budgetMicros, periodMicros, priority, timeout } = given;
  const context = live.state.capabilities.nextObject;
  const to = addressOf(space.process, pid, freeSlot(live.state.capabilities, pid));
  const made = { object: "context", target: context, rights: allRightsOf("context"), to } as const;
  const { seq: by } = live.record(pid, {
    type: "object/created",
    ...UNPAID,
    ...made,
    label: CONTEXT_NAME,
    detail: 0,
  });
  live.record(pid, { type: "context/configured", by, context, budgetMicros, periodMicros, priority });
  if (timeout === undefined) return;
  const address = keptAt(timeout.object);
  const capability = rowAt(live.state.capabilities, address);
  if (capability === null) return;
  const kept = { to: addressOf(space.kept, context, KEPT_SLOT), how: "endowed" } as const;
  const { signal: rights } = notificationRight;
  live.record(pid, derivedFact({ address, capability }, kept, { rights, badge: timeout.badge }));
}

function endowWith(live: LiveKernel, pid: number, { name: label, of, rights, badge }: CapabilitySpec): void {
  const slot = freeSlot(live.state.capabilities, pid);
  const to = addressOf(space.process, pid, slot);
  switch (of.kind) {
    case "machine": {
      const address = keptAt(of.object);
      const capability = rowAt(live.state.capabilities, address);
      // It was taken back from all, because nobody will ever receive there.
      if (capability === null) return;
      live.record(
        pid,
        derivedFact({ address, capability }, { to, how: "endowed" }, { rights, badge, label }),
      );
      return;
    }
    case "budget": {
      const target = live.state.capabilities.nextObject;
      const made = { object: "budget", target, rights, to, label, detail: of.limitBytes } as const;
      live.record(pid, { type: "object/created", ...UNPAID, ...made });
      return;
    }
    case "self":
      live.record(pid, {
        type: "capability/granted",
        slot,
        object: "process",
        target: pid,
        rights,
        inheriting: 0,
        label,
      });
  }
}
