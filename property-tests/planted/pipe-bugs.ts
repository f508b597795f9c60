/** Bugs in what becomes of pipes when those who hold them end, and of calls in which guests rest. */
import type { PlantedBug } from "./planted-bug.ts";

export const pipeBugs: readonly PlantedBug[] = [
  {
    name: "a writer that does not hear of its reader's death",
    law: "F-pipes",
    file: "reducers/decide/woken.js",
    from: 'if (kind === "pipe-reader") return endWritten(state, target);',
    to: 'if (kind === "pipe-reader") return NOTHING;',
  },
  {
    name: "a reader that is not told that more has come",
    law: "F-hundred",
    file: "reducers/decide/woken.js",
    from: 'case "pipe/written": return [readable(event.pipe)];',
    to: 'case "pipe/written": return event.pipe % 40 === 39 ? NOTHING : [readable(event.pipe)];',
  },
  {
    name: "a call that is answered well because its guest was written down in it",
    law: "D9-images",
    file: "guests/guest-process.js",
    from: "this.#instance.answer(this.#errno);",
    to: "this.#instance.answer(this.#errno === 0 ? 0 : 28);",
  },
];
