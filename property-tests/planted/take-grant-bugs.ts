/** Bugs in who can come to hold what, in the steps that are told, in cuts, and in the rules that steps follow. */
import type { PlantedBug } from "./planted-bug.ts";

const search = "replay/authority/sharing-search.js";
const chain = "replay/authority/sharing-chain.js";
const sides = "replay/authority/sharing-sides.js";
const changed = "replay/authority/changed-graph.js";

export const takeGrantBugs: readonly PlantedBug[] = [
  {
    name: "an object that takes",
    law: "B6",
    file: search,
    from: "if (acts) this.#meet(vertex, HELD, cost, visit);",
    to: "this.#meet(vertex, HELD, cost, visit);",
  },
  {
    name: "an object that grants what it was granted",
    law: "B6",
    file: search,
    from: "if (!acts) return; this.#meet(vertex, REACHED, cost, visit);",
    to: "this.#meet(vertex, REACHED, cost, visit);",
  },
  {
    name: "a bridge of two who take from one object",
    law: "B6",
    file: search,
    from: "by: GRANT, to: LENT",
    to: "by: GRANT | TAKE, to: LENT",
  },
  {
    name: "a bridge whose far end is one edge long",
    law: "B6",
    file: search,
    from: "return this.#goIn({ visit, cost, by: TAKE, to: LENT });",
    to: "return;",
  },
  {
    name: "an initial span that ends at subjects only",
    law: "B6",
    file: search,
    from: "if (place === LENT && this.isMet(vertex, TAPPED))",
    to: "if ((place === LENT && this.isMet(vertex, TAPPED)) || (place === HELD && cost > 0 && !isSubject(this.#graph, vertex)))",
  },
  {
    name: "rights of two edges between the same vertices that are not joined",
    law: "B6",
    file: "replay/authority/protection-graph-builder.js",
    from: "isSame ? rights[last] | rights[edge] : rights[edge]",
    to: "rights[edge]",
  },
  {
    name: "a stretch backward that is held to be as short as its edges",
    law: "B6-chain",
    file: search,
    from: "const BACKWARD_STEPS = 3;",
    to: "const BACKWARD_STEPS = 1;",
  },
  {
    name: "a search that is content with the first way",
    law: "B6-chain",
    file: search,
    from: "if (this.#costs[goal] === cost)",
    to: "if (this.#costs[goal] >= 0)",
  },
  {
    name: "a lender who grants by a right that he has yet to take",
    law: "B6-chain",
    file: chain,
    from: "this.#take(lent, GRANT, middle);",
    to: "",
  },
  {
    name: "a trail that is taken along without take over its vertices",
    law: "B6-chain",
    file: chain,
    from: "rights: TAKE, target: next",
    to: "rights, target: next",
  },
  {
    name: "a search that does not wait for three steps",
    law: "B6-bounded",
    file: search,
    from: "empty < RING; cost += 1",
    to: "empty < RING - 2; cost += 1",
  },
  {
    name: "a crossing by grant that is not told",
    law: "B6-cut",
    file: sides,
    from: "(has(source, WITHIN) && !has(target, HOLDER)) || (has(target, WITHIN) && !has(source, LEADS))",
    to: "(has(source, WITHIN) && !has(target, HOLDER))",
  },
  {
    name: "an edge that opens, as is said, and does not",
    law: "B6-cut",
    file: sides,
    from: "has(reached.source & goal.target, WITHIN)",
    to: "has(reached.source, WITHIN)",
  },
  {
    name: "a way towards x that any right paves",
    law: "B6-cut",
    file: sides,
    from: "if (has(held, TAKE))",
    to: "if (held !== 0)",
  },
  {
    name: "a step of an object",
    law: "B6-rules",
    file: changed,
    from: "if (!isVertex(actor) || !this.isSubject(actor))",
    to: "if (!isVertex(actor))",
  },
  {
    name: "a right that is still held after it was given up",
    law: "B6-rules",
    file: changed,
    from: "& ~step.rights",
    to: "| step.rights",
  },
  {
    name: "a taker of rights that the other has in part",
    law: "B2-graph",
    file: changed,
    from: "return this.holds(step.from, rights, step.target) ? null",
    to: "return this.rightsBetween(step.from, step.target) !== 0 ? null",
  },
  {
    name: "one who grants to whom he may only take from",
    law: "B3-graph",
    file: changed,
    from: "!this.holds(actor, GRANT, step.to)",
    to: "(!this.holds(actor, GRANT, step.to) && !this.holds(actor, TAKE, step.to))",
  },
];
