/** Bugs in what memory budgets are made of, and in what is made of them. */
import type { PlantedBug } from "./planted-bug.ts";

export const budgetBugs: readonly PlantedBug[] = [
  {
    name: "a part of a budget that the whole is not charged for",
    law: "A9",
    file: "reducers/decide/create-object.js",
    from: 'object: "budget", to, bytes, detail: sizeBytes',
    to: 'object: "budget", to, detail: sizeBytes',
  },
  {
    name: "a budget that is destroyed although something lives of it",
    law: "A9",
    file: "reducers/decide/consequences.js",
    from: 'if (kind === "budget" && (peek(capabilities.budgets, target)?.used ?? 0) > 0)',
    to: 'if (kind === "budget" && (peek(capabilities.budgets, target)?.used ?? 0) > 512)',
  },
  {
    name: "an object with the id of the last one, which is no more",
    law: "A10",
    file: "reducers/capabilities/kernel-objects.js",
    from: "remove(objectsIn(capabilities), target);",
    to: "remove(objectsIn(capabilities), target); if (target + 1 === capabilities.nextObject) capabilities.nextObject = target;",
  },
  {
    name: "a budget that is refused its last bytes",
    law: "A10",
    file: "reducers/decide/create-object.js",
    from: "return used + bytes > limit ?",
    to: "return used + bytes >= limit ?",
  },
];
