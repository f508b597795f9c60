/** Deciders of what a guest may know of its own capabilities. */
import { errno } from "../../core/errno.ts";
import { peek, rowsOf } from "../../core/table.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, refuse } from "./decision.ts";
import { anyUsable } from "./usable.ts";

export function examineCapability(state: KernelState, pid: number, fd: number): Decision {
  const examined = anyUsable(state, pid, fd);
  if (examined.kind === "refused") return examined;
  return facts({ type: "capability/examined", by: examined.capability.id, slot: fd });
}

/** The first of its capabilities that it was given under a name. */
export function findCapability(state: KernelState, pid: number, name: string): Decision {
  const table = peek(state.capabilities.tables, pid);
  const held = table === null || name === "" ? [] : rowsOf(table.slots);
  for (const [slot, { id, label }] of held)
    if (label === name) return facts({ type: "capability/examined", by: id, slot });
  return refuse(errno.noent, "no-such-name");
}
