/** All that a process holds at a moment: its slots, the machine's services, and what it has sent and nobody has received yet. */
import { peek } from "../../core/table.ts";
import { addressOf, ownerOfTable, serviceSlot, space, spaceOf } from "../../reducers/capabilities/address.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { mayUse, service } from "../../reducers/scheduler/services.ts";
import type { AuthorityView, HeldRow } from "./authority-view.ts";
import type { ServiceName } from "./holder.ts";

export interface HeldService {
  readonly service: ServiceName;
  /** The capability to it; null where a process may use it by what it was entitled to. */
  readonly row: HeldRow | null;
}

export interface ProcessAuthority {
  /** In the order of the slots; a void is a slot that was emptied by a revocation and not closed yet. */
  readonly slots: readonly HeldRow[];
  readonly services: readonly HeldService[];
  readonly sent: readonly HeldRow[];
}

/** What a process holds; null if there is no such process. */
export function listProcess(view: AuthorityView, pid: number): ProcessAuthority | null {
  if (peek(view.state.processes.rows, pid) === null) return null;
  const own = view.rows.filter(
    ({ address }) => ownerOfTable(address) === pid && spaceOf(address) !== space.kept,
  );
  const inSpace = (where: number): readonly HeldRow[] =>
    own.filter(({ address }) => spaceOf(address) === where);
  return {
    slots: inSpace(space.process),
    services: heldServices(view.state, pid).map((name) => ({
      service: name,
      row: view.at(addressOf(space.services, pid, serviceSlot[name])),
    })),
    sent: inSpace(space.messages),
  };
}

const serviceNames = Object.keys(serviceSlot) as readonly ServiceName[];

/** Which services a process that lives may use: by capabilities if it has any of these, else by what it was entitled to. */
export function heldServices(state: KernelState, pid: number): readonly ServiceName[] {
  const { capabilities, processes, scheduler } = state;
  const status = peek(processes.rows, pid)?.status;
  if (status !== "running" && status !== "waiting") return [];
  const held = peek(capabilities.services, pid);
  if (held !== null) return serviceNames.filter((name) => peek(held.slots, serviceSlot[name]) !== null);
  return serviceNames.filter((name) => mayUse(scheduler, pid, service[name]));
}

/** The object that a service is. */
export function serviceRef(name: ServiceName): {
  readonly kind: "clock" | "timers" | "entropy";
  readonly id: number;
} {
  return name === "timers" || name === "entropy"
    ? { kind: name, id: 0 }
    : { kind: "clock", id: serviceSlot[name] };
}
