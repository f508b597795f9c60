/** Decides what guests ask beside WASI: for each call of the module `foldos` there is one case, which names its decider. */
import { unreachable } from "../../core/assert.ts";
import type { KernelState } from "../kernel-state.ts";
import { createObject, examineBudget, splitBudget } from "./create-object.ts";
import { bindContext, configureContext, setPriority, unbindContext } from "./context-calls.ts";
import type { Decision } from "./decision.ts";
import { copyCapability, leaseCapability, mintCapability, weakenCapability } from "./derive-capability.ts";
import { examineCapability, findCapability } from "./examine-capability.ts";
import type { FoldosRequest } from "./foldos-request.ts";
import { callEndpoint, cancelBadged, receiveMessage, replyToCaller, sendMessage } from "./ipc-calls.ts";
import { awaitSignal, signal } from "./notification-calls.ts";
import { acknowledgeInterrupt, armTimer, bindInterrupt, disarmTimer } from "./interrupt-calls.ts";
import { moveCapability, mutateCapability } from "./move-capability.ts";
import { closeDescriptor } from "./descriptor-calls.ts";
import { awaitProcess, endOther, spawnProcess } from "./process-control.ts";
import { revokeCapability } from "./revoke-capability.ts";
import { sealCapability, unsealCapability } from "./seal-capability.ts";
import { fetchCapability, storeCapability } from "./table-calls.ts";
import { wrapCapability } from "./wrap-capability.ts";

/** Who asks, when, and whether again, because the call had to wait. */
export interface FoldosAsker {
  readonly pid: number;
  readonly at: number;
  readonly isAgain?: boolean;
}

export function decideFoldos(state: KernelState, asker: FoldosAsker, request: FoldosRequest): Decision {
  const { pid } = asker;
  switch (request.call) {
    case "cap_copy":
      return copyCapability(state, pid, request.fd);
    case "cap_mint":
      return mintCapability(state, pid, request);
    case "cap_weaken":
      return weakenCapability(state, pid, request.fd);
    case "cap_lease":
      return leaseCapability(state, asker, request);
    case "cap_move":
      return moveCapability(state, pid, request);
    case "cap_mutate":
      return mutateCapability(state, pid, request);
    case "cap_delete":
      return closeDescriptor(state, pid, request.fd);
    case "cap_revoke":
      return revokeCapability(state, pid, request.fd);
    case "cap_examine":
      return examineCapability(state, pid, request.fd);
    case "cap_find":
      return findCapability(state, pid, request.path);
    case "table_create":
    case "brand_create":
    case "membrane_create":
    case "endpoint_create":
    case "notification_create":
    case "timer_create":
      return createObject(state, pid, request);
    case "table_fetch":
      return fetchCapability(state, asker, request);
    case "table_store":
      return storeCapability(state, pid, request);
    case "cap_seal":
      return sealCapability(state, pid, request);
    case "cap_unseal":
      return unsealCapability(state, asker, request);
    case "cap_wrap":
      return wrapCapability(state, pid, request);
    case "budget_split":
      return splitBudget(state, pid, request);
    case "budget_examine":
      return examineBudget(state, pid, request.fd);
    case "ipc_send":
      return sendMessage(state, asker, request);
    case "ipc_call":
      return callEndpoint(state, asker, request);
    case "ipc_receive":
      return receiveMessage(state, pid, request);
    case "ipc_reply":
      return replyToCaller(state, pid, request);
    case "ipc_cancel_badged":
      return cancelBadged(state, pid, request);
    case "notification_signal":
      return signal(state, pid, request.fd);
    case "notification_wait":
    case "notification_poll":
      return awaitSignal(state, pid, { fd: request.fd, mayWait: request.call === "notification_wait" });
    case "process_spawn":
      return spawnProcess(state, pid, request);
    case "process_wait":
      return awaitProcess(state, pid, request.fd);
    case "process_end":
      return endOther(state, pid, request.fd);
    case "interrupt_bind":
      return bindInterrupt(state, pid, request);
    case "interrupt_acknowledge":
      return acknowledgeInterrupt(state, pid, request.fd);
    case "context_configure":
      return configureContext(state, pid, request);
    case "context_bind":
      return bindContext(state, pid, request);
    case "context_unbind":
      return unbindContext(state, pid, request.fd);
    case "priority_set":
      return setPriority(state, pid, request);
    case "timer_arm":
      return armTimer(state, pid, request);
    case "timer_disarm":
      return disarmTimer(state, pid, request.fd);
    default:
      return unreachable(request);
  }
}
