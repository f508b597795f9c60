import type { ObjectKind } from "../../core/object-rights.ts";
import { namesOfRights } from "../../core/object-rights.ts";
import { ownerOfTable, slotOf, space, spaceOf } from "../../reducers/capabilities/address.ts";
import { Explainer, type Why, type WhyStep } from "../../replay/authority/explainer.ts";
import type { ObjectNames } from "../../replay/authority/object-names.ts";
import type { ObjectRef } from "../../replay/authority/object-ref.ts";
import { NO_SUBJECT } from "../../replay/event-subjects.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { exitCode } from "../exit-codes.ts";
import { formatEvent } from "../format-event.ts";
import { UsageError } from "../usage-error.ts";
import { asking, type AskedOf, momentAt, type Question } from "./caps-words.ts";
import { rightsText } from "./row-text.ts";
import { Teller } from "./teller.ts";

/** Says why an event could happen: by which capability, and whence that came, verified step by step. */
export const askWhy: Question = (look, { words: [word], now, isJson }) => {
  if (word === undefined && now === null) throw new UsageError("which event? why SEQ");
  const seq = momentAt(word?.replace(/^#/, ""), look.timeline, now);
  const found = new Explainer(look.timeline).why(seq);
  if (found === null) throw new UsageError("before the first event nothing has happened");
  if (isJson) look.output.json(jsonOf(found, new ChainTeller(look, found.effect)));
  else print(look, found);
  return found.kind === "refused" ? exitCode.divergence : exitCode.done;
};

export const why = asking({ name: "why", most: 2 }, askWhy);

function jsonOf(why: Why, teller: ChainTeller): object {
  const { effect, kind } = why;
  const head = { seq: effect.seq, pid: effect.pid, at: effect.at, type: effect.type, kind };
  switch (why.kind) {
    case "capability":
      return {
        ...head,
        verified: true,
        chain: why.steps.map((step) => jsonOfStep(step, teller.nameOf(step))),
      };
    case "none":
      return { ...head, verified: true, because: why.because };
    case "refused":
      return { ...head, verified: false, refusedAt: why.at, why: why.what };
  }
}

const jsonOfStep = (
  { usedFor, capability, object, target, rights, address, made }: WhyStep,
  name: string,
): object => ({
  capability,
  name,
  usedFor: usedFor.seq,
  by: usedFor.pid,
  object,
  target,
  rights: namesOfRights(object as ObjectKind, rights),
  ...placeOf(address),
  made: { seq: made.seq, type: made.type, pid: made.pid, at: made.at, how: howOf(made) },
});

const spaceNames = ["process", "services", "kept", "messages"] as const;

const placeOf = (address: number): { space: string; owner: number; slot: number } => ({
  space: spaceNames[spaceOf(address)],
  owner: ownerOfTable(address),
  slot: slotOf(address),
});

function howOf(made: KernelEvent): string {
  if (made.type === "capability/derived") return made.how;
  if (made.type === "file/opened") return "opened";
  if (made.type === "process/spawned") return "spawned";
  if (made.type === "ipc/received") return "received";
  return made.type === "object/created" ? "created" : "granted at boot";
}

/** The steps of a chain in words, with the names that their objects have at the effect. */
class ChainTeller {
  readonly #teller: Teller;
  readonly #moment: number;
  readonly #names: ObjectNames;

  constructor({ timeline }: AskedOf, effect: KernelEvent) {
    this.#teller = new Teller(timeline);
    this.#moment = effect.seq - 1;
    this.#names = this.#teller.namesAt(this.#moment);
  }

  effect(event: KernelEvent): string {
    const { path, toPath } = this.#teller.subjectAt(event, this.#moment);
    // Its descriptor is told by where the capability lay.
    return formatEvent(event, { ...NO_SUBJECT, path, toPath });
  }

  /** What made the capability of a step. */
  made(step: WhyStep): string {
    const path = this.#teller.pathAt(this.#refOf(step), this.#moment);
    return path === null ? this.effect(step.made) : formatEvent(step.made, { ...NO_SUBJECT, path });
  }

  nameOf(step: WhyStep): string {
    return this.#names.nameOf(this.#refOf(step));
  }

  #refOf({ object, target, usedFor }: WhyStep): ObjectRef {
    return this.#teller.refAt({ object: object as ObjectKind, target }, usedFor.seq - 1);
  }
}

function print(look: AskedOf, why: Why): void {
  const { output } = look;
  const teller = new ChainTeller(look, why.effect);
  output.line(teller.effect(why.effect));
  switch (why.kind) {
    case "capability":
      why.steps.forEach((step, place) => {
        output.line(`          by capability #${step.capability}: ${wordsOf(step, teller.nameOf(step))}`);
        const isLast = place === why.steps.length - 1;
        output.line(teller.made(step));
        if (isLast) output.line("          which the machine granted at boot");
      });
      output.line(
        `verified from the events alone, ${why.steps.length} ${why.steps.length === 1 ? "step" : "steps"}`,
      );
      return;
    case "none":
      output.line(`          ${because[why.because]}`);
      return;
    case "refused":
      output.line(`          NOT explained: at event ${why.at}, ${why.what}`);
      output.line("the log was made by hand, or the kernel has a bug; please report it");
  }
}

const because = {
  outside: "it came from outside of the machine",
  machine: "the machine itself did it",
  itself: "it concerns the process alone, and needs no authority",
} as const;

function wordsOf({ object, rights, address }: WhyStep, name: string): string {
  const names = namesOfRights(object as ObjectKind, rights);
  const { owner, slot } = placeOf(address);
  const place =
    spaceOf(address) === space.process
      ? `slot ${slot} of process ${owner}`
      : `${spaceNames[spaceOf(address)]} ${owner}, slot ${slot}`;
  return `${name} in ${place}, with ${rightsText(names)}`;
}
