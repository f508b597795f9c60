import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { own, beginEpoch } from "../../core/own.ts";
import { peek, rowsOf } from "../../core/table.ts";
import { addressOf, ownerOfTable, space, spaceOf } from "../../reducers/capabilities/address.ts";
import { allSlots } from "../../reducers/capabilities/capability-selectors.ts";
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
import { AuthorityView } from "../../replay/authority/authority-view.ts";
import { keyOf } from "../../replay/authority/object-ref.ts";
import { PolicyFold } from "../../replay/authority/policy-fold.ts";
import { scriptedRecording } from "../../replay/authority/scripted-recording.ts";
import { UseLedger } from "../../replay/authority/use-ledger.ts";
import { whoHolds } from "../../replay/authority/who-holds.ts";
import { GuestPaths } from "../../replay/guest-paths.ts";
import { Timeline } from "../../replay/timeline.ts";
import { AuthorityMachine, type AuthorityStep, authoritySteps, PIDS } from "../model/authority-machine.ts";
import { demandEqual, law, type Law } from "./law.ts";
import { foldAll } from "./recorded.ts";

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

/** All that is held at a moment, found by walking the slots of a state that was folded from the first event. */
function slotsIn(state: KernelState): readonly string[] {
  const found: string[] = [];
  for (const [address, { id, object, target, rights }] of allSlots(state.capabilities))
    if (object !== "void") found.push(`${address} ${id} ${object} ${target} ${rights}`);
  return found.sort();
}

/** The same, as `who` says it of each object that there is. */
function toldBy(view: AuthorityView): readonly string[] {
  const refs = new Map(view.rows.map(({ ref }) => [keyOf(ref), ref]));
  return [...refs.values()]
    .flatMap((ref) => whoHolds(view, ref))
    .filter(({ way }) => way === "holds")
    .map(
      ({
        row: {
          address,
          capability: { id, object, target, rights },
        },
      }) => `${address} ${id} ${object} ${target} ${rights}`,
    )
    .sort();
}

/** The capabilities that processes hold in their slots or among their services, by pid. */
function heldByPid(state: KernelState): ReadonlyMap<number, ReadonlySet<number>> {
  const held = new Map<number, Set<number>>();
  for (const [address, { id, object }] of allSlots(state.capabilities)) {
    const where = spaceOf(address);
    if (object === "void" || (where !== space.process && where !== space.services)) continue;
    const pid = ownerOfTable(address);
    held.set(pid, new Set([...(held.get(pid) ?? []), id]));
  }
  return held;
}

const sorted = (held: ReadonlyMap<number, ReadonlySet<number>>): readonly string[] =>
  [...held].flatMap(([pid, ids]) => [...ids].map((id) => `${pid} ${id}`)).sort();

/** Law G2, of a recording: whichever way one comes to a moment, who holds what is what the fold says. */
function toldIsFolded(steps: readonly AuthorityStep[], moments: readonly number[]): void {
  const played = new AuthorityMachine();
  for (const step of steps) played.step(step);
  const { events } = played.machine;
  const folder = mkdtempSync(join(tmpdir(), "foldos-law-"));
  const store = scriptedRecording(join(folder, "rec"), events, { groupEvents: 13, keyframeEvents: 40 });
  try {
    const timeline = new Timeline(store);
    const paths = GuestPaths.of(timeline.groups);
    for (const drawn of moments) {
      const moment = drawn % events.length;
      const told = toldBy(new AuthorityView(timeline.seek(moment), paths));
      demandEqual(
        told,
        slotsIn(foldAll(events.slice(0, moment + 1))),
        `who holds what after event ${moment}`,
      );
    }
  } finally {
    store.close();
    rmSync(folder, { recursive: true });
  }
}

/** Law G2, of what a rule remembers: who holds something, kept from event to event, is who holds it by the state. */
function keptIsFolded(steps: readonly AuthorityStep[]): void {
  const played = new AuthorityMachine();
  for (const step of steps) played.step(step);
  const object = { kind: null, id: null, path: null, isBelow: false };
  const rule = { name: "any", rule: "at-most", count: 0, held: { object, rights: [] } } as const;
  const fold = new Fold(initialState());
  const policy = new PolicyFold({ rules: [rule] }, fold.state, new GuestPaths());
  for (const event of played.machine.events) {
    policy.take(fold.state, event);
    fold.apply(event);
    policy.settle(fold.state, event);
    demandEqual(
      sorted(policy.heldNow(0)),
      sorted(heldByPid(fold.state)),
      `who holds what after event ${event.seq}`,
    );
  }
}

export const authorityLaws: readonly Law[] = [
  law({
    id: "G2",
    statement: "who holds what at a moment is what the fold up to it says, whichever way one came there",
    runs: 25,
    cases: fc.record({
      steps: authoritySteps(120),
      moments: fc.array(fc.nat(1000), { minLength: 1, maxLength: 6 }),
    }),
    holds: ({ steps, moments }) => toldIsFolded(steps, moments),
  }),
  law({
    id: "G2-kept",
    statement: "who holds something, kept from event to event, is who holds it by the state",
    runs: 60,
    cases: authoritySteps(120),
    holds: keptIsFolded,
  }),
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
