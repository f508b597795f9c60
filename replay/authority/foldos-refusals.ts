/** Rights that the functions of `foldos` may look at before they refuse, of whatever capability of the kind they may be called with. */
import {
  brandRight,
  budgetRight,
  contextRight,
  endpointRight,
  interruptRight,
  membraneRight,
  notificationRight,
  type ObjectKind,
  processRight,
  programRight,
  replyRight,
  tableRight,
  timerRight,
} from "../../core/object-rights.ts";
import type { FoldosRequest } from "../../reducers/decide/foldos-request.ts";
import type { Everywhere } from "./use-marks.ts";

type Looked = Partial<Record<ObjectKind, number>>;

const of =
  (looked: Looked): Everywhere =>
  ({ object }) => {
    const rights = looked[object];
    return rights === undefined ? null : { rights, inheriting: 0 };
  };

const nothing = of({});
const spend = of({ budget: budgetRight.spend });
const sends = of({ endpoint: endpointRight.send | endpointRight.grant | endpointRight.grantReply });
const binds = of({ context: contextRight.bind });

/** Asks for rights to be kept: which, the log does not say. */
const asks: Everywhere = ({ rights, inheriting }) => ({ rights, inheriting });

export const foldosRefusals: Readonly<Record<FoldosRequest["call"], Everywhere>> = {
  cap_copy: nothing,
  cap_weaken: nothing,
  cap_delete: nothing,
  cap_revoke: nothing,
  cap_examine: nothing,
  cap_lease: nothing,
  cap_move: nothing,
  cap_find: nothing,
  cap_mint: asks,
  cap_mutate: asks,
  table_create: spend,
  brand_create: spend,
  membrane_create: spend,
  endpoint_create: spend,
  notification_create: spend,
  timer_create: spend,
  table_fetch: of({ table: tableRight.fetch }),
  table_store: of({ table: tableRight.store }),
  cap_seal: of({ brand: brandRight.seal, budget: budgetRight.spend }),
  cap_unseal: of({ brand: brandRight.unseal }),
  cap_wrap: of({ membrane: membraneRight.wrap }),
  ipc_send: sends,
  ipc_call: sends,
  ipc_receive: of({ endpoint: endpointRight.receive }),
  ipc_reply: of({ reply: replyRight.reply | replyRight.grant }),
  ipc_cancel_badged: of({ endpoint: endpointRight.receive }),
  notification_signal: of({ notification: notificationRight.signal }),
  notification_wait: of({ notification: notificationRight.wait }),
  notification_poll: of({ notification: notificationRight.wait }),
  interrupt_bind: of({
    interrupt: interruptRight.handle,
    notification: notificationRight.wait | notificationRight.signal,
  }),
  interrupt_acknowledge: of({ interrupt: interruptRight.handle }),
  context_configure: of({ context: contextRight.configure }),
  context_bind: of({
    context: contextRight.bind,
    process: processRight.schedule,
    notification: notificationRight.wait | notificationRight.signal,
  }),
  context_unbind: binds,
  priority_set: of({ process: processRight.schedule, context: contextRight.bind | contextRight.configure }),
  process_spawn: of({ program: programRight.spawn }),
  process_wait: of({ process: processRight.examine }),
  process_end: of({ process: processRight.end }),
  timer_arm: of({ timer: timerRight.arm, notification: notificationRight.signal | notificationRight.wait }),
  timer_disarm: of({ timer: timerRight.arm }),
  budget_split: of({ budget: budgetRight.split }),
  budget_examine: of({ budget: budgetRight.examine }),
};
