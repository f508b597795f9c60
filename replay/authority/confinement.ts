/**
 * Confinement (Lampson 1973; the constructors of EROS): a process that holds nothing but what lets one look can tell nobody anything and
 * change nothing but when a file was last read, whatever it does, until somebody gives it more. So whoever starts a program with such a list need not trust it.
 */
import { sensoryRightsOf } from "../../core/object-rights.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import type { AuthorityView, HeldRow } from "./authority-view.ts";
import { listProcess } from "./list-process.ts";

/** Whether nothing can be changed through a capability, nor through anything that is reached through it. */
export const onlyLooks = ({ object, rights, inheriting, terms }: Capability): boolean =>
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
  return [...held.slots, ...held.services, ...held.sent].filter(({ capability }) => !onlyLooks(capability));
}
