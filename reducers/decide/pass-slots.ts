/**
 * Decides whose slot it is, where there are scheduling domains. A slot ends when its ticks are used up. Where nobody of its domain is
 * ready it passes: the machine waits as long as what is left of it would take. So nobody can tell by its own slots whether others do
 * anything in theirs.
 */
import { get, rowsOf, sizeOf } from "../../core/table.ts";
import type { KernelFact } from "../kernel-event.ts";
import { TICKS_PER_MICRO } from "../scheduler/contexts.ts";
import { isAnybodyReady, slotLeft } from "../scheduler/scheduler-selectors.ts";
import type { Partition, SchedulerState } from "../scheduler/scheduler-state.ts";

/** Whether nothing is left of the slot of the domain that has the processor. */
export const isSlotOver = (scheduler: SchedulerState): boolean => (slotLeft(scheduler) ?? 1) <= 0;

/** The next domain's slot begins. */
export function enterNext({ partition }: SchedulerState): KernelFact {
  const { domain, domains } = partition as Partition;
  return { type: "domain/entered", domain: (domain + 1) % sizeOf(domains), passed: 0 };
}

/** Until when to sleep from a kernel time on, where nobody is ready whose slot it is; `due` is when something else is (0: never). */
export function sleepsUntil(scheduler: SchedulerState, now: number, due: number): number {
  if (!isAnybodyReady(scheduler)) return due;
  const end = now + Math.ceil(Math.max(0, slotLeft(scheduler) ?? 0) / TICKS_PER_MICRO);
  return due === 0 ? end : Math.min(due, end);
}

/**
 * What has become of the slots when so many ticks have passed in which nobody was ready whose slot it was. If somebody of another domain
 * is, no more than this slot is over: what the clock went on beyond its end is nobody's. Else others passed, too, as they would have.
 */
export function passSlots(scheduler: SchedulerState, ticks: number): readonly KernelFact[] {
  const left = slotLeft(scheduler) ?? 0;
  if (ticks < left) return ticks === 0 ? [] : [{ type: "domain/idled", ticks }];
  if (isAnybodyReady(scheduler)) return [enterNext(scheduler)];
  const { domain, passed, rest } = landing(scheduler.partition as Partition, ticks - left);
  const entered: KernelFact = { type: "domain/entered", domain, passed };
  return rest === 0 ? [entered] : [entered, { type: "domain/idled", ticks: rest }];
}

/** In whose slot a time ends that begins behind that of the domain that has the processor, and how far in it. */
function landing(
  { domain: current, domains }: Partition,
  ticks: number,
): { readonly domain: number; readonly passed: number; readonly rest: number } {
  const all = [...rowsOf(domains)].map(([, { ticks: length, left }]) => ({
    length,
    debt: Math.min(0, left),
  }));
  const round = all.reduce((sum, { length }) => sum + length, 0);
  let rest = ticks;
  let passed = 0;
  for (let domain = (current + 1) % all.length; ; domain = (domain + 1) % all.length) {
    const one = all[domain] as { length: number; debt: number };
    const slot = one.length + one.debt;
    if (rest < slot) return { domain, passed, rest };
    rest -= Math.max(0, slot);
    one.debt = Math.min(0, slot);
    passed += 1;
    if (rest >= round && all.every(({ debt }) => debt === 0)) {
      passed += all.length * Math.floor(rest / round);
      rest %= round;
    }
  }
}

/** That a process is of a domain. */
export const assignment = ({ partition }: SchedulerState, domain: number): KernelFact => ({
  type: "process/assigned",
  domain,
  name: partition === undefined ? "" : get(partition.domains, domain).name,
});
