/** Bugs in who is said to hold what, and what of that is said to be unused. */
import type { PlantedBug } from "./planted-bug.ts";

export const authorityBugs: readonly PlantedBug[] = [
  {
    name: "a pipe whose ends are no one object",
    law: "G2",
    file: "replay/authority/authority-view.js",
    from: "same.push(row);",
    to: "same[0] = row;",
  },
  {
    name: "a capability that was given and arrives unseen",
    law: "G2-kept",
    file: "replay/authority/touched-slots.js",
    from: "return [event.from, event.to];",
    to: "return [event.from];",
  },
  {
    name: "a revocation that a rule does not hear of",
    law: "G2-kept",
    file: "replay/authority/touched-slots.js",
    from: "return Array.from(removedOf(event), ([, , address]) => address);",
    to: "return [];",
  },
  {
    name: "a refusal that needs no right",
    law: "G4",
    file: "replay/authority/refusal-rules.js",
    from: "ledger.perhaps(held, onDescriptor[name] ?? 0,",
    to: "ledger.perhaps(held, 0,",
  },
  {
    name: "a receiver who needs no right to receive",
    law: "G4",
    file: "replay/authority/use-rules.js",
    from: '"ipc/received": by(endpointRight.receive),',
    to: '"ipc/received": nothing,',
  },
  {
    name: "a table that is fetched from without a right",
    law: "G4",
    file: "replay/authority/foldos-use-rules.js",
    from: "tableRight.fetch);",
    to: "0);",
  },
  {
    name: "a signal that needs no right",
    law: "G4",
    file: "replay/authority/use-rules.js",
    from: '"notification/signalled": by(notificationRight.signal),',
    to: '"notification/signalled": nothing,',
  },
  {
    name: "what is opened with rights that its directory hands on, unsaid",
    law: "G4",
    file: "replay/authority/use-rules.js",
    from: "inheriting: event.rights | event.inheriting",
    to: "inheriting: event.rights",
  },
];
