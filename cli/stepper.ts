import type { KernelEvent } from "../reducers/kernel-event.ts";
import { looksLikeMoment } from "../replay/moment.ts";
import { EventScan, typesOf } from "../replay/event-filter.ts";
import { explainRefusal, type Refusal } from "../replay/authority/explain-refusal.ts";
import { EventSubjects } from "../replay/event-subjects.ts";
import { GuestPaths } from "../replay/guest-paths.ts";
import { differencesOf, formatDifference, isFollowing } from "../replay/state-diff.ts";
import type { Timeline } from "../replay/timeline.ts";
import { formatEvent, formatTime } from "./format-event.ts";
import { refusalSentence } from "./format-refusal.ts";
import { printTree } from "./format-state.ts";
import { momentOf } from "./look-at.ts";
import type { Output } from "./output.ts";
import { partOf } from "./show.ts";
import { answerQuestion } from "./step-questions.ts";
import { UsageError } from "./usage-error.ts";

const HELP = `n, next [N]    go on by one event, or by N; an empty line does the last n or b again
b, back [N]    go back
g, goto MOMENT go to a moment: the seq of an event, start, end, -5
e, event       the event at the cursor, all of it
d, diff        what it changed; d MOMENT: what changed since then
p, print PATH  the state or a part of it: p processes/1
w, where       where the cursor is, with the events before it
/TYPE          the next event of a type, or of types that begin so: /file/
caps           who gained and lost what by the event; caps MOMENT: since then
who OBJECT     who holds an object, as who /text.txt
list PID       all that a process holds
tree [OBJECT]  what was made of what: a revocation takes all below
why            by which capability the event could happen, and whence that came
could PID RIGHT OBJECT
               whether a process could ever come to that, as could 2 fd_write /text.txt
q, quit
`;

/** What every event changes, and its line says. */
const EVERY_EVENT = new Set(["seq", "at"]);
/** Differences shown for one event. */
const SHOWN_DIFFERENCES = 20;
const EVENTS_BEFORE = 5;

/** Obeys the commands of a prompt. */
export class Stepper {
  readonly #timeline: Timeline;
  readonly #output: Output;
  readonly #paths: GuestPaths;
  readonly #subjects: EventSubjects;
  #last = "n";

  constructor(timeline: Timeline, output: Output) {
    this.#timeline = timeline;
    this.#output = output;
    this.#paths = GuestPaths.of(timeline.groups);
    this.#subjects = new EventSubjects(this.#paths);
  }

  get prompt(): string {
    const { moment, count } = this.#timeline;
    const share = count === 0 ? 100 : Math.floor(((moment + 1) * 100) / count);
    return `[${moment < 0 ? "start" : moment} of ${count - 1}, ${share}%] `;
  }

  greet(): void {
    this.#output.line(`${this.#timeline.count} events; h for help`);
  }

