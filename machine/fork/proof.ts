/**
 * A narrowed machine beside the recording of the whole one: all that its guests are answered is compared as it happens, for each of them
 * in its order, and the first answer that is another ends it. What came from outside is what was recorded.
 */
import type { ByteSource } from "../../guests/wasi/wasi-call.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { EventFeed } from "../../replay/event-feed.ts";
import { GroupReader } from "../../replay/group-reader.ts";
import type { RecordingStore } from "../../replay/recording-store.ts";
import { answerKey, isAnswer } from "./answer-keys.ts";
import { isEffect } from "./effect-keys.ts";
import { ForkEnds } from "./fork-course.ts";
import type { ProofResult } from "./fork-spec.ts";

/** Recorded answers by who got them, read as far as they are asked for. */
class RecordedAnswers {
  readonly #feed: EventFeed;
  readonly #read = new Map<number, KernelEvent[]>();
  /** Who was ended from outside: what they would have done next was not recorded. */
  readonly #stopped = new Set<number>();

  constructor(store: RecordingStore) {
    this.#feed = new EventFeed(new GroupReader(store), 0);
  }

  next(pid: number): KernelEvent | null {
    const known = this.#read.get(pid)?.shift();
    if (known !== undefined) return known;
    for (let event = this.#feed.next(); event !== null; event = this.#feed.next()) {
      if (event.type === "process/killed") this.#stopped.add(event.pid);
      if (!isAnswer(event)) continue;
      if (event.pid === pid) return event;
      const others = this.#read.get(event.pid);
      if (others === undefined) this.#read.set(event.pid, [event]);
      else others.push(event);
    }
    return null;
  }

  /** The first of what nobody has asked for; null if that is nothing. */
  left(): KernelEvent | null {
    const first = [...this.#read.values()].flatMap((events) => events.slice(0, 1));
    const [least] = first.sort((one, other) => one.seq - other.seq);
    if (least !== undefined) return least;
    for (let event = this.#feed.next(); event !== null; event = this.#feed.next())
      if (isAnswer(event)) return event;
    return null;
  }

  isStopped(pid: number): boolean {
    return this.#stopped.has(pid);
  }
}

export class Proof {
  readonly #recorded: RecordedAnswers;
  readonly #bytes: ByteSource;
  readonly #narrowedBytes: () => ByteSource;
  #answerCount = 0;
  #effectCount = 0;
  #difference: ProofResult["difference"] = null;

  constructor(store: RecordingStore, bytes: ByteSource, narrowedBytes: () => ByteSource) {
    this.#recorded = new RecordedAnswers(store);
    this.#bytes = bytes;
    this.#narrowedBytes = narrowedBytes;
  }

  take(event: KernelEvent): void {
    if (!isAnswer(event)) return;
    const recorded = this.#recorded.next(event.pid);
    if (recorded === null && this.#recorded.isStopped(event.pid))
      throw new ForkEnds("the recording of it ends");
    const isSame =
      recorded !== null &&
      answerKey(recorded, this.#bytes) === answerKey(event, this.#narrowedBytes());
    if (!isSame) {
      this.#difference ??= { recorded, narrowed: event };
      throw new ForkEnds("an answer is another one");
    }
    this.#answerCount += 1;
    if (isEffect(event)) this.#effectCount += 1;
  }

  result(): ProofResult {
    const left = this.#difference === null ? this.#recorded.left() : null;
    const difference = left === null ? this.#difference : { recorded: left, narrowed: null };
    return { answerCount: this.#answerCount, effectCount: this.#effectCount, difference };
  }
}
