/** Deciders of notifications: bits that are set, and waited for. Signals that nobody has taken yet are one, with the badges of all. */
import { errno } from "../../core/errno.ts";
import { notificationRight } from "../../core/object-rights.ts";
import { get } from "../../core/table.ts";
import type { KernelState } from "../kernel-state.ts";
import { signalAt } from "../scheduler/awaited.ts";
import { type Decision, facts, refuse, waitsFor } from "./decision.ts";
import { usable } from "./usable.ts";

export function signal(state: KernelState, pid: number, fd: number): Decision {
  const held = usable(state, pid, fd, { object: "notification", rights: notificationRight.signal });
  if (held.kind === "refused") return held;
  const { id: by, target: notification, badge: bits } = held.capability;
  return facts({ type: "notification/signalled", by, notification, bits });
}

export function awaitSignal(
  state: KernelState,
  pid: number,
  { fd, mayWait }: { readonly fd: number; readonly mayWait: boolean },
): Decision {
  const held = usable(state, pid, fd, { object: "notification", rights: notificationRight.wait });
  if (held.kind === "refused") return held;
  const { id: by, target: notification } = held.capability;
  const { isPending, bits } = get(state.ipc.notifications, notification);
  if (isPending) return facts({ type: "notification/taken", by, notification, bits });
  return mayWait ? waitsFor(signalAt(notification)) : refuse(errno.again, "no-signal");
}
