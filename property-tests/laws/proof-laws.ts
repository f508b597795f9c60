/** What `unused --prove` says (G4): a machine that is granted what it used does the same, and one that is granted less does not. */
import fc from "fast-check";
import { narrowedSpec } from "../../machine/narrowed-spec.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import { GuestPaths } from "../../replay/guest-paths.ts";
import type { HeldInStretch } from "../../replay/authority/held-in-stretch.ts";
import { narrowedGrants } from "../../replay/authority/narrowed-grants.ts";
import { UseLedger } from "../../replay/authority/use-ledger.ts";
import { type GrantedMachine, grantedMachine, grantedMachines, without } from "../model/granted-machines.ts";
import { proveMachine, runMachine } from "../model/turn-machine.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

const PROCESSES = 50;

interface Case {
  readonly drawn: GrantedMachine;
  readonly who: number;
  readonly which: number;
}

/** All that a process held, with what it used of it. */
function usedBy(events: readonly KernelEvent[], pid: number): readonly HeldInStretch[] {
  const fold = new Fold(initialState());
  const ledger = new UseLedger(fold.state, pid, new GuestPaths());
  for (const event of events) {
    ledger.take(fold.state, event);
    fold.apply(event);
    ledger.settle(fold.state, event);
  }
  return ledger.held;
}

/** What each process was told, as far as ids do not matter, and when of what it read of clocks. */
function toldIn(events: readonly KernelEvent[]): ReadonlyMap<number, readonly string[]> {
  const told = new Map<number, string[]>();
  for (const event of events) {
    if (event.call < 0) continue;
    const { type, pid, at } = event;
    const parts: unknown[] = [type, type === "clock/read" ? at : ""];
    for (const field of ["errno", "function", "length", "offset", "stream", "clock"])
      parts.push((event as unknown as Readonly<Record<string, unknown>>)[field] ?? "");
    told.set(pid, [...(told.get(pid) ?? []), parts.join(" ")]);
  }
  return told;
}

/** Programs ask for no right in vain, and find what they have where it was: what else they can tell is their answers. */
export function narrowedIsProved({ drawn, who, which }: Case): void {
  const machine = grantedMachine(drawn);
  const { log } = runMachine(machine);
  const events = log.decoded();
  const name = `p${who % drawn.runs.length}`;
  const pid = events.find((event) => event.type === "process/started" && event.name === name)?.pid ?? 0;
  const held = usedBy(events, pid);
  const grants = narrowedGrants({ pid, from: -1, to: events.length - 1, capabilities: held });
  const spec = narrowedSpec(machine.spec, name, grants);
  const whole = proveMachine({ ...machine, spec }, log);
  demandEqual(whole.proof.difference, null, `what is different for ${name}, which is granted what it used`);
  demandEqual(toldIn(whole.events), toldIn(events), "what all are told in the narrowed machine");
  const needed = held.filter(({ parent, uses }) => parent < 0 && uses > 0);
  const taken = needed[which % Math.max(1, needed.length)];
  if (taken === undefined) return;
  const less = proveMachine({ ...machine, spec: without(spec, name, taken) }, log);
  demand(less.proof.difference !== null, `${name} does the same without ${taken.name}, which it used`);
}

export const proofLaws: readonly Law[] = [
  law({
    id: "G4-proved",
    statement:
      "a machine of 50 processes, one of which is granted what it used alone, is proved to answer as it did, and without one thing that it used it is not",
    runs: 2,
    cases: fc.record({ drawn: grantedMachines(PROCESSES), who: fc.nat(99), which: fc.nat(99) }),
    holds: narrowedIsProved,
  }),
];
