/**
 * The course of a fork beside its recording. As long as each event is the recorded one, the recording says what comes from outside, and
 * when; the first that is another is the difference, and from there on both are told apart by their effects.
 */
import { GuestStopped } from "../../guests/guest-kernel.ts";
import type { ByteSource } from "../../guests/wasi/wasi-call.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { effectKey, isEffect } from "./effect-keys.ts";
import { ForkBound } from "./fork-log.ts";
import type { ForkDifference } from "./fork-spec.ts";
import type { RecordedFuture } from "./recorded-future.ts";
import { isSameEvent } from "./same-event.ts";

/** A fork may do so many times as much as is left of the recording, and so many events more. */
const MAX_TIMES = 2;
const MAX_MORE = 100_000;

/** Refusals of a fork that are looked at. */
const MAX_REFUSALS = 1 << 14;

const countIn = (counts: Map<string, number>, key: string, change: number): void =>
  void counts.set(key, (counts.get(key) ?? 0) + change);

const isEnd = ({ type }: KernelEvent): boolean =>
  type === "process/exited" || type === "process/trapped" || type === "process/killed";

/** The recording goes no further, or its machine was stopped from outside. */
export class ForkEnds extends GuestStopped {}

export class ForkCourse {
  readonly future: RecordedFuture;
  readonly #from: number;
  readonly #most: number;
  readonly #onDiffers: () => void;
  readonly #inserted: KernelEvent[] = [];
  #insertedCount = 0;
  #isInserting = false;
  #difference: ForkDifference | null = null;
  #eventCount = 0;
  #bound = Number.POSITIVE_INFINITY;
  readonly #keys = new Map<string, number>();
  readonly #refusals: KernelEvent[] = [];
  readonly #ends = new Map<number, number>();
  /** The bytes of the fork; set once there is a log. */
  bytes: ByteSource = { copyTo: () => {} };

  constructor(
    future: RecordedFuture,
    { from, most }: { readonly from: number; readonly most: number },
    onDiffers: () => void,
  ) {
    this.future = future;
    this.#from = from;
    this.#most = most;
    this.#onDiffers = onDiffers;
  }

  /** Whether all that happened so far was recorded, too. */
  get isSame(): boolean {
    return this.#difference === null;
  }

  get difference(): ForkDifference | null {
    return this.#difference;
  }

  get inserted(): readonly KernelEvent[] {
    return this.#inserted;
  }

  /** What was refused in the fork and not in the recording. */
  refusals(recorded: ByteSource): readonly KernelEvent[] {
    const known = new Map<string, number>();
    if (!this.isSame)
      for (const event of this.future.rest())
        if (event.type === "process/refused") countIn(known, effectKey(event, recorded), 1);
    const isNew = (event: KernelEvent): boolean => {
      const key = effectKey(event, recorded);
      const left = known.get(key) ?? 0;
      if (left > 0) countIn(known, key, -1);
      return left === 0;
    };
    return this.#refusals.filter(isNew).slice(0, this.#most);
  }

  get eventCount(): number {
    return this.#eventCount;
  }

  /** What is logged meanwhile was not recorded, and is what the fork is for. */
  insert<Made>(work: () => Made): Made {
    this.#isInserting = true;
    const made = work();
    this.#isInserting = false;
    return made;
  }

  /** When a process of the fork ended. */
  endedAt(pid: number): number {
    return this.#ends.get(pid) ?? 0;
  }

  take(event: KernelEvent): void {
    this.#eventCount += 1;
    if (isEnd(event)) this.#ends.set(event.pid, event.at);
    if (this.#isInserting) {
      this.#insertedCount += 1;
      if (this.#inserted.length < this.#most) this.#inserted.push(event);
      return;
    }
    if (this.isSame) {
      const recorded = this.future.peek();
      const place = { from: this.#from, shift: this.#insertedCount };
      if (recorded !== null && isSameEvent(event, recorded, place)) return this.future.take();
      this.differ(event);
    }
    if (this.#eventCount > this.#bound) throw new ForkBound("the fork goes on for too long");
    if (isEffect(event)) this.#count(event);
    if (event.type === "process/refused" && this.#refusals.length < MAX_REFUSALS) this.#refusals.push(event);
  }

  /** From here on they differ: `forked` is what the fork has instead of what was recorded; null if nothing. */
  differ(forked: KernelEvent | null): void {
    if (this.#difference !== null) return;
    this.#difference = { recorded: this.future.peek(), forked };
    let left = 0;
    for (const _ of this.future.rest()) left += 1;
    this.#bound = this.#eventCount + MAX_TIMES * left + MAX_MORE;
    this.#onDiffers();
  }

  #count(event: KernelEvent): void {
    countIn(this.#keys, effectKey(event, this.bytes), 1);
  }

  /** Effects behind the difference that were recorded, and that the fork does not have. */
  missing(recorded: ByteSource): { readonly first: readonly KernelEvent[]; readonly count: number } {
    const first: KernelEvent[] = [];
    let count = 0;
    if (this.isSame) return { first, count };
    for (const event of this.future.rest()) {
      if (!isEffect(event)) continue;
      const key = effectKey(event, recorded);
      const left = this.#keys.get(key) ?? 0;
      if (left > 0) countIn(this.#keys, key, -1);
      else {
        count += 1;
        if (first.length < this.#most) first.push(event);
      }
    }
    return { first, count };
  }
}
