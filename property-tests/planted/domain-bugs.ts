/** Bugs in which processes are told to be of one domain of trust, and since when. */
import type { PlantedBug } from "./planted-bug.ts";

export const domainBugs: readonly PlantedBug[] = [
  {
    name: "an endpoint over which all take and nobody gives",
    law: "B9",
    file: "replay/authority/authority-edges.js",
    from: "(takes ? TAKE : 0) | (grants ? GRANT : 0)",
    to: "(takes ? TAKE : 0) | (grants && !takes ? GRANT : 0)",
  },
  {
    name: "an endpoint that is heard by those alone whose right to is on its way",
    law: "B9",
    file: "replay/authority/authority-edges.js",
    from: 'holder.kind !== "machine"',
    to: 'holder.kind === "message"',
  },
  {
    name: "a warning of those who were one domain before",
    law: "B9-joins",
    file: "replay/authority/domain-joins.js",
    from: "joined.join(old);",
    to: "",
  },
  {
    name: "a warning that names the grant behind the one that joined them",
    law: "B9-joins",
    file: "replay/authority/domain-joins.js",
    from: "low = middle + 1;",
    to: "low = middle + 2;",
  },
];
