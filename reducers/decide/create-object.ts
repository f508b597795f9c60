/** Deciders that make kernel objects: each is paid for from a memory budget, and its maker holds all rights to it. */
import { errno } from "../../core/errno.ts";
import { allRightsOf, budgetRight, type ObjectKind } from "../../core/object-rights.ts";
import { get } from "../../core/table.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { type Decision, facts, refuse, type Refused, refusedOf } from "./decision.ts";
import type { FoldosRequestOf } from "./foldos-request.ts";
import { freeAddress, type Usable, usable } from "./usable.ts";

/** What an object costs its budget: about what its record takes, with room for what it keeps. */
export const OBJECT_BYTES = 256;

type Created = Extract<KernelFact, { type: "object/created" }>;

/** What a guest's call makes. */
export const madeBy = {
  table_create: "table",
  brand_create: "brand",
  membrane_create: "membrane",
  endpoint_create: "endpoint",
  notification_create: "notification",
  timer_create: "timer",
} as const satisfies Record<string, ObjectKind>;

/** A budget that has so much left. */
export function payer(state: KernelState, pid: number, fd: number, bytes: number): Usable | Refused {
  const budget = usable(state, pid, fd, { object: "budget", rights: budgetRight.spend });
  if (budget.kind === "refused") return budget;
  const { limit, used } = get(state.capabilities.budgets, budget.capability.target);
  return used + bytes > limit ? refusedOf(fd, refuse(errno.nomem, "budget-spent")) : budget;
}

/** The fact that an object was made; its first capability lies at `to`. */
export const createdFact = (
  state: KernelState,
  budget: Usable,
  made: Pick<Created, "object" | "to"> & Partial<Created>,
): Created => ({
  type: "object/created",
  by: budget.capability.id,
  target: state.capabilities.nextObject,
  rights: allRightsOf(made.object),
  budget: budget.capability.target,
  bytes: OBJECT_BYTES,
  label: "",
  detail: 0,
  ...made,
});

export function createObject(
  state: KernelState,
  pid: number,
  { call, fd }: FoldosRequestOf<keyof typeof madeBy>,
): Decision {
  const budget = payer(state, pid, fd, OBJECT_BYTES);
  if (budget.kind === "refused") return budget;
  const to = freeAddress(state, pid);
  return typeof to === "number" ? facts(createdFact(state, budget, { object: madeBy[call], to })) : to;
}

/** A budget of its own, out of what is left of another. */
export function splitBudget(
  state: KernelState,
  pid: number,
  { fd, sizeBytes }: FoldosRequestOf<"budget_split">,
): Decision {
  const budget = usable(state, pid, fd, { object: "budget", rights: budgetRight.split });
  if (budget.kind === "refused") return budget;
  const { limit, used } = get(state.capabilities.budgets, budget.capability.target);
  const bytes = sizeBytes + OBJECT_BYTES;
  if (used + bytes > limit) return refuse(errno.nomem, "budget-spent");
  const to = freeAddress(state, pid);
  if (typeof to !== "number") return to;
  return facts(createdFact(state, budget, { object: "budget", to, bytes, detail: sizeBytes }));
}

export function examineBudget(state: KernelState, pid: number, fd: number): Decision {
  const budget = usable(state, pid, fd, { object: "budget", rights: budgetRight.examine });
  if (budget.kind === "refused") return budget;
  const { id: by, target } = budget.capability;
  const { limit, used } = get(state.capabilities.budgets, target);
  return facts({ type: "budget/examined", by, budget: target, limit, used });
}
