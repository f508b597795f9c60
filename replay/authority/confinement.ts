/**
 * Confinement (Lampson 1973; the constructors of EROS): a process that holds nothing but what lets one look, and has handed none of it on,
 * can tell nobody anything and change nothing but when a file was last read, whatever it does, until somebody gives it more. So whoever starts a program with such a list need not trust it.
 */
import { sensoryRightsOf } from "../../core/object-rights.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import type { AuthorityView, HeldRow } from "./authority-view.ts";
import { listProcess } from "./list-process.ts";

/** Whether nothing can be changed through a capability, nor through anything that is reached through it. */
const onlyLooks = ({ object, rights, inheriting, terms }: Capability): boolean =>
  object === "void" ||
  ((rights & ~sensoryRightsOf(object)) === 0 &&
    (inheriting & ~sensoryRightsOf(object)) === 0 &&
    // What lies in a table may do more, unless the table is weak; what lies in a box, whoever has its brand.
    (object !== "table" || terms?.isWeak === true) &&
    object !== "box");

/** What of a process's authority lets it do more than look: nothing, if it is confined. */
export function unconfinedBy(view: AuthorityView, pid: number): readonly HeldRow[] {
  const held = listProcess(view, pid);
  if (held === null) return [];
  return [...held.slots, ...held.services, ...held.sent].filter(
    (row) => !onlyLooks(row.capability) || isHandedOn(view, row, pid),
  );
}

/** Whether something that was made of a capability lies with somebody else: to take it back would be noticed there. */
function isHandedOn(view: AuthorityView, row: HeldRow, pid: number): boolean {
  const todo = [row];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { holder } = next;
    if (next !== row && (holder.kind !== "slot" || holder.pid !== pid)) return true;
    todo.push(...view.belowOf(next));
  }
  return false;
}
