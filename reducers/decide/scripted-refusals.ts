/** A process that holds one of each kind, so that whatever is refused can be asked; for tests. */
import type { errno } from "../../core/errno.ts";
import { allRightsOf, type ObjectKind, replyRight } from "../../core/object-rights.ts";
import type { RefusalReason } from "../../core/refusal-reason.ts";
import { addressOf, space } from "../capabilities/address.ts";
import { capabilityIn } from "../capabilities/capability-selectors.ts";
import type { KernelFact } from "../kernel-event.ts";
import { PID, type ScriptedMachine, scriptedMachine } from "../scripted-machine.ts";
import type { FoldosRequest } from "./foldos-request.ts";
import type { Request } from "./request.ts";
import { revokeCapability } from "./revoke-capability.ts";

export const OTHER = 2;
const ENDED = 3;
/** Kernel time of what is asked: leases up to 50 are over. */
export const NOW = 100;
export const ALL = 2 ** 30 - 1;
export const EMPTY = 900;

const kinds = [
  "endpoint",
  "notification",
  "table",
  "brand",
  "membrane",
  "context",
  "interrupt",
  "program",
  "timer",
] as const;

/** The slots of what the process holds. */
export type Slots = Readonly<Record<(typeof kinds)[number] | keyof ReturnType<typeof others>, number>> & {
  readonly file: number;
};

export interface Scene {
  readonly machine: ScriptedMachine;
  readonly slots: Slots;
}

export function refusalScene({ hasTurns = true } = {}): Scene {
  const machine = scriptedMachine(hasTurns);
  for (const pid of [OTHER, ENDED]) machine.happen(pid, started);
  machine.happen(ENDED, { type: "process/exited", code: 0 });
  const made = Object.fromEntries(kinds.map((kind) => [kind, create(machine, kind)]));
  const slots = { file: 3, ...(made as Record<(typeof kinds)[number], number>) };
  return { machine, slots: { ...slots, ...others(machine, slots) } };
}

export const started = {
  type: "process/started",
  program: "",
  name: "other",
  args: [],
  environment: [],
  memoryPages: 1,
} as const;

/** Makes an object; the slot of the capability to it. */
export function create(machine: ScriptedMachine, object: ObjectKind, detail = 0): number {
  const slot = machine.freeSlot();
  const { nextObject: target } = machine.state.capabilities;
  const rights = allRightsOf(object);
  const unpaid = { by: 0, budget: 0, bytes: 0, label: "", detail };
  const to = addressOf(space.process, PID, slot);
  machine.happen(PID, { type: "object/created", to, object, target, rights, ...unpaid });
  return slot;
}

export const granted = (
  slot: number,
  object: ObjectKind,
  target: number,
  rights = allRightsOf(object),
): KernelFact => ({
  type: "capability/granted",
  slot,
  object,
  target,
  rights,
  inheriting: 0,
  label: "",
});

export const minted = (fd: number, rights: number, badge = 0) =>
  ({ call: "cap_mint", fd, rights, inheriting: 0, hasUnknown: false, badge }) as const;

function others(machine: ScriptedMachine, slots: Record<(typeof kinds)[number] | "file", number>) {
  const asked = (request: FoldosRequest): number => {
    const slot = machine.freeSlot();
    machine.perform(request);
    return slot;
  };
  const held = (object: ObjectKind, target: number, rights = allRightsOf(object)): number => {
    const slot = machine.freeSlot();
    machine.happen(PID, granted(slot, object, target, rights));
    return slot;
  };
  const lease = { call: "cap_lease", fd: slots.file, until: 0, uses: 0, withHolder: false } as const;
  const budget = create(machine, "budget", 10_000);
  machine.perform({ call: "table_store", fd: slots.table, index: 1, stored: slots.file });
  return {
    budget,
    poor: create(machine, "budget", 10),
    otherBrand: create(machine, "brand"),
    otherMembrane: create(machine, "membrane"),
    otherNotification: create(machine, "notification"),
    other: held("process", OTHER),
    ended: held("process", ENDED),
    self: held("process", PID),
    reply: held("reply", OTHER, replyRight.reply),
    badged: asked(minted(slots.endpoint, 3, 5)),
    receiver: asked(minted(slots.endpoint, 2)),
    rightless: asked(minted(slots.endpoint, 0)),
    silent: asked(minted(slots.notification, 1)),
    box: asked({ call: "cap_seal", fd: slots.brand, sealed: slots.file, budget }),
    wrapped: asked({ call: "cap_wrap", fd: slots.membrane, wrapped: slots.file }),
    wrappedEndpoint: asked({ call: "cap_wrap", fd: slots.membrane, wrapped: slots.endpoint }),
    once: asked({ ...lease, uses: 1 }),
    lapsed: asked({ ...lease, until: 50 }),
  };
}

/** Begins a revocation that is not yet at its end. */
export function beginRevocation(machine: ScriptedMachine, fd: number): void {
  const decided = revokeCapability(machine.state, PID, fd, { atOnce: 1, steps: 1 });
  if (decided.kind !== "parked") throw new TypeError(JSON.stringify(decided));
  machine.happen(PID, ...decided.facts);
}

/** The object that is held in a slot. */
export const idOf = ({ state }: ScriptedMachine, slot: number): number =>
  capabilityIn(state.capabilities, PID, slot)?.target ?? 0;

/** What a process asks is sent, and waits. */
export function sends(machine: ScriptedMachine, pid: number, request: FoldosRequest): void {
  const decided = machine.askAs(pid, request);
  if (decided.kind !== "parked") throw new TypeError(JSON.stringify(decided));
  machine.happen(pid, ...decided.facts);
}

/** A call that is to be refused; what has to happen before happens when the request is made. */
export type Refusal = readonly [
  errno: keyof typeof errno,
  reason: RefusalReason,
  ask: (slots: Slots, machine: ScriptedMachine) => Request,
  how?: { readonly pid?: number; readonly isAgain?: true; readonly hasTurns?: false },
];
/** By the call that is refused, or what several have in common. */
export type Refusals = Readonly<Record<string, readonly Refusal[]>>;
