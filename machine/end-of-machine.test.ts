import { expect, test } from "@jest/globals";
import { kernelCodec } from "../reducers/kernel-event.ts";
import { kernelInvariants } from "../reducers/kernel-invariants.ts";
import { addressOf, space } from "../reducers/capabilities/address.ts";
import { PID, scriptedMachine } from "../reducers/scripted-machine.ts";
import { Fold } from "../reducers/step.ts";
import { sizeOf } from "../core/table.ts";
import { endOfMachine } from "./end-of-machine.ts";

const OTHER = 2;
const DIRECTORY_SLOT = 3;

test("processes that ended one after the other gave each thing back once, and what nobody holds is destroyed", () => {
  const machine = scriptedMachine();
  const started = { program: "", name: "other", args: [], environment: [], memoryPages: 1 };
  machine.happen(OTHER, { type: "process/started", ...started });
  // Another process was lent the directory until this one has it no longer.
  const lent = machine.perform({
    call: "cap_lease",
    fd: DIRECTORY_SLOT,
    until: 0,
    uses: 0,
    withHolder: true,
  });
  if (lent.type !== "capability/derived") throw new TypeError("a lease is derived");
  const { by: _, to: from, rights, inheriting } = lent;
  machine.happen(PID, {
    type: "capability/carried",
    by: lent.seq,
    from,
    to: addressOf(space.process, OTHER, 7),
    rights,
    inheriting,
    badge: 0,
  });
  const { state } = machine;
  const facts = endOfMachine(state, { type: "process/killed", signal: "SIGINT", code: 130 });
  const fold = new Fold(state);
  for (const { pid, fact } of facts) {
    fold.apply(kernelCodec.seal(fact, fold.state.seq, fold.state.at, -1, pid, -1));
    for (const [name, holds] of Object.entries(kernelInvariants))
      expect([name, holds(fold.state)]).toEqual([name, true]);
  }
  expect(facts.map(({ fact }) => fact.type)).toContain("capability/removed");
  expect(facts.at(-1)?.fact.type).toBe("machine/powered-off");
  expect(sizeOf(fold.state.files.opens)).toBe(0);
});
