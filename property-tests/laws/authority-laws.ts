import fc from "fast-check";
import { own, beginEpoch } from "../../core/own.ts";
import { peek, rowsOf } from "../../core/table.ts";
import { addressOf, space } from "../../reducers/capabilities/address.ts";
import { ownRow, takeRow } from "../../reducers/capabilities/slots.ts";
import { decide } from "../../reducers/decide/decide.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import {
  type HeldInStretch,
  isUnused,
  unusedInheriting,
  unusedRights,
} from "../../replay/authority/held-in-stretch.ts";
import { UseLedger } from "../../replay/authority/use-ledger.ts";
import { GuestPaths } from "../../replay/guest-paths.ts";
import { AuthorityMachine, type AuthorityStep, authoritySteps, PIDS } from "../model/authority-machine.ts";
import { demandEqual, law, type Law } from "./law.ts";

interface Case {
  readonly steps: readonly AuthorityStep[];
  readonly pid: number;
  readonly start: number;
}

/** What a process used in all that happened from a seq on. */
function usedFrom(
  { events }: AuthorityMachine["machine"],
  pid: number,
  seq: number,
): readonly HeldInStretch[] {
  const fold = new Fold(initialState());
  for (const event of events.slice(0, seq)) fold.apply(event);
  const ledger = new UseLedger(fold.state, pid, new GuestPaths());
  for (const event of events.slice(seq)) {
    ledger.take(fold.state, event);
    fold.apply(event);
    ledger.settle(fold.state, event);
  }
  return ledger.held;
}

/** A state in which a process holds, of what it held before, no right that it did not need. */
function narrowed(state: KernelState, pid: number, held: ReadonlyMap<number, HeldInStretch>): KernelState {
  const machine = beginEpoch(state);
  const capabilities = own(machine, "capabilities");
  const slots = [
    ...rowsOf(peek(state.capabilities.tables, pid)?.slots ?? { epoch: 0, levels: 0, root: null }),
  ];
  for (const [slot, { id }] of slots) {
    const used = held.get(id);
    if (used === undefined) continue;
    const row = ownRow(capabilities, addressOf(space.process, pid, slot));
    row.rights &= ~unusedRights(used);
    row.inheriting &= ~unusedInheriting(used);
  }
  for (const [slot, { id }] of rowsOf(
    peek(state.capabilities.services, pid)?.slots ?? { epoch: 0, levels: 0, root: null },
  )) {
    const used = held.get(id);
    if (used !== undefined && isUnused(used)) takeRow(capabilities, addressOf(space.services, pid, slot));
  }
  return machine as unknown as KernelState;
}

/** Law G4: what is told to be unused can go, and every decision is the same. */
function unusedIsSound({ steps, pid, start }: Case): void {
  const played = new AuthorityMachine();
  const before = Math.floor((steps.length * start) / 100);
  for (const step of steps.slice(0, before)) played.step(step);
  const first = played.asked.length;
  const { seq } = played.machine.state;
  for (const step of steps.slice(before)) played.step(step);
  const used = usedFrom(played.machine, pid, seq).filter(({ isFromBefore }) => isFromBefore);
  const held = new Map(used.map((each) => [each.id, each]));
  for (const asked of played.asked.slice(first)) {
    const { at, isAgain, request, decision } = asked;
    const state = narrowed(asked.state, pid, held);
    const again = decide(state, { pid: asked.pid, at, since: at, isAgain }, request);
    demandEqual(again, decision, `${JSON.stringify(request)} of process ${asked.pid} at event ${asked.seq}`);
  }
}

export const authorityLaws: readonly Law[] = [
  law({
    id: "G4",
    statement:
      "what a process held and never used can be taken away, and every decision of the stretch is the same",
    runs: 150,
    cases: fc.record({
      steps: authoritySteps(120),
      pid: fc.constantFrom(...PIDS),
      start: fc.nat(90),
    }),
    holds: unusedIsSound,
  }),
];
