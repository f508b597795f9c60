/** Bugs in whose slot it is, who may have it, and who pays for what goes beyond it. */
import type { PlantedBug } from "./planted-bug.ts";

const anyHighest =
  "scheduler.partition === undefined ? highestReady(scheduler) : Math.max(...[...rowsOf(scheduler.partition.domains)].map(([, one]) => one.highest))";

export const schedulingDomainBugs: readonly PlantedBug[] = [
  {
    name: "a slot that is lent to the next domain where nobody of its own is ready",
    law: "B10-domains",
    file: "reducers/decide/schedule.js",
    from: "isSlotOver(scheduler) ? 0 : firstReady(scheduler);",
    to: "isSlotOver(scheduler) ? 0 : firstReady(scheduler) || firstReady({ ...scheduler, partition: { ...scheduler.partition, domain: 1 - (scheduler.partition.domain % 2) } });",
  },
  {
    name: "what is left of an idle slot that is given to the next domain",
    law: "B10-domains",
    file: "reducers/scheduler/domains.js",
    from: "before.left = Math.min(0, before.left);",
    to: "if (before.left > 0) domainOf(scheduler, domain).left += before.left; before.left = Math.min(0, before.left);",
  },
  {
    name: "ties that are ordered by the place in the log, whosever they are",
    law: "B10-domains",
    file: "reducers/decide/schedule.js",
    from: "order.filter((pid) => (get(tasks, pid).domain ?? 0) === domain), seed, wakes)",
    to: "order.filter((pid) => (get(tasks, pid).domain ?? 0) === domain), seed, seq)",
  },
  {
    name: "a turn that ends because somebody of another domain comes first",
    law: "B10-domains",
    file: "reducers/decide/schedule.js",
    from: "const highest = highestReady(scheduler); return highest >= 0",
    to: `const highest = ${anyHighest}; return highest >= 0`,
  },
  {
    name: "a call that hands on the processor to somebody of another domain",
    law: "B10-domains",
    file: "reducers/decide/schedule.js",
    from: "const highest = highestReady(scheduler); if (highest >= 0)",
    to: `const highest = ${anyHighest}; if (highest >= 0)`,
  },
  {
    name: "a round beyond a slot that the next domain pays for",
    law: "B10-domains",
    file: "reducers/scheduler/domains.js",
    from: "before.left = Math.min(0, before.left);",
    to: "if (before.left < 0) domainOf(scheduler, domain).left += before.left; before.left = 0;",
  },
  {
    name: "a spawned process that is of the first domain, whoever made it",
    law: "B10-domains",
    file: "reducers/decide/process-control.js",
    from: "scheduler === undefined || domain === 0 ? []",
    to: "scheduler === undefined || domain >= 0 ? []",
  },
  {
    name: "a round beyond a slot that nobody pays back",
    law: "F1-domains",
    file: "reducers/scheduler/domains.js",
    from: "before.left = Math.min(0, before.left);",
    to: "before.left = 0;",
  },
  {
    name: "a turn that goes on beyond its slot",
    law: "F1-domains",
    file: "reducers/scheduler/scheduler-selectors.js",
    from: "most = lower(most, slot - used);",
    to: "most = lower(most, slot);",
  },
  {
    name: "a slot that begins again when somebody of its domain wakes",
    law: "F3-domains",
    file: "reducers/scheduler/domains.js",
    from: ".wakes += 1;",
    to: ".left = 3000;",
  },
  {
    name: "slots that pass though somebody is ready in them",
    law: "F8-divided",
    file: "reducers/decide/pass-slots.js",
    from: "if (isAnybodyReady(scheduler)) return [enterNext(scheduler)];",
    to: "",
  },
  {
    name: "a replay that lets turns go on beyond their slots",
    law: "F1-divided",
    file: "replay/replay-turns.js",
    from: "Math.max(0, ticksFor(scheduler, pid, ticks))",
    to: "scheduler.quantum",
  },
  {
    name: "a power cut behind which nobody is woken, where there are domains",
    law: "D3-divided",
    file: "reducers/decide/schedule.js",
    from: "if (scheduler === undefined) return [];",
    to: "if (scheduler?.partition !== undefined) return [];",
  },
  {
    name: "a standstill of those whose slot it is",
    law: "F-divided-standstill",
    file: "reducers/scheduler/scheduler-selectors.js",
    from: "[...rowsOf(partition.domains)].some(([, one]) => one.highest >= 0)",
    to: "get(partition.domains, partition.domain).highest >= 0",
  },
  {
    name: "a fork that does not go on in the slot of another domain",
    law: "G3-divided",
    file: "machine/fork/fork-turns.js",
    from: 'case "domain/entered":',
    to: 'case "never":',
  },
  {
    name: "a proof in which slots pass when it likes",
    law: "G4-divided",
    file: "machine/fork/recorded-wakes.js",
    from: '|| type === "domain/entered" ||',
    to: "||",
  },
  {
    name: "a turn that ends because somebody of another domain is to be started again",
    law: "B10-programs",
    file: "machine/live-turns.js",
    from: "this.#scheduler.partition === undefined && this.#supervisor?.isDue === true",
    to: "this.#supervisor?.isDue === true",
  },
  {
    name: "a priority that is given to nobody of another domain",
    law: "F2-domains",
    file: "reducers/scheduler/standing.js",
    from: "for (const donor of donorsOf(scheduler, donee)) found.add(donor);",
    to: "for (const donor of donorsOf(scheduler, donee)) if (get(scheduler.tasks, donor).domain === get(scheduler.tasks, pid).domain) found.add(donor);",
  },
];
