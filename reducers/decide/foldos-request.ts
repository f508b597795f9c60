/**
 * What a guest can ask beside WASI: the calls of the import module `foldos`, as they are after their bytes were parsed. `fd` is the
 * slot of the capability that the call is made through; rights are sets as core/object-rights.ts has them, of which `hasUnknown` says
 * whether bits beyond 30 were asked for; times are kernel time in microseconds.
 */
export interface MintTerms {
  readonly rights: number;
  readonly inheriting: number;
  readonly hasUnknown: boolean;
  readonly badge: number;
}

/** A capability that goes with a message, with no more than these rights. */
export interface Given {
  readonly slot: number;
  readonly rights: number;
}

/** A message to be sent: how many bytes, and what goes with them. */
export interface OutgoingMessage {
  readonly size: number;
  readonly given: readonly Given[];
}

/** Room for a message: what does not fit is cut off, and capabilities that do not fit are not taken. */
export interface MessageRoom {
  readonly capacity: number;
  readonly slots: number;
}

export type FoldosRequest =
  | {
      readonly call:
        | "cap_copy"
        | "cap_weaken"
        | "cap_delete"
        | "cap_revoke"
        | "cap_examine"
        | "notification_signal"
        | "notification_wait"
        | "notification_poll"
        | "interrupt_acknowledge"
        | "context_unbind"
        | "process_wait"
        | "process_end"
        | "timer_disarm"
        | "budget_examine";
      readonly fd: number;
    }
  | ({ readonly call: "cap_mint" | "cap_mutate"; readonly fd: number } & MintTerms)
  | {
      readonly call: "cap_lease";
      readonly fd: number;
      /** 0: for ever. */
      readonly until: number;
      /** 0: as often as one likes. */
      readonly uses: number;
      readonly withHolder: boolean;
    }
  | { readonly call: "cap_move"; readonly fd: number; readonly to: number }
  | { readonly call: "cap_find"; readonly path: string }
  | {
      readonly call:
        | "table_create"
        | "brand_create"
        | "membrane_create"
        | "endpoint_create"
        | "notification_create"
        | "timer_create";
      /** The memory budget that pays for it. */
      readonly fd: number;
    }
  | { readonly call: "table_fetch"; readonly fd: number; readonly index: number }
  | { readonly call: "table_store"; readonly fd: number; readonly index: number; readonly stored: number }
  | { readonly call: "cap_seal"; readonly fd: number; readonly sealed: number; readonly budget: number }
  | { readonly call: "cap_unseal"; readonly fd: number; readonly box: number }
  | { readonly call: "cap_wrap"; readonly fd: number; readonly wrapped: number }
  | ({ readonly call: "ipc_send"; readonly fd: number; readonly mayWait: boolean } & OutgoingMessage)
  | ({ readonly call: "ipc_receive"; readonly fd: number; readonly mayWait: boolean } & MessageRoom)
  | ({ readonly call: "ipc_call"; readonly fd: number } & OutgoingMessage & MessageRoom)
  | ({ readonly call: "ipc_reply"; readonly fd: number } & OutgoingMessage)
  | { readonly call: "ipc_cancel_badged"; readonly fd: number; readonly badge: number }
  | { readonly call: "interrupt_bind"; readonly fd: number; readonly notification: number }
  | {
      readonly call: "context_configure";
      readonly fd: number;
      readonly budgetMicros: number;
      readonly periodMicros: number;
      readonly priority: number;
    }
  | { readonly call: "context_bind"; readonly fd: number; readonly to: number }
  | {
      readonly call: "priority_set";
      readonly fd: number;
      /** The process whose ceiling bounds the priority. */
      readonly authority: number;
      readonly priority: number;
    }
  | {
      readonly call: "process_spawn";
      readonly fd: number;
      readonly args: readonly string[];
      /** They become the slots 0, 1, 2, ... of the new process. */
      readonly given: readonly Given[];
    }
  | { readonly call: "timer_arm"; readonly fd: number; readonly notification: number; readonly until: number }
  | { readonly call: "budget_split"; readonly fd: number; readonly sizeBytes: number };

/** Bytes of one message. */
export const MAX_MESSAGE_BYTES = 65_536;
/** Capabilities that go with one message. */
export const MAX_GIVEN = 16;
/** Capabilities that a new process is given. */
export const MAX_SPAWN_GIVEN = 64;
export const MAX_PRIORITY = 255;

type FoldosCall = FoldosRequest["call"];
export type FoldosRequestOf<Call extends FoldosCall> = FoldosRequest extends infer Each
  ? Each extends { readonly call: infer Calls }
    ? Call extends Calls
      ? Each
      : never
    : never
  : never;
