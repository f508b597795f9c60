/**
 * Memory as it is handed out (A9, A10). Elsewhere that is untyped memory and its retyping; here nobody holds memory, but budgets of it
 * (decision 0014), and the laws are translated so:
 *
 * - Ranges of untyped memory, nested or apart (A9): a budget is made out of one other, or by boot. Out of what that had free it gets its
 *   allowance and its record, once, so two budgets have nothing in common unless one was made, over however many steps, of the other.
 * - A typed capability lies below the untyped one in whose range it is (A9): what an object costs is charged to the budget that paid,
 *   as long as it lives, and within every budget above that.
 * - Live objects do not overlap (A10): no two have the same id, none has one that any had before, and so no two tables of slots, whose
 *   addresses are made of it, have an address in common.
 * - Retype takes from the free range alone, and is refused where something lives there (A10): an object is made of what its budget has
 *   left, the first capability to it lies where nothing lay, and a budget that pays for anything is not destroyed, whoever lets go of it.
 */
import { errno } from "../../core/errno.ts";
import { peek, rowsOf } from "../../core/table.ts";
import {
  addressOf,
  MACHINE,
  ownerOfTable,
  slotOf,
  space,
  spaceOf,
} from "../../reducers/capabilities/address.ts";
import { allSlots, capabilityIn } from "../../reducers/capabilities/capability-selectors.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { Operation } from "../model/capability-operations.ts";
import type { Asked } from "../model/capability-world.ts";
import { BudgetBook, RECORD_BYTES } from "../models/budget-book.ts";
import { life, liveOut } from "./capability-life.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

const spending: readonly Operation["what"][] = [
  "create",
  "create",
  "split",
  "split",
  "split",
  "seal",
  "copy",
  "mint",
  "send",
  "receive",
  "receive",
  "wrap",
  "delete",
  "delete",
  "revoke",
  "open",
  "exit",
];

/** How many events there are between two looks at the whole. */
const SELDOM = 25;

function chargedBefore(book: BudgetBook, event: KernelEvent): void {
  if (event.type === "object/created" && event.budget !== 0) {
    const { seq, target, budget, bytes, object, detail } = event;
    const own = RECORD_BYTES + (object === "budget" ? detail : 0);
    demandEqual(bytes, own, `what ${object} ${target} costs, made by event ${seq}`);
    demand(
      bytes <= book.free(budget),
      `event ${seq} takes ${bytes} of ${book.free(budget)} left of ${budget}`,
    );
    demand(budget < target, `budget ${target} was made of a younger one`);
  }
  if (event.type !== "object/destroyed") return;
  const charge = book.live.get(event.target);
  demandEqual(
    [event.budget, event.bytes],
    [charge?.payer, charge?.bytes],
    `what event ${event.seq} gives back`,
  );
  demandEqual(book.spent(event.target), 0, `what lives of budget ${event.target} when it ends`);
}

/** The kernel's table of budgets is the book's, and whatever lives below a budget is within it. */
function laminar(book: BudgetBook, { capabilities }: KernelState, isWhole: boolean): void {
  const told = [...rowsOf(capabilities.budgets)].map(([id, { limit, used }]) => [id, limit, used]);
  const kept = [...book.live].filter(([, { kind }]) => kind === "budget");
  demandEqual(
    told,
    kept.map(([id, { allowance }]) => [id, allowance, book.spent(id)]).sort(byId),
    "the budgets that there are, their limits, and what is spent of them",
  );
  if (!isWhole) return;
  for (const [id, { allowance, payer }] of kept) {
    demand(book.recordsBelow(id) <= allowance, `more lives below budget ${id} than is within it`);
    demand(payer === 0 || book.live.get(payer)?.kind === "budget", `who paid for budget ${id} is no more`);
  }
}

const byId = ([one = 0]: readonly number[], [other = 0]: readonly number[]): number => one - other;

const budgetsAreLaminar = law({
  id: "A9",
  statement:
    "budgets lie in each other or apart: each is made of what one other had left, and all that is charged below it is within it, as long as it lives",
  runs: 20,
  cases: life(200, spending),
  holds: (drawn) => {
    const book = new BudgetBook();
    for (const { event, after } of liveOut(drawn).transitions) {
      chargedBefore(book, event);
      book.take(event);
      const concerns = event.type === "object/created" || event.type === "object/destroyed";
      if (concerns || event.seq % SELDOM === 0) laminar(book, after, event.seq % SELDOM === 0);
    }
  },
});

