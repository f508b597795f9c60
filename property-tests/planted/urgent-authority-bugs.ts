/** Bugs in who may interrupt and be urgent, and in who checks it. */
import type { PlantedBug } from "./planted-bug.ts";

export const urgentAuthorityBugs: readonly PlantedBug[] = [
  {
    name: "an interrupt that signals by a capability without the right to",
    law: "B1-urgent",
    file: "reducers/decide/interrupt-calls.js",
    from: '{ object: "notification", rights: notificationRight.signal }',
    to: '{ object: "notification", rights: 0 }',
  },
  {
    name: "a context that gets its terms by whoever may bind it",
    law: "B1-urgent",
    file: "reducers/decide/context-calls.js",
    from: '{ object: "context", rights: contextRight.configure }',
    to: '{ object: "context", rights: contextRight.bind }',
  },
  {
    name: "a checker that has forgotten the timer that has just fired",
    law: "B1-urgent",
    file: "replay/authority/check/known-urgency.js",
    from: "this.#fired.add(event.timer);",
    to: "",
  },
  {
    name: "a checker that lets everybody signal, as lines and timers do",
    law: "G6-urgent",
    file: "replay/authority/check/log-checker.js",
    from: 'if (event.pid === 0 && event.type === "notification/signalled")',
    to: 'if (event.type === "notification/signalled")\n return true; if (address < 0)',
  },
];
