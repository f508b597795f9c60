/** Module foldos: objects that a guest makes and pays for, tables, brands, membranes, and budgets. */
import { i32, u64, type WasiCall, type WasiCalls } from "../wasi/wasi-call.ts";
import { numberIn } from "./answer-fields.ts";
import { answersNothing, answersNumber } from "./call-forms.ts";

type Create =
  | "table_create"
  | "brand_create"
  | "membrane_create"
  | "endpoint_create"
  | "notification_create"
  | "timer_create";

const paidBy = (call: Create): WasiCall => answersNumber("ii", (_, args) => ({ call, fd: i32(args, 0) }));

/** `foldos_budget`: its limit and what is used of it, in bytes. */
const BUDGET_BYTES = 16;

export const objectCalls: WasiCalls = {
  table_create: paidBy("table_create"),
  table_fetch: answersNumber("iii", (_, args) => ({
    call: "table_fetch",
    fd: i32(args, 0),
    index: i32(args, 1),
  })),
  table_store: answersNothing("iii", (_, args) => ({
    call: "table_store",
    fd: i32(args, 0),
    index: i32(args, 1),
    stored: i32(args, 2),
  })),
  brand_create: paidBy("brand_create"),
  cap_seal: answersNumber("iiii", (_, args) => ({
    call: "cap_seal",
    fd: i32(args, 0),
    sealed: i32(args, 1),
    budget: i32(args, 2),
  })),
  cap_unseal: answersNumber("iii", (_, args) => ({
    call: "cap_unseal",
    fd: i32(args, 0),
    box: i32(args, 1),
  })),
  membrane_create: paidBy("membrane_create"),
  cap_wrap: answersNumber("iii", (_, args) => ({
    call: "cap_wrap",
    fd: i32(args, 0),
    wrapped: i32(args, 1),
  })),
  endpoint_create: paidBy("endpoint_create"),
  notification_create: paidBy("notification_create"),
  timer_create: paidBy("timer_create"),
  budget_split: answersNumber("ili", (_, args) => ({
    call: "budget_split",
    fd: i32(args, 0),
    sizeBytes: u64(args, 1),
  })),
  budget_examine: {
    parameters: "ii",
    parse: (memory, args) => {
      memory.within(i32(args, 1), BUDGET_BYTES);
      return { call: "budget_examine", fd: i32(args, 0) };
    },
    reply: (memory, args, { event }) => {
      memory.setU64(i32(args, 1), numberIn(event, "limit"));
      memory.setU64(i32(args, 1) + 8, numberIn(event, "used"));
    },
  },
};