/** What an event gives an id to, as capabilities name it; null if it is nothing new. */
function bornBy(event: KernelEvent): readonly [kind: string, id: number] | null {
  switch (event.type) {
    case "object/created":
      return [event.object, event.target];
    case "file/opened":
    case "file/preopened":
      return ["file", event.open];
    case "process/started":
      return ["process", event.pid];
    case "pipe/created":
      return ["pipe-writer", event.pipe];
    default:
      return null;
  }
}

/** Whether anything names an object: a capability, or the mark of a membrane on one. */
function isNamed({ capabilities }: KernelState, kind: string, id: number): boolean {
  for (const [, { object, target, terms }] of allSlots(capabilities)) {
    if (object === kind && target === id) return true;
    if (kind === "membrane" && terms?.membrane === id) return true;
  }
  return false;
}

/** Every slot in use has an address of its own, of an owner that lives. */
function slotsAreApart(book: BudgetBook, { capabilities, processes }: KernelState): void {
  const seen = new Set<number>();
  for (const [address] of allSlots(capabilities)) {
    const owner = ownerOfTable(address);
    demandEqual(
      addressOf(spaceOf(address), owner, slotOf(address)),
      address,
      "an address, made of its parts",
    );
    demand(!seen.has(address), `two capabilities lie at ${address}`);
    seen.add(address);
    const isThere =
      spaceOf(address) === space.kept
        ? owner === MACHINE || book.live.has(owner)
        : peek(processes.rows, owner) !== null;
    demand(isThere, `something lies at ${address}, of an owner that is no more`);
  }
}

/** A call that makes an object is refused for want of memory where there is too little left, and only there, and changes nothing. */
function refusedWhereSpent({ pid, request, state, decision, after, at }: Asked): void {
  const isSplit = request.call === "budget_split";
  if (!isSplit && request.call !== "cap_seal" && !/^[a-z]+_create$/.test(request.call)) return;
  const fd = request.call === "cap_seal" ? request.budget : (request as { readonly fd: number }).fd;
  const row = fd < 2 ** 20 ? capabilityIn(state.capabilities, pid, fd) : null;
  const made =
    decision.kind === "facts" ? decision.facts.find(({ type }) => type === "object/created") : undefined;
  const isShort = decision.kind === "refused" && decision.errno === errno.nomem;
  if (made === undefined && !isShort) return;
  demand(row?.object === "budget", `${request.call} at ${at} is paid for from a budget`);
  const { limit, used } = peek(state.capabilities.budgets, row.target) ?? { limit: 0, used: 0 };
  const bytes = RECORD_BYTES + (isSplit ? request.sizeBytes : 0);
  demandEqual(isShort, used + bytes > limit, `whether ${bytes} bytes were too much for ${limit - used} left`);
  if (!isShort) return;
  const { objects, nextObject, budgets } = state.capabilities;
  const { capabilities: now } = after;
  demandEqual(
    [[...rowsOf(now.objects)], now.nextObject, [...rowsOf(now.budgets)]],
    [[...rowsOf(objects)], nextObject, [...rowsOf(budgets)]],
    `what there is, after ${request.call} was refused`,
  );
}

const objectsAreApart = law({
  id: "A10",
  statement:
    "no two objects have one id, and none has one that anything still names; each is made of what its budget has left, in a free place, or is refused and nothing is changed",
  runs: 12,
  cases: life(200, spending),
  holds: (drawn) => {
    const world = liveOut(drawn);
    const book = new BudgetBook();
    for (const { before, event, after } of world.transitions) {
      const born = bornBy(event);
      if (born !== null)
        demand(!isNamed(before, ...born), `event ${event.seq} gives away ${born.join(" ")} again`);
      if (event.type === "object/created") {
        const { seq, to, target } = event;
        demand(!book.wasGiven(target), `event ${seq} gives id ${target}, which an object had before`);
        demandEqual(rowAt(before.capabilities, to), null, `what lay where event ${seq} puts its capability`);
        const made = rowAt(after.capabilities, to);
        demandEqual([made?.id, made?.target], [seq, target], `what event ${seq} puts at ${to}`);
      }
      book.take(event);
      // A box is filled before it is there: that it was made is the answer.
      const isWhole = event.type !== "capability/derived" || event.how !== "sealed";
      if (isWhole && event.seq % SELDOM === 0) slotsAreApart(book, after);
    }
    slotsAreApart(book, world.state);
    for (const asked of world.asked) refusedWhereSpent(asked);
  },
});

export const budgetLaws: readonly Law[] = [budgetsAreLaminar, objectsAreApart];
