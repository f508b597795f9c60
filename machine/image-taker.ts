/**
 * Takes images of the guests of a running machine: often enough that a resume is quick, and no more than a setting allows. When
 * they are taken is nowhere in the log, and changes nothing of it (law D9-images).
 */
import type { MessagePort } from "node:worker_threads";
import { PAGE_BYTES } from "../guests/suspendable/page-hash.ts";
import type { GuestImage, Pauses, RestingGuests } from "../guests/pauses.ts";
import type { MachineImage } from "../replay/machine-image.ts";
import { control } from "./shared-control.ts";

/** One part in so many of the time may be spent on images. */
const TIME_SHARE = 20;
/** After so long without one an image is due, however little has happened. */
const LONGEST_MILLIS = 1000;
/** Where events come fast it is looked at the time once for so many. */
const CHECK_EVENTS = 64;
const MINUTE_MILLIS = 60_000;
const MEBIBYTE = 2 ** 20;

export interface ImageTakerOptions {
  readonly words: Int32Array;
  /** Where images go; the recorder looks there when it comes to their place in the log. */
  readonly port: MessagePort;
  /** Events that have happened. */
  readonly seq: () => number;
  /** Events after which one is due. */
  readonly everyEvents: number;
  /** MiB of changed pages a minute at most. */
  readonly mebibytes: number;
  /** Milliseconds that pass. */
  readonly now?: () => number;
}

const bytesOf = (guests: readonly GuestImage[]): number =>
  guests.reduce((sum, { image }) => sum + image.stack.length + image.pages.length * PAGE_BYTES, 0);

export class ImageTaker implements Pauses {
  readonly #options: ImageTakerOptions;
  readonly #now: () => number;
  /** Bytes that images may still have; below 0 if the last one had more than that. */
  #allowance: number;
  #allowedAt: number;
  #lastSeq: number;
  #lastAt: number;
  /** The seq at which it is looked again, and when it was last. */
  #checkSeq: number;
  #checkedAt: number;
  /** Not before, so that no more than a share of the time is spent. */
  #notBefore: number;

  constructor(options: ImageTakerOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#allowance = options.mebibytes * MEBIBYTE;
    this.#lastSeq = options.seq();
    this.#checkSeq = this.#lastSeq + 1;
    this.#lastAt = this.#now();
    this.#checkedAt = this.#lastAt;
    this.#allowedAt = this.#lastAt;
    this.#notBefore = this.#lastAt;
  }

  isDue(inside: boolean): boolean {
    const seq = this.#options.seq();
    return !inside && seq >= this.#checkSeq && this.#isDueAt(seq);
  }

  #isDueAt(seq: number): boolean {
    const now = this.#now();
    const isLong = seq - this.#lastSeq >= this.#options.everyEvents || now - this.#lastAt >= LONGEST_MILLIS;
    this.#checkSeq = seq + (now - this.#checkedAt < 1 ? CHECK_EVENTS : 1);
    this.#checkedAt = now;
    if (!isLong || now < this.#notBefore) return false;
    if (Atomics.load(this.#options.words, control.imageWaits) !== 0) return false;
    const most = this.#options.mebibytes * MEBIBYTE;
    const since = ((now - this.#allowedAt) / MINUTE_MILLIS) * most;
    this.#allowance = Math.min(most, this.#allowance + since);
    this.#allowedAt = now;
    return this.#allowance > 0;
  }

  take(guests: RestingGuests): void {
    const began = this.#now();
    const { words, port, seq } = this.#options;
    const image: MachineImage = { seq: seq(), living: guests.living(), guests: guests.images() };
    port.postMessage(image);
    // All events before this place are published: the recorder takes the image when it has come here, and not before.
    Atomics.store(words, control.imageAt, Atomics.load(words, control.eventsHead));
    Atomics.store(words, control.imageWaits, 1);
    this.#allowance -= bytesOf(image.guests);
    const ended = this.#now();
    this.#lastAt = ended;
    this.#lastSeq = image.seq;
    this.#checkSeq = image.seq + 1;
    this.#notBefore = ended + (ended - began) * (TIME_SHARE - 1);
  }
}
