/**
 * A narrowed machine beside the recording of the whole one: all that its guests are answered is compared as it happens, for each of them
 * in its order, and the first answer that is another ends it. What came from outside is what was recorded.
 */
import type { GuestCall } from "../../guests/guest-kernel.ts";
import type { ByteSource } from "../../guests/wasi/wasi-call.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { EventFeed } from "../../replay/event-feed.ts";
import { GroupReader } from "../../replay/group-reader.ts";
import type { RecordingStore } from "../../replay/recording-store.ts";
import { answerKey, isAnswer } from "./answer-keys.ts";
import { isEffect } from "./effect-keys.ts";
import { ForkEnds } from "./fork-course.ts";
import type { ProofResult } from "./fork-spec.ts";

interface RecordedAnswer {
  readonly event: KernelEvent;
  /** When it was asked for first: whoever had to wait has asked before. */
  readonly askedAt: number;
}

/** Recorded answers by who got them, read as far as they are asked for. */
class RecordedAnswers {
  readonly #feed: EventFeed;
  readonly #read = new Map<number, RecordedAnswer[]>();
  /** When each process has asked that waits. */
  readonly #asked = new Map<number, number>();
  /** Who was ended from outside: what they would have done next was not recorded. */
  readonly #stopped = new Set<number>();

  constructor(store: RecordingStore) {
    this.#feed = new EventFeed(new GroupReader(store), 0);
  }

  peek(pid: number): RecordedAnswer | null {
    while ((this.#read.get(pid)?.length ?? 0) === 0) if (!this.#readOn()) return null;
    return this.#read.get(pid)?.[0] ?? null;
  }

  take(pid: number): KernelEvent | null {
    const next = this.peek(pid);
    this.#read.get(pid)?.shift();
    return next?.event ?? null;
  }

  /** Reads one event; whether there was one. */
  #readOn(): boolean {
    const event = this.#feed.next();
    if (event === null) return false;
    const { pid, type } = event;
    if (type === "process/killed") this.#stopped.add(pid);
    if (event.type === "process/suspended" || event.type === "process/blocked") this.#wait(event);
    const askedAt = this.#asked.get(pid) ?? event.at;
    if (event.call >= 0) this.#asked.delete(pid);
    if (!isAnswer(event)) return true;
    const others = this.#read.get(pid) ?? [];
    this.#read.set(pid, others);
    others.push({ event, askedAt });
    return true;
  }

  #wait(event: Extract<KernelEvent, { type: "process/suspended" | "process/blocked" }>): void {
    const since = event.type === "process/suspended" ? event.since : event.at;
    if (!this.#asked.has(event.pid)) this.#asked.set(event.pid, since);
  }

  /** The first of what nobody has asked for; null if that is nothing. */
  left(): KernelEvent | null {
    while (this.#readOn());
    const first = [...this.#read.values()].flatMap((answers) => answers.slice(0, 1));
    return first.sort((one, other) => one.event.seq - other.event.seq)[0]?.event ?? null;
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

  /** When the same was asked in the recording, or answered; 0 if it was not. */
  timeOf({ pid, isAgain }: GuestCall): number {
    const next = this.#recorded.peek(pid);
    if (next === null) return 0;
    return isAgain ? next.event.at : next.askedAt;
  }

  take(event: KernelEvent): void {
    if (!isAnswer(event)) return;
    const recorded = this.#recorded.take(event.pid);
    if (recorded === null && this.#recorded.isStopped(event.pid))
      throw new ForkEnds("the recording of it ends");
    const isSame =
      recorded !== null && answerKey(recorded, this.#bytes) === answerKey(event, this.#narrowedBytes());
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