  /** Whether to go on after a line. */
  obey(line: string): boolean {
    const words = line
      .trim()
      .split(/\s+/)
      .filter((word) => word !== "");
    const [name = this.#last, ...rest] = words;
    try {
      return this.#do(name, rest);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.#output.line(error.message);
      return true;
    }
  }

  #do(name: string, rest: readonly string[]): boolean {
    if (name.startsWith("/")) return this.#search(name.slice(1) || (rest[0] ?? ""));
    switch (name) {
      case "n":
      case "next":
        return this.#move("n", rest[0]);
      case "b":
      case "back":
        return this.#move("b", rest[0]);
      case "g":
      case "goto":
        return this.#goto(rest[0]);
      case "e":
      case "event":
        return this.#showEvent();
      case "d":
      case "diff":
        return this.#showDifferences(rest[0]);
      case "p":
      case "print":
        printTree(this.#output, partOf(this.#timeline.state, rest[0] ?? ""), {
          path: rest[0] ?? "",
          isWhole: false,
        });
        return true;
      case "w":
      case "where":
        return this.#where();
      case "h":
      case "help":
      case "?":
        this.#output.text(HELP);
        return true;
      case "q":
      case "quit":
      case "exit":
        return false;
      default:
        if (answerQuestion({ timeline: this.#timeline, output: this.#output }, [name, ...rest])) return true;
        if (looksLikeMoment(name)) return this.#goto(name);
        throw new UsageError(`there is no command ${name}; h lists them`);
    }
  }

  #move(way: "n" | "b", word: string | undefined): boolean {
    const count = word === undefined ? 1 : Number(word);
    if (!Number.isSafeInteger(count) || count < 1)
      throw new UsageError(`${way} ${word}: a number of events was expected`);
    this.#last = way;
    const went = way === "n" ? this.#timeline.stepForward(count) : this.#timeline.stepBack(count);
    if (went === 0) this.#output.line(way === "n" ? "this is the end" : "this is the start");
    else this.#showHere();
    return true;
  }

  #goto(word: string | undefined): boolean {
    if (word === undefined) throw new UsageError("g MOMENT: the seq of an event, start, end, -5");
    this.#timeline.seek(
      momentOf(word.startsWith("-") ? (word === "-1" ? "start" : `end${word}`) : word, this.#timeline),
    );
    this.#showHere();
    return true;
  }

  /** The event at the cursor and what it changed. */
  #showHere(): void {
    this.#output.line(this.#lineOf(this.#timeline.moment));
    if (this.#timeline.moment >= 0) this.#showDifferences(undefined);
  }

  #lineOf(seq: number): string {
    const event = this.#timeline.eventAt(seq);
    if (event === null) return "before the first event";
    const before = this.#timeline.stateAt(seq - 1);
    return formatEvent(event, this.#subjects.subjectOf(before, event), this.#refusalOf(event));
  }

  #refusalOf(event: KernelEvent): Refusal | null {
    if (event.type !== "process/refused") return null;
    return explainRefusal(this.#timeline.stateAt(event.seq - 1), event, this.#paths);
  }

  #showEvent(): boolean {
    const { event } = this.#timeline;
    if (event === null) {
      this.#output.line("before the first event");
      return true;
    }
    for (const [key, value] of Object.entries(event))
      this.#output.line(`${key.padEnd(12)} ${JSON.stringify(value)}`);
    const refusal = this.#refusalOf(event);
    if (refusal !== null) this.#output.line(refusalSentence(refusal));
    return true;
  }

  #showDifferences(since: string | undefined): boolean {
    const { moment, state } = this.#timeline;
    const from = since === undefined ? Math.max(-1, moment - 1) : momentOf(since, this.#timeline);
    let shown = 0;
    for (const difference of differencesOf(this.#timeline.stateAt(from), state)) {
      if (isFollowing(difference) || EVERY_EVENT.has(difference.path)) continue;
      if (shown === SHOWN_DIFFERENCES) {
        this.#output.line(`  ... and more; foldos diff REC ${from} ${moment} shows all`);
        break;
      }
      this.#output.line(`  ${formatDifference(difference)}`);
      shown += 1;
    }
    return true;
  }

  #where(): boolean {
    const { moment, count, state } = this.#timeline;
    for (let seq = Math.max(0, moment - EVENTS_BEFORE); seq <= moment; seq += 1)
      this.#output.line(this.#lineOf(seq));
    const place = moment < 0 ? "before the first event" : `after event ${moment}`;
    this.#output.line(`${place} of ${count}, at ${formatTime(state.at)} s`);
    return true;
  }

  #search(type: string): boolean {
    if (type === "" || typesOf(type).length === 0)
      throw new UsageError(`/${type}: no type of event begins so`);
    const { moment, count } = this.#timeline;
    const filter = { pid: null, type, path: null, from: moment + 1, to: count - 1 };
    for (const { event } of new EventScan(this.#timeline, filter).next()) {
      this.#timeline.seek(event.seq);
      this.#showHere();
      return true;
    }
    this.#output.line(`no ${type} behind event ${moment}`);
    return true;
  }
}
