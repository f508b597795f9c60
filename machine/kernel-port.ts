import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { ClockDevice, ConsoleDevice, ConsoleInput } from "../devices/device.ts";
import { VirtualClock } from "../devices/clock/virtual-clock.ts";
import { GuestStopped } from "../guests/guest-kernel.ts";
import type { Standing } from "../reducers/decide/standstill.ts";
import type { KernelFact } from "../reducers/kernel-event.ts";
import type { Waiter } from "./live-options.ts";
import type { KernelNews, KernelReport } from "./messages.ts";
import { control } from "./shared-control.ts";

/** The machine is to stop, by a signal. */
export class MachineStopped extends GuestStopped {
  readonly signal: string;
  readonly code: number;
  constructor(signal: string, code: number) {
    super(`stopped by ${signal}`);
    this.signal = signal;
    this.code = code;
  }
}

/** The kernel's thread's ear: it takes news when it asks for them, and sleeps until there are some. */
export class KernelPort implements Waiter, ConsoleDevice {
  readonly #port: MessagePort;
  readonly #words: Int32Array;
  readonly #clock: ClockDevice;
  readonly #report: (report: KernelReport) => void;
  #heard = 0;
  #input: ConsoleInput[] = [];
  #hasAsked = false;
  #hasEnded = false;

  constructor(
    port: MessagePort,
    words: Int32Array,
    clock: ClockDevice,
    report: (report: KernelReport) => void,
  ) {
    this.#port = port;
    this.#words = words;
    this.#clock = clock;
    this.#report = report;
  }

  take(): ConsoleInput {
    return this.#input.shift() ?? null;
  }

  sleep(until: number, forInput: boolean): void {
    if (forInput && this.#input.length > 0) return;
    if (forInput && !this.#hasAsked && !this.#hasEnded) {
      this.#hasAsked = true;
      this.#report({ kind: "want-input" });
    }
    if (this.#clock instanceof VirtualClock && until > 0 && !forInput) return this.#clock.sleepUntil(until);
    for (;;) {
      const left = until === 0 ? Number.POSITIVE_INFINITY : (until - this.#clock.now()) / 1000;
      if (left <= 0 || Atomics.load(this.#words, control.news) !== this.#heard) return;
      // A day at most: longer time-outs do not fit into what the host's wait can be told.
      const outcome = Atomics.wait(this.#words, control.news, this.#heard, Math.min(left, 86_400_000));
      if (outcome === "timed-out" && this.#clock instanceof VirtualClock)
        return this.#clock.sleepUntil(until);
    }
  }

  standStill(standing: readonly Standing[]): void {
    this.#report({ kind: "stands-still", standing });
  }

  news(): readonly KernelFact[] {
    const now = Atomics.load(this.#words, control.news);
    if (now === this.#heard) return NO_FACTS;
    this.#heard = now;
    const facts: KernelFact[] = [];
    for (
      let next = receiveMessageOnPort(this.#port);
      next !== undefined;
      next = receiveMessageOnPort(this.#port)
    ) {
      const fact = this.#hear(next.message as KernelNews);
      if (fact !== null) facts.push(fact);
    }
    return facts;
  }

  #hear(news: KernelNews): KernelFact | null {
    switch (news.kind) {
      case "stop":
        throw new MachineStopped(news.signal, news.code);
      case "input":
        this.#input.push({ kind: "bytes", bytes: news.bytes });
        this.#hasAsked = false;
        return null;
      case "input-ended":
        this.#input.push({ kind: "ended" });
        this.#hasEnded = true;
        return null;
      case "output-closed":
        return { type: "console/output-closed", stream: news.stream };
      case "effect-failed":
        return { type: "host/effect-failed", inode: news.inode, errno: news.errno, effect: news.seq };
    }
  }
}

const NO_FACTS: readonly KernelFact[] = [];
