import { capabilityCalls } from "./capability-calls.ts";
import { messageCalls } from "./message-calls.ts";
import { objectCalls } from "./object-calls.ts";
import { processCalls } from "./process-calls.ts";
import { signalCalls } from "./signal-calls.ts";
import type { WasiCalls } from "../wasi/wasi-call.ts";

export const FOLDOS_MODULE = "foldos";

/** All functions of the module `foldos`, by name: foldos.h tells what each does. */
export const foldosCalls: WasiCalls = {
  ...capabilityCalls,
  ...objectCalls,
  ...messageCalls,
  ...signalCalls,
  ...processCalls,
};

/** The functions in the order of their numbers in recordings. Names are only ever added at the end: their places are on disk. */
export const foldosNames: readonly string[] = [
  "cap_copy",
  "cap_mint",
  "cap_lease",
  "cap_weaken",
  "cap_move",
  "cap_mutate",
  "cap_delete",
  "cap_revoke",
  "cap_examine",
  "cap_find",
  "table_create",
  "table_fetch",
  "table_store",
  "brand_create",
  "cap_seal",
  "cap_unseal",
  "membrane_create",
  "cap_wrap",
  "endpoint_create",
  "notification_create",
  "timer_create",
  "ipc_send",
  "ipc_receive",
  "ipc_call",
  "ipc_reply",
  "ipc_cancel_badged",
  "notification_signal",
  "notification_wait",
  "notification_poll",
  "interrupt_bind",
  "interrupt_acknowledge",
  "context_configure",
  "context_bind",
  "context_unbind",
  "priority_set",
  "process_spawn",
  "process_wait",
  "process_end",
  "timer_arm",
  "timer_disarm",
  "budget_split",
  "budget_examine",
];
