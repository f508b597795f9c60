import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { Timeline } from "../timeline.ts";
import { ruleOf } from "./check/use-rules.ts";
import { type Verdict, verifyChain } from "./check/verify-chain.ts";
import { explainEffect } from "./explain-effect.ts";
import { RecordedEvents } from "./recorded-events.ts";

/** One step of an explanation: a capability, the event that it was used for, and the one that made it. */
export interface WhyStep {
  readonly usedFor: KernelEvent;
  readonly capability: number;
  /** Where it lay at that step (see reducers/capabilities/address.ts), of what it was, and what it allowed. */
  readonly address: number;
  readonly object: string;
  readonly target: number;
  readonly rights: number;
  readonly made: KernelEvent;
}

/** Why an event could happen, verified; or what is wrong with it. */
export type Why =
  | {
      readonly kind: "capability";
      readonly effect: KernelEvent;
      readonly steps: readonly WhyStep[];
    }
  /** It needed no authority: it came from outside, is the machine's own doing, or what every process may do. */
  | {
      readonly kind: "none";
      readonly effect: KernelEvent;
      readonly because: "outside" | "machine" | "itself";
    }
  | {
      readonly kind: "refused";
      readonly effect: KernelEvent;
      readonly at: number;
      readonly what: string;
    };

/** Explains the events of a recording, as often as asked; what was read stays in memory. */
export class Explainer {
  readonly #timeline: Timeline;
  readonly #events: RecordedEvents;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#events = new RecordedEvents(timeline.groups);
  }

  /** Null if the log has no event with this seq. */
  why(seq: number): Why | null {
    const events = this.#events;
    const chain = explainEffect(events, seq, (before) => this.#timeline.stateAt(before - 1));
    const effect = events.eventAt(seq);
    if (chain === null || effect === null) return null;
    const verdict: Verdict = verifyChain(events, chain);
    if (!verdict.ok) return { kind: "refused", effect, at: verdict.seq, what: verdict.why };
    const eventAt = (at: number): KernelEvent => events.eventAt(at) as KernelEvent;
    if (chain.kind === "none") {
      const rule = ruleOf(effect);
      return { kind: "none", effect, because: rule.by === "nobody" ? rule.why : "machine" };
    }
    const steps = verdict.links.map(({ id, seq: usedAt, address, row }): WhyStep => {
      const { object, target, rights } = row;
      return { usedFor: eventAt(usedAt), capability: id, address, object, target, rights, made: eventAt(id) };
    });
    return { kind: "capability", effect, steps };
  }
}
