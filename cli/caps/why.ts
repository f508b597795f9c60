import type { ObjectKind } from "../../core/object-rights.ts";
import { namesOfRights } from "../../core/object-rights.ts";
import { ownerOfTable, slotOf, space, spaceOf } from "../../reducers/capabilities/address.ts";
import { Explainer, type Why, type WhyStep } from "../../replay/authority/explainer.ts";
import { EventSubjects, NO_SUBJECT } from "../../replay/event-subjects.ts";
import { GuestPaths } from "../../replay/guest-paths.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { exitCode } from "../exit-codes.ts";
import { formatEvent } from "../format-event.ts";
import { type Look, lookAt, momentOf, parseWords } from "../look-at.ts";
import { UsageError } from "../usage-error.ts";

/** Says why an event could happen: by which capability, and whence that came, verified step by step. */
export function why(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words, {
    command: "caps",
    options: { json: "boolean" },
    most: 2,
  });
  const [recording, word] = positionals;
  return lookAt(recording, "caps why", (look) => {
    if (word === undefined) throw new UsageError("which event? foldos caps why REC SEQ");
    const seq = momentOf(word.replace(/^[@#]/, ""), look.timeline);
    const found = new Explainer(look.timeline).why(seq);
    if (found === null) throw new UsageError(`${word}: before the first event nothing has happened`);
    if (values.json === true) look.output.json(jsonOf(found));
    else print(look, found);
    return found.kind === "refused" ? exitCode.divergence : exitCode.done;
  });
}

function jsonOf(why: Why): object {
  const { effect, kind } = why;
  const head = { seq: effect.seq, pid: effect.pid, at: effect.at, type: effect.type, kind };
  switch (why.kind) {
    case "capability":
      return { ...head, verified: true, chain: why.steps.map(jsonOfStep) };
    case "none":
      return { ...head, verified: true, because: why.because };
    case "refused":
      return { ...head, verified: false, refusedAt: why.at, why: why.what };
  }
}

const jsonOfStep = ({ usedFor, capability, object, target, rights, address, made }: WhyStep): object => ({
  capability,
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

/** Events in words, with the paths that their files have at the effect. */
class Teller {
  readonly #subjects: EventSubjects;
  readonly #look: Look;
  readonly #seq: number;

  constructor(look: Look, seq: number) {
    this.#look = look;
    this.#seq = seq;
    this.#subjects = new EventSubjects(GuestPaths.of(look.timeline.groups));
  }

  line(event: KernelEvent): string {
    const state = this.#look.timeline.stateAt(this.#seq - 1);
    const { path, toPath } = this.#subjects.subjectOf(state, event);
    // Its descriptor is told by where the capability lay.
    return formatEvent(event, { ...NO_SUBJECT, path, toPath });
  }
}

function print(look: Look, why: Why): void {
  const { output } = look;
  const teller = new Teller(look, why.effect.seq);
  output.line(teller.line(why.effect));
  switch (why.kind) {
    case "capability":
      why.steps.forEach((step, place) => {
        output.line(`          by capability #${step.capability}: ${wordsOf(step)}`);
        const isLast = place === why.steps.length - 1;
        output.line(teller.line(step.made));
        if (isLast) output.line("          which the machine granted at boot");
      });
      output.line(`verified from the events alone, ${why.steps.length} steps`);
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

function wordsOf({ object, target, rights, address }: WhyStep): string {
  const names = namesOfRights(object as ObjectKind, rights);
  const { owner, slot } = placeOf(address);
  const place =
    spaceOf(address) === space.process
      ? `slot ${slot} of process ${owner}`
      : `${spaceNames[spaceOf(address)]} ${owner}, slot ${slot}`;
  return `${object} ${target} in ${place}, with ${names.length === 0 ? "no rights" : names.join(" ")}`;
}
