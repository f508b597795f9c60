/**
 * Scheduling domains, as seL4 has them: the processor is of one after the other, for a slot of so many ticks. A slot is lent to nobody:
 * where nobody of its domain is ready it passes. A turn ends with its slot; what the last round of a loop uses beyond that is what the
 * domain's own next slot is shorter by. So how a domain goes on hangs on what it did itself, and on nothing that others do: whose turn it
 * is, for how many ticks, and who comes first of those that are woken together follow from its own queue, its own slots and its own count
 * of wakes. What others can change is when its slots are, and between which events of the log.
 */
import { invariant } from "../../core/assert.ts";
import { FRESH, type Own } from "../../core/own.ts";
import { ownerOf } from "../../core/owner-of.ts";
import { edit, emptyTable, get, set, sizeOf } from "../../core/table.ts";
import type { DomainEvent } from "./domain-event.ts";
import type { Domain, Partition, SchedulerState } from "./scheduler-state.ts";

const partitionOf = ownerOf<SchedulerState>()("partition");
const domainsIn = ownerOf<Partition>()("domains");

/** The machine has domains from now on; whoever lives already is of the first. */
export function divide(
  scheduler: Own<SchedulerState>,
  { domains: names, slotTicks }: Extract<DomainEvent, { type: "scheduler/partitioned" }>,
): void {
  invariant(scheduler.partition === undefined, "a machine is divided into domains once");
  invariant(slotTicks.length > 0 && slotTicks.every((ticks) => ticks > 0), "each domain has slots");
  const { highest, occupied } = scheduler;
  scheduler.partition = { epoch: FRESH, domain: 0, isOwing: false, domains: emptyTable() };
  scheduler.highest = -1;
  scheduler.occupied = occupied.map(() => 0);
  const domains = domainsIn(partitionOf(scheduler));
  slotTicks.forEach((length, domain) => {
    const isFirst = domain === 0;
    set(domains, domain, {
      epoch: FRESH,
      name: names[domain] ?? "",
      ticks: length,
      left: isFirst ? length : 0,
      wakes: 0,
      highest: isFirst ? highest : -1,
      occupied: isFirst ? occupied : occupied.map(() => 0),
    });
  });
}

const domainOf = (scheduler: Own<SchedulerState>, domain: number): Own<Domain> =>
  edit(domainsIn(partitionOf(scheduler)), domain);

/** One has woken: those that are woken together next have another order. */
export function countWake(scheduler: Own<SchedulerState>, pid: number): void {
  if (scheduler.partition === undefined) return;
  domainOf(scheduler, get(scheduler.tasks, pid).domain ?? 0).wakes += 1;
}

/** A turn begins, for which the slot is to be charged, once. */
export function oweSlot(scheduler: Own<SchedulerState>): void {
  if (scheduler.partition !== undefined) partitionOf(scheduler).isOwing = true;
}

/** What a turn has used is of the slot of its domain. */
export function useSlot(scheduler: Own<SchedulerState>, ticks: number): void {
  const { partition } = scheduler;
  if (partition === undefined || !partition.isOwing) return;
  partitionOf(scheduler).isOwing = false;
  domainOf(scheduler, partition.domain).left -= ticks;
}

/** So much of the slot has passed, and nobody had it. */
export function idle(scheduler: Own<SchedulerState>, ticks: number): void {
  const { partition } = scheduler;
  if (partition !== undefined) domainOf(scheduler, partition.domain).left -= ticks;
}

/** The slot of another domain begins; what was left of the one before is nobody's. */
export function enter(
  scheduler: Own<SchedulerState>,
  { domain, passed }: Extract<DomainEvent, { type: "domain/entered" }>,
): void {
  if (scheduler.partition === undefined) return;
  const partition = partitionOf(scheduler);
  const count = sizeOf(partition.domains);
  const before = domainOf(scheduler, partition.domain);
  before.left = Math.min(0, before.left);
  for (let ahead = 0; ahead < Math.min(passed, count); ahead += 1) {
    const idled = domainOf(scheduler, (partition.domain + 1 + ahead) % count);
    const times = Math.floor((passed - 1 - ahead) / count) + 1;
    idled.left = Math.min(0, idled.left + times * idled.ticks);
  }
  const entered = domainOf(scheduler, domain);
  entered.left += entered.ticks;
  partition.domain = domain;
}
