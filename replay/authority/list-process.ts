/** All that a process holds at a moment: its slots, the machine's services, and what it has sent and nobody has received yet. */
import { peek } from "../../core/table.ts";
import { ownerOfTable, space, spaceOf } from "../../reducers/capabilities/address.ts";
import type { AuthorityView, HeldRow } from "./authority-view.ts";

export interface ProcessAuthority {
  /** In the order of the slots; a void is a slot that was emptied by a revocation and not closed yet. */
  readonly slots: readonly HeldRow[];
  /** Clocks, timers and random numbers. */
  readonly services: readonly HeldRow[];
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
  return { slots: inSpace(space.process), services: inSpace(space.services), sent: inSpace(space.messages) };
}
