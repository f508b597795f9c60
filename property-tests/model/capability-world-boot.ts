/** How a machine of many processes begins: what each is endowed with, out of what the machine keeps. */
import { allRightsOf, type ObjectKind } from "../../core/object-rights.ts";
import { allRights, directoryRights } from "../../core/rights.ts";
import { peek } from "../../core/table.ts";
import { addressOf, MACHINE, space } from "../../reducers/capabilities/address.ts";
import { freeSlot } from "../../reducers/capabilities/capability-selectors.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import { derivedFact } from "../../reducers/decide/derive-capability.ts";
import { freeOpen } from "../../reducers/files/file-selectors.ts";
import { ROOT_INODE } from "../../reducers/files/file-state.ts";
import type { KernelFact } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";

/** What one process is given of a kernel object of the machine. */
export interface Endowment {
  readonly who: number;
  /** Which of the machine's objects. */
  readonly which: number;
  readonly rights: number;
  readonly badge: number;
}

export interface PlannedWorld {
  readonly processes: number;
  /** Kinds of the machine's own objects. */
  readonly objects: readonly (typeof ownKinds)[number][];
  readonly endowments: readonly Endowment[];
  /** What each process may spend on objects, in bytes. */
  readonly budgetBytes: number;
  /** Whether each process has the root of the machine's file system. */
  readonly hasFiles: boolean;
}

export const ownKinds = ["endpoint", "notification", "table", "brand", "membrane", "device"] as const;

interface Made {
  readonly pid: number;
  readonly fact: KernelFact;
}

/** The facts of a boot, each made when it is its turn. */
export function bootFacts(plan: PlannedWorld): readonly ((state: KernelState) => Made)[] {
  const { processes, objects, endowments } = plan;
  const pids = Array.from({ length: processes }, (_, at) => at + 1);
  return [
    fact(0, { type: "machine/powered-on", wall: 0, clock: "virtual", version: 1, nameSeed: 7 }),
    fact(0, { type: "scheduler/configured", quantum: 100, seed: 1, transform: 1 }),
    ...objects.map((object, at) => (state: KernelState) => made(state, 0, rootAt(at), object)),
    ...pids.flatMap((pid) => startFacts(plan, pid)),
    ...endowments.map((endowment) => (state: KernelState) => endowed(state, plan, endowment)),
  ];
}

const fact = (pid: number, happened: KernelFact) => (): Made => ({ pid, fact: happened });
const rootAt = (at: number): number => addressOf(space.kept, MACHINE, at);

const made = (
  state: KernelState,
  pid: number,
  to: number,
  object: ObjectKind,
  { detail = 0, label = "" } = {},
): Made => ({
  pid,
  fact: {
    type: "object/created",
    by: 0,
    to,
    object,
    target: state.capabilities.nextObject,
    rights: allRightsOf(object),
    budget: 0,
    bytes: 256,
    label,
    detail,
  },
});

function startFacts(plan: PlannedWorld, pid: number): readonly ((state: KernelState) => Made)[] {
  const { budgetBytes, hasFiles } = plan;
  const started: KernelFact = {
    type: "process/started",
    program: "ab".repeat(32),
    name: `p${pid}`,
    args: [],
    environment: [],
    memoryPages: 10,
  };
  const granted = { type: "capability/granted", slot: 0, rights: 1, inheriting: 0, label: "" } as const;
  const free = (state: KernelState): number =>
    addressOf(space.process, pid, freeSlot(state.capabilities, pid));
  const files = [
    (state: KernelState): Made => ({
      pid,
      fact: { type: "file/preopened", inode: ROOT_INODE, open: freeOpen(state.files) },
    }),
    (state: KernelState): Made => ({
      pid,
      fact: {
        ...granted,
        slot: freeSlot(state.capabilities, pid),
        object: "file",
        target: freeOpen(state.files) - 1,
        rights: directoryRights,
        inheriting: allRights,
        label: "/",
      },
    }),
  ];
  return [
    fact(pid, started),
    fact(pid, { ...granted, object: "clock", target: 1 }),
    fact(pid, { ...granted, slot: 0, object: "console", target: 1, rights: allRights }),
    (state) => made(state, pid, free(state), "budget", { detail: budgetBytes, label: "budget" }),
    ...(hasFiles ? files : []),
  ];
}

/** One of the machine's objects, handed to a process as a mint would do it. */
function endowed(state: KernelState, plan: PlannedWorld, endowment: Endowment): Made {
  const { who, which, rights, badge } = endowment;
  const pid = (who % plan.processes) + 1;
  const from = rootAt(which % plan.objects.length);
  const capability = rowAt(state.capabilities, from);
  if (capability === null || peek(state.capabilities.tables, pid) === null)
    throw new Error("the machine keeps its objects");
  const to = addressOf(space.process, pid, freeSlot(state.capabilities, pid));
  const mayBadge = capability.object === "endpoint" || capability.object === "notification";
  const changes = { rights: rights & capability.rights, badge: mayBadge ? badge : 0 };
  return { pid, fact: derivedFact({ address: from, capability }, { to, how: "endowed" }, changes) };
}
