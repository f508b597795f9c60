/** Laws of forks: what would have happened, had a capability been revoked, is what a machine would do, and is told beside the recording. */
import fc from "fast-check";
import { isEffect } from "../../machine/fork/effect-keys.ts";
import type { ForkSpec } from "../../machine/fork/fork-spec.ts";
import { settledMoment } from "../../machine/fork/settled-moment.ts";
import { allSlots } from "../../reducers/capabilities/capability-selectors.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { checkLog } from "../../replay/authority/check/log-checker.ts";
import { type DrawnMachine, drawnMachines, machineOf } from "../model/turn-arbitraries.ts";
import { forkMachine, runMachine } from "../model/turn-machine.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { foldAll } from "./recorded.ts";

const MOST = 1000;

/** A moment and a capability that is held then; null where nobody holds any. */
function specOf(events: readonly KernelEvent[], moment: number, which: number): ForkSpec | null {
  const event = settledMoment(moment % events.length, (seq) => events[seq] ?? null);
  const held = [...allSlots(foldAll(events.slice(0, event + 1)).capabilities)];
  const row = held[which % Math.max(1, held.length)]?.[1];
  return row === undefined ? null : { event, capability: row.id, isAlone: false, most: MOST };
}

export function forksAreMachines(drawn: DrawnMachine, moment: number, which: number): void {
  const machine = machineOf(drawn);
  const { log } = runMachine(machine);
  const events = log.decoded();
  const spec = specOf(events, moment, which);
  if (spec === null) return;
  const { result, events: forked } = forkMachine(machine, log, spec);
  const whole = [...events.slice(0, spec.event + 1), ...forked];
  const objection = checkLog(whole);
  demand(objection === null, `event ${objection?.seq} of the fork: ${objection?.why}`);
  foldAll(whole);
  const removedAt = whole.findIndex((event, seq) => seq > spec.event && event.type === "capability/removed");
  demandEqual(removedAt, spec.event + 1, "where the revocation stands");
  for (const event of whole.slice(removedAt + result.inserted.length))
    if ("by" in event && event.type !== "capability/closed")
      demand(event.by !== spec.capability, `event ${event.seq} uses what was revoked`);
  demandEqual(forkMachine(machine, log, spec).result, result, "the fork, made again");
  if (result.difference !== null) return effectsAreCounted(events, forked, result);
  demandEqual([result.missingCount, result.refusals], [0, []], "what is missing, where nothing is different");
}

/** What is told as missing was recorded, and the fork has no more effects than others would make of it. */
function effectsAreCounted(
  events: readonly KernelEvent[],
  forked: readonly KernelEvent[],
  result: {
    readonly missing: readonly KernelEvent[];
    readonly missingCount: number;
    readonly difference: unknown;
  },
): void {
  const recordedAt =
    (result.difference as { readonly recorded: KernelEvent | null }).recorded?.seq ?? events.length;
  const effects = events.slice(recordedAt).filter(isEffect);
  demandEqual(result.missing.length, result.missingCount, "how many effects are told");
  for (const effect of result.missing)
    demandEqual(events[effect.seq], effect, "an effect that is missing is a recorded one");
  const made = forked.filter(isEffect).length - events.slice(0, recordedAt).filter(isEffect).length;
  demand(
    result.missingCount >= effects.length - Math.max(0, forked.filter(isEffect).length),
    "no more are there than were made",
  );
  demand(
    result.missingCount <= effects.length,
    `${result.missingCount} of ${effects.length} effects are missing, ${made} made`,
  );
}

/** Where what is revoked is never used again, and nobody hears that it is gone, nothing is different. */
export function unusedIsUnseen(drawn: DrawnMachine, moment: number, which: number): void {
  const machine = machineOf(drawn);
  const { log } = runMachine(machine);
  const events = log.decoded();
  const spec = specOf(events, moment, which);
  const birth = spec === null ? undefined : events[spec.capability];
  if (spec === null || birth?.type !== "capability/granted" || birth.object !== "null") return;
  const { result } = forkMachine(machine, log, spec);
  // Whoever waits and loses anything is woken to look again: that it hears.
  if (result.inserted.some(({ type }) => type === "process/woken")) return;
  demandEqual(
    [result.difference, result.missingCount],
    [null, 0],
    "what a stream that nobody reads makes different",
  );
}

const cases = fc.record({ drawn: drawnMachines, moment: fc.nat(10_000), which: fc.nat(1000) });

export const whatIfLaws: readonly Law[] = [
  law({
    id: "G3",
    statement:
      "a fork with a revocation in it is the log of a machine: nobody uses what was revoked, and what is missing was recorded",
    runs: 80,
    cases,
    holds: ({ drawn, moment, which }) => forksAreMachines(drawn, moment, which),
  }),
  law({
    id: "G3-unused",
    statement: "a fork without what nobody uses is the recording to its end",
    runs: 80,
    cases,
    holds: ({ drawn, moment, which }) => unusedIsUnseen(drawn, moment, which),
  }),
];
