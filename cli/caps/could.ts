import type { ObjectKind } from "../../core/object-rights.ts";
import { allRightsOf } from "../../core/object-rights.ts";
import { peek } from "../../core/table.ts";
import { nearestWord } from "../../core/nearest-word.ts";
import { ASKED } from "../../replay/authority/authority-edges.ts";
import { type CouldAnswer, couldHold } from "../../replay/authority/could-hold.ts";
import type { AuthorityView } from "../../replay/authority/authority-view.ts";
import type { DeJureStep } from "../../replay/authority/de-jure-step.ts";
import { describeCut } from "../../replay/authority/describe-cut.ts";
import { programName } from "../../replay/authority/holder.ts";
import type { ObjectRef } from "../../replay/authority/object-ref.ts";
import { GRANT, TAKE } from "../../replay/authority/protection-graph.ts";
import { specNames } from "../../replay/authority/spec-names.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { exitCode } from "../exit-codes.ts";
import type { Output } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import {
  asking,
  momentAt,
  momentText,
  objectAndMoment,
  pidOf,
  processEndedText,
  type Question,
  viewAt,
  wantedOf,
} from "./caps-words.ts";

/** Holders and edges of a cut that are named. */
const NAMED = 8;

/** Says whether a process could ever come to a right on an object, and how, or what keeps it from that. */
export const askCould: Question = ({ timeline, output }, { words: asked, now, isJson }) => {
  const [pidWord, rightWord, ...rest] = asked;
  const { object, moment: word } = objectAndMoment(rest);
  if (rightWord === undefined || object === undefined)
    throw new UsageError("who could do what? could PID RIGHT OBJECT, as 2 fd_write /bill");
  const moment = momentAt(word, timeline, now);
  const view = viewAt({ timeline }, moment);
  const pid = pidOf(view, pidWord, "could");
  if (peek(view.state.processes.rows, pid)?.exitCode !== -1)
    throw new UsageError(`process ${pid} ${momentText(moment)}: ${processEndedText(timeline, moment, pid)}`);
  const wanted = wantedOf({ timeline, view, moment }, object);
  const ref = wanted.kind === "capability" ? (view.byId(wanted.id)?.ref as ObjectRef) : wanted;
  const right = rightOf(ref, rightWord);
  const answer = couldHold(view, { pid, right, object: ref });
  const words = new Words(view, answer, rightWord);
  if (isJson) output.json(words.json(pid, object));
  else words.print(output, `${processText(view.state, pid)} ${rightWord} ${object} ${momentText(moment)}`);
  return exitCode.done;
};

export const could = asking({ name: "could", most: 5 }, askCould);

const processText = (state: KernelState, pid: number): string =>
  `process ${pid} (${programName(state, pid)})`;

/** `fd_write`, `fdWrite` and `FD_WRITE` are one right. */
const plainWord = (word: string): string => word.replaceAll("_", "").toLowerCase();

/** The bit that a word names, of the rights that there are for a kind of object. */
function rightOf({ kind }: ObjectRef, word: string): number {
  const object: ObjectKind = kind === "pipe" ? "pipe-reader" : kind;
  const names = specNames(object, allRightsOf(object));
  for (let bit = 1; bit > 0 && bit <= allRightsOf(object); bit *= 2)
    if (plainWord(specNames(object, bit)[0] ?? "") === plainWord(word)) return bit;
  const meant = nearestWord(word, names);
  const advice = meant === null ? `there are ${names.slice(0, NAMED).join(", ")}` : `was \`${meant}\` meant?`;
  throw new UsageError(`${word}: ${kind} has no such right; ${advice}`);
}

class Words {
  readonly #view: AuthorityView;
  readonly #could: CouldAnswer;
  readonly #right: string;

  constructor(view: AuthorityView, answer: CouldAnswer, right: string) {
    this.#view = view;
    this.#could = answer;
    this.#right = right;
  }

  nameOf = (vertex: number): string => {
    const stands = this.#could.vertices[vertex];
    if (stands === undefined) return `a new table ${vertex}`;
    return stands.kind === "process"
      ? processText(this.#view.state, stands.pid)
      : this.#view.names.nameOf(stands.ref);
  };

  wordsOf = (rights: number): string =>
    [
      ...((rights & ASKED) === 0 ? [] : [this.#right]),
      ...((rights & TAKE) === 0 ? [] : ["what can be had through it"]),
      ...((rights & GRANT) === 0 ? [] : ["the way to hand on"]),
    ].join(" and ");

  /** A step in words of the kernel: what is taken from a table is fetched, from an endpoint received. */
  step(step: DeJureStep): string {
    const actor = this.nameOf(step.actor);
    switch (step.kind) {
      case "take":
        return `${actor} ${this.#verb(step.from, "fetches", "receives", "takes")} ${this.#thing(step)} from ${this.nameOf(step.from)}`;
      case "grant":
        return `${actor} ${this.#verb(step.to, "stores", "sends", "hands")} ${this.#thing(step)} ${this.#verb(step.to, "in", "to", "to")} ${this.nameOf(step.to)}`;
      case "create":
        return `${actor} makes ${this.nameOf(step.vertex)}`;
      case "remove":
        return `${actor} gives up ${this.#thing(step)}`;
    }
  }

  #thing({ rights, target }: { readonly rights: number; readonly target: number }): string {
    return `${this.nameOf(target)} with ${this.wordsOf(rights)}`;
  }

  #verb(vertex: number, table: string, endpoint: string, other: string): string {
    const stands = this.#could.vertices[vertex];
    if (stands === undefined) return table;
    if (stands.kind === "process") return other;
    if (stands.ref.kind === "endpoint") return endpoint;
    return stands.ref.kind === "box" && table === "fetches" ? "unseals" : table;
  }

  print(output: Output, asked: string): void {
    const { answer } = this.#could;
    if (answer.kind === "no") {
      output.line(`no: ${asked}`);
      for (const line of this.#reasons()) output.line(`    ${line}`);
      return;
    }
    const count = answer.steps.length;
    const how = count === 0 ? "it holds that already" : `in ${count} ${count === 1 ? "step" : "steps"}`;
    output.line(`yes: ${asked}: ${how}`);
    answer.steps.forEach((step, at) => output.line(`    ${at + 1}. ${this.step(step)}`));
  }

  #reasons(): readonly string[] {
    const { answer, question } = this.#could;
    if (answer.kind === "yes") return [];
    const { nameOf, wordsOf } = this;
    return describeCut({ question, cut: answer.cut, most: NAMED, nameOf, wordsOf });
  }

  json(pid: number, object: string): object {
    const { answer } = this.#could;
    const asked = { pid, right: this.#right, object };
    if (answer.kind === "yes")
      return {
        ...asked,
        could: true,
        steps: answer.steps.map((step) => ({ ...step, text: this.step(step) })),
      };
    const { holders, crossingCount, openingCount } = answer.cut;
    return {
      ...asked,
      could: false,
      holders: holders.map(this.nameOf),
      crossingCount,
      openingCount,
      why: this.#reasons(),
    };
  }
}
