/** Bugs in who has the processor, who waits, and what is left of a limit. */
import type { PlantedBug } from "./planted-bug.ts";

export const scheduleBugs: readonly PlantedBug[] = [
  {
    name: "a queue that ends where one has left it",
    law: "F1-turns",
    file: "reducers/scheduler/ready-queue.js",
    from: "edit(tasks, before).behind = behind;",
    to: "edit(tasks, before).behind = 0;",
  },
  {
    name: "a heap of timers that sinks to the left only",
    law: "F1-timers",
    file: "core/heap.js",
    from: "return right < count && isEarlier(get(heap, right), get(heap, left)) ? right : left;",
    to: "return left;",
  },
  {
    name: "a timer that outlives its wait",
    law: "F1-turns",
    file: "reducers/scheduler/reduce-scheduler.js",
    from: "if (timer >= 0)",
    to: "if (timer > 0)",
  },
  {
    name: "a waiter that is still found where it waited",
    law: "F1-turns",
    file: "reducers/scheduler/reduce-scheduler.js",
    from: "for (const object of objects)\n        removePid(waitersIn(scheduler), object, pid);",
    to: "for (const object of objects.slice(0, 2))\n        removePid(waitersIn(scheduler), object, pid);",
  },
  {
    name: "ticks that are not counted at the end of a turn",
    law: "F1-turns",
    file: "reducers/scheduler/reduce-scheduler.js",
    from: "taskOf(scheduler, pid).ticks += ticks;",
    to: "taskOf(scheduler, pid).ticks = ticks;",
  },
  {
    name: "a limit that forgets the turns before",
    law: "F1-turns",
    file: "reducers/scheduler/scheduler-selectors.js",
    from: "most = lower(most, limit - ticks - used);",
    to: "most = lower(most, limit - used);",
  },
  {
    name: "ticks that are forgotten when a process ends",
    law: "F1-turns",
    file: "reducers/scheduler/reduce-scheduler.js",
    from: "{ epoch: FRESH, ticks: task.ticks, donee: task.donee }",
    to: "{ epoch: FRESH, ticks: 0, donee: task.donee }",
  },
  {
    name: "a queue from which the last is taken first",
    law: "F2",
    file: "reducers/scheduler/scheduler-selectors.js",
    from: "levelOf(currentDomain(scheduler), highest)).first",
    to: "levelOf(currentDomain(scheduler), highest)).last",
  },
  {
    name: "a quantum that is longer once another process has ended",
    law: "B10-turns",
    file: "reducers/scheduler/scheduler-selectors.js",
    from: "let most = scheduler.quantum;",
    to: "let most = scheduler.quantum + (peek(scheduler.tasks, 2) === null ? 3 : 0);",
  },
];
