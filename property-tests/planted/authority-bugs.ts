/** Bugs in who may do what, and in who explains and who verifies it. */
import type { PlantedBug } from "./planted-bug.ts";

export const authorityBugs: readonly PlantedBug[] = [
  {
    name: "a file that is read without the right to",
    law: "B1",
    file: "reducers/decide/file-contents.js",
    from: "const missing = (needed | (transfer.offset === undefined ? 0 : right.fdSeek)) & ~capability.rights;",
    to: "const missing = transfer.offset === undefined ? 0 : needed & ~capability.rights;",
  },
  {
    name: "a mint that has more rights than what it is made of",
    law: "B1",
    file: "reducers/decide/derive-capability.js",
    from: "const beyond = (rights & ~capability.rights) | (inheriting & ~capability.inheriting);",
    to: "const beyond = inheriting & ~capability.inheriting;",
  },
  {
    name: "a revocation that leaves what it took in its slot",
    law: "B1",
    file: "reducers/capabilities/reduce-capabilities.js",
    from: "drop(capabilities, address);\n        if (leavesVoid(event, address))",
    to: 'if (event.why === "revoked") continue;\n        drop(capabilities, address);\n        if (leavesVoid(event, address))',
  },
  {
    name: "a directory that is listed without the right to",
    law: "B1-wasi",
    file: "reducers/decide/descriptor-calls.js",
    from: "if ((held.capability.rights & right.fdReaddir) === 0)",
    to: "if (held.capability.rights < 0)",
  },
  {
    name: "a pipe's read that names another capability",
    law: "B1-turns",
    file: "reducers/decide/stream-calls.js",
    from: 'type: "pipe/read",\n        by: capability.id,',
    to: 'type: "pipe/read",\n        by: capability.id - 1,',
  },
  {
    name: "an explanation that leaves out what something was opened through",
    law: "G1",
    file: "replay/authority/explain-effect.js",
    from: "used = events.eventAt(used.by);",
    to: 'const made = events.eventAt(used.by);\n        used = made?.type === "file/opened" ? events.eventAt(made.by) : made;',
  },
  {
    name: "a verifier that takes half a chain for a whole one",
    law: "G1-lies",
    file: "replay/authority/check/verify-chain.js",
    from: 'return refuse(event.seq, "the chain ends before it comes to what boot granted");',
    to: "return accept(verified);",
  },
  {
    name: "a name that is not heard where a message ends",
    law: "B18",
    file: "replay/authority/deputies/heard-words.js",
    from: "return isIt ? [...places, { seq: this.#seq, offset: this.#offset - length }] : places;",
    to: "return isIt ? places : [...places];",
  },
  {
    name: "bytes of two authors that are taken for one's",
    law: "B18",
    file: "replay/authority/deputies/byte-authors.js",
    from: "this.#ends[last] === position && this.#pids[last] === pid",
    to: "this.#ends[last] === position",
  },
  {
    name: "a checker that does not look who holds it",
    law: "G6",
    file: "replay/authority/check/log-checker.js",
    from: "if (!isOf(address, event.pid))",
    to: "if (address < 0)",
  },
  {
    name: "a checker that lets boot grant in the middle",
    law: "G6",
    file: "replay/authority/check/slot-changes.js",
    from: "if (call >= 0 || !this.#processes.mayBeGranted(pid))",
    to: "if (call >= 0)",
  },
  {
    name: "a verifier that does not see what was closed",
    law: "G6-chain",
    file: "replay/authority/check/row-at.js",
    from: 'case "capability/closed":\n            return gone;',
    to: 'case "capability/closed":\n            return { row, address };',
  },
];
