/**
 * What would fail now, were a capability revoked: whose hands it and all that was made of it are in, what these were used for lately, and
 * who waits for one of them. Runs no guest, so it can be asked of a machine that runs; what its guests mean to do next nobody knows.
 */
import { peek, rowsOf } from "../../core/table.ts";
import { allSlots, descendantsOf } from "../../reducers/capabilities/capability-selectors.ts";
import { ownerOfTable, type Space, slotOf, spaceOf } from "../../reducers/capabilities/address.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { awaitedOf } from "../../reducers/scheduler/awaited.ts";
import { eventsOfGroup } from "../events-of-group.ts";
import { groupsWith } from "../index-notes.ts";
import type { Timeline } from "../timeline.ts";

/** Events that are looked through for uses, from the moment back. */
const MAX_LOOKED = 1 << 19;

/** A capability that would be taken away. */
export interface LostCapability {
  readonly id: number;
  readonly object: string;
  readonly target: number;
  readonly rights: number;
  readonly space: Space;
  /** The pid or object that has it. */
  readonly owner: number;
  readonly slot: number;
  /** Its last uses, the last one first. */
  readonly uses: readonly KernelEvent[];
}

export interface Rehearsal {
  readonly moment: number;
  readonly capability: number;
  /** The capability itself stands last. */
  readonly lost: readonly LostCapability[];
  /** Those that wait for what they would lose. */
  readonly waiting: readonly { readonly pid: number; readonly capability: number }[];
}

/** Null if nobody holds the capability at the moment. */
export function rehearseRevocation(
  timeline: Timeline,
  {
    moment,
    capability,
    uses,
  }: { readonly moment: number; readonly capability: number; readonly uses: number },
): Rehearsal | null {
  const state = timeline.stateAt(moment);
  const root = [...allSlots(state.capabilities)].find(
    ([, { id, object }]) => id === capability && object !== "void",
  );
  if (root === undefined) return null;
  const doomed = [...descendantsOf(state.capabilities, root[0]), root];
  const used = usesOf(timeline, new Set(doomed.map(([, { id }]) => id)), moment, uses);
  const lost = doomed.map(
    ([address, { id, object, target, rights }]): LostCapability => ({
      id,
      object,
      target,
      rights,
      space: spaceOf(address),
      owner: ownerOfTable(address),
      slot: slotOf(address),
      uses: used.get(id) ?? [],
    }),
  );
  const waiting = doomed.flatMap(([address, row]) => {
    const pid = ownerOfTable(address);
    return spaceOf(address) === 0 && waitsFor(state, pid, row) ? [{ pid, capability: row.id }] : [];
  });
  return { moment, capability, lost, waiting };
}

function waitsFor({ scheduler, processes }: KernelState, pid: number, row: Capability): boolean {
  const task = scheduler === undefined ? null : peek(scheduler.tasks, pid);
  if (task === null) return row.object === "console" && peek(processes.rows, pid)?.status === "waiting";
  if (task.status !== "waiting") return false;
  return task.objects.map(awaitedOf).some((awaited) => {
    if (awaited.kind === "input") return row.object === "console" && row.target === 0;
    switch (awaited.kind) {
      case "readable":
        return row.object === "pipe-reader" && row.target === awaited.pipe;
      case "writable":
        return row.object === "pipe-writer" && row.target === awaited.pipe;
      case "message":
        return row.object === "endpoint" && row.target === awaited.object;
      case "notification":
        return row.object === "notification" && row.target === awaited.object;
      case "ended":
        return row.object === "process" && row.target === awaited.pid;
      case "exchange":
        return false;
    }
  });
}

/** The last uses of some capabilities up to a moment, so many of each. */
function usesOf(
  timeline: Timeline,
  ids: ReadonlySet<number>,
  moment: number,
  most: number,
): ReadonlyMap<number, readonly KernelEvent[]> {
  const found = new Map<number, KernelEvent[]>();
  const firsts = [...groupsWith(timeline.store, "capability", [...ids], 0)].filter(
    (first) => first <= moment,
  );
  let looked = 0;
  for (const first of firsts.reverse()) {
    const events = eventsOfGroup(timeline.groups, first, moment);
    looked += events.length;
    for (const event of events.reverse()) {
      if (!("by" in event) || !ids.has(event.by)) continue;
      const uses = found.get(event.by) ?? [];
      found.set(event.by, uses);
      if (uses.length < most) uses.push(event);
    }
    const isFull = [...ids].every((id) => (found.get(id)?.length ?? 0) >= most);
    if (isFull || looked > MAX_LOOKED) break;
  }
  return found;
}

/** Processes by the names that they have. */
export const namesOf = ({ processes }: KernelState): ReadonlyMap<number, string> =>
  new Map([...rowsOf(processes.rows)].map(([pid, { name }]) => [pid, name]));
