/**
 * The kernel of a machine that runs: decides what guests ask, asks devices for what it does not know, and makes everything that
 * happens a fact: encoded into the log and folded, in this order, before a guest hears of it.
 */
import { invariant } from "../core/assert.ts";
import type { Errno } from "../core/errno.ts";
import type { DeviceFact } from "../devices/device.ts";
import type { GuestCall, GuestEnd, GuestKernel } from "../guests/guest-kernel.ts";
import { decide } from "../reducers/decide/decide.ts";
import { lapsedAt, mayLeadOn, nextConsequence } from "../reducers/decide/consequences.ts";
import { mayBeUrgent, nextUrgent } from "../reducers/decide/urgent-consequences.ts";
import { type Demand, refuse, type Refused, type Waits } from "../reducers/decide/decision.ts";
import { heldFile } from "../reducers/decide/held.ts";
import { refusedFact } from "../reducers/decide/refused-fact.ts";
import { wokenBy } from "../reducers/decide/schedule.ts";
import { CONSOLE_INPUT } from "../reducers/scheduler/awaited.ts";
import { endProcess } from "../reducers/decide/end-process.ts";
import type { KernelEvent, KernelFact } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { BytesOfFacts } from "./bytes-of-facts.ts";
import type { EventLog } from "./event-log.ts";
import { causeOf, isUrgent } from "./fact-traits.ts";
import type { LiveOptions } from "./live-options.ts";
import { MovedInodes } from "./moved-inodes.ts";

export class LiveKernel implements GuestKernel {
  readonly #fold: Fold;
  readonly #options: LiveOptions;
  readonly #asker = { pid: 0, at: 0, since: 0, isAgain: false };
  readonly #bytes: BytesOfFacts;
  /** Events of the decision that is being carried out, from which others have to follow; null between decisions of several facts. */
  #toFollow: KernelEvent[] | null = null;
  #waits: Waits = { kind: "waits", until: 0, objects: [] };
  readonly #moved = new MovedInodes();

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#bytes = new BytesOfFacts(options, () => this.state);
    this.#fold = new Fold(options.state);
  }

  get state(): KernelState {
    return this.#fold.state;
  }

  get bytes(): EventLog {
    return this.#options.log;
  }

  /** Answers a guest that is alone: while it waits, the machine does. */
  answer(call: GuestCall): KernelEvent {
    let decided = this.tryAnswer(call, -1);
    const { since } = this.#asker;
    for (let hasWaited = false; decided === null; hasWaited = true) {
      this.#wait(call.pid, this.#waits, hasWaited);
      decided = this.tryAnswer(call, since);
    }
    return decided;
  }

  /** Answers a guest; null if it has to wait: see `waits`. It has asked at kernel time `since`; -1 if that is now. */
  tryAnswer(call: GuestCall, since: number): KernelEvent | null {
    // What the host makes of changes is known once they have left: whoever synchronises is told, not answered too early.
    if (this.#asksTheHost(call)) this.#options.log.waitUntilReleased();
    for (const fact of this.#options.waiter.news()) this.record(0, fact);
    const asker = this.#asker;
    asker.pid = call.pid;
    asker.at = this.#options.devices.clock.now();
    asker.since = since < 0 ? asker.at : since;
    asker.isAgain = since >= 0;
    this.#endLeases(asker.at);
    const decided = this.#decided(call);
    if (decided === null) return null;
    if (decided.type === "file/synced" || this.#options.everyEventDurable)
      this.#options.log.waitUntilReleased();
    return decided;
  }

  /** Kernel time at which the call was made that was decided last. */
  get askedAt(): number {
    return this.#asker.since;
  }

  #asksTheHost({ pid, request }: GuestCall): boolean {
    if (request === null || (request.call !== "fd_sync" && request.call !== "fd_datasync")) return false;
    const held = heldFile(this.state, pid, request.fd);
    return held.kind === "held" && held.inode.mount !== 0;
  }

  end(pid: number, end: GuestEnd): void {
    const fact: KernelFact =
      end.kind === "returned"
        ? { type: "process/exited", code: 0 }
        : { type: "process/trapped", message: end.message, stack: end.stack };
    this.recordEnd(pid, fact);
  }

  /** Logs the end of a process from outside, with all that it gives back: half an end could not be resumed. */
  recordEnd(pid: number, end: KernelFact): void {
    this.asOne(() => {
      if (end.type === "process/exited") this.#account(pid, this.#options.devices.clock.now());
      for (const fact of endProcess(this.state, pid, end)) this.record(pid, fact);
    }, true);
  }

  /** What is logged meanwhile becomes durable as one: a power cut leaves all of it or nothing. */
  together<Made>(work: () => Made, isUrgent = true): Made {
    this.#options.log.hold();
    const made = work();
    this.#options.log.letGo(isUrgent);
    return made;
  }

  /** Kernel time now. */
  now(): number {
    return this.#options.devices.clock.now();
  }

  /** Logs a fact that answers no call. */
  record(pid: number, fact: KernelFact, bytes: Uint8Array | null = null): KernelEvent {
    if (bytes !== null) this.#options.log.appendBytes(bytes, 0, bytes.length);
    return this.#append(pid, fact, -1, this.#options.devices.clock.now());
  }

  /** What the call that was decided last has to wait for. */
  get waits(): Waits {
    return this.#waits;
  }

  #decided(call: GuestCall): KernelEvent | null {
    if (call.request === null) return this.#refused(call, refuse(call.refused as Errno, call.reason));
    for (;;) {
      const decision = decide(this.state, this.#asker, call.request);
      switch (decision.kind) {
        case "facts":
          if (decision.before === undefined) return this.#happened(call, decision.facts);
          return this.asOne(() => {
            for (const { pid, fact } of decision.before ?? []) this.#append(pid, fact, -1, this.#asker.at);
            return this.#happened(call, decision.facts);
          }, false);
        case "refused":
          return this.#refused(call, decision);
        case "needs":
          this.#learn(decision.demand);
          break;
        case "waits":
          this.#waits = decision;
          return null;
        case "parked":
          this.asOne(() => this.#appendAll(call, decision.facts, this.#asker.at), false);
          this.#waits = decision.waits;
          return null;
      }
    }
  }

  /** Ends the leases whose time has come, with all that came of what was leased. */
  #endLeases(at: number): void {
    while (this.state.capabilities.leases.root !== null) {
      const lapsed = lapsedAt(this.state, at);
      if (lapsed.length === 0) return;
      this.asOne(() => {
        for (const fact of lapsed) this.#append(0, fact, -1, at);
      }, false);
    }
  }

  /** Facts that answer no call, with the bytes that the call brings. */
  #appendAll(call: GuestCall, facts: readonly KernelFact[], at: number): void {
    for (const fact of facts) {
      this.#bytes.bring(call, fact);
      this.#append(call.pid, fact, -1, at);
    }
  }

  #happened(call: GuestCall, facts: readonly KernelFact[]): KernelEvent {
    const answer = facts[facts.length - 1] as KernelFact;
    const isEnd = answer.type === "process/exited" || answer.type === "process/killed";
    if (facts.length === 1 && !isEnd) return this.#answered(call, answer);
    return this.asOne(() => {
      if (isEnd) this.#account(call.pid, this.#asker.at);
      this.#appendAll(call, facts.slice(0, -1), this.#asker.at);
      return this.#answered(call, answer);
    }, isUrgent(answer));
  }

  #answered(call: GuestCall, answer: KernelFact): KernelEvent {
    const { at } = this.#asker;
    this.#bytes.bring(call, answer);
    // Two readings of a clock are never the same: programs divide by what lies between.
    const now = answer.type === "clock/read" ? Math.max(at, this.state.at + 1) : at;
    return this.#append(call.pid, answer, call.digest, now);
  }

  /**
   * A decision of several facts is in the log whole or not at all: half of one would be decided again, on top of itself. What has to
   * follow from any of them follows when all have happened: a later one may be about what that would take away.
   */
  asOne<Made>(work: () => Made, isUrgent: boolean): Made {
    if (this.#toFollow !== null) return work();
    this.#options.log.hold();
    const toFollow: KernelEvent[] = [];
    this.#toFollow = toFollow;
    const made = work();
    this.#toFollow = null;
    for (const event of toFollow) this.#followUp(event);
    this.#options.log.letGo(isUrgent);
    return made;
  }

  /** At the end of a life the last turn is counted too, where there are turns. */
  #account(pid: number, at: number): void {
    if (this.state.scheduler?.running !== pid) return;
    this.#append(pid, { type: "process/accounted", ticks: this.#options.ticks?.() ?? 0 }, -1, at);
  }

  #refused(call: GuestCall, refused: Refused): KernelEvent {
    const fact = refusedFact(call, refused);
    return this.#append(call.pid, fact, call.digest, this.#options.devices.clock.now());
  }

  #learn(demand: Demand): void {
    if (this.#moved.concerns(this.state.files, demand)) {
      this.#options.log.waitUntilReleased();
      this.#moved.clear();
    }
    const answers: readonly DeviceFact[] = this.#options.devices.directories.answer(this.state, demand);
    invariant(answers.length > 0, "a device answers a demand");
    for (const { fact, bytes } of answers) this.record(0, fact, bytes);
  }

  #wait(pid: number, waits: Waits, hasWaited: boolean): void {
    const forInput = waits.objects.includes(CONSOLE_INPUT);
    if (forInput && this.takeInput()) return;
    if (!hasWaited)
      this.record(pid, { type: "process/blocked", until: waits.until, slots: forInput ? 1 : 0 });
    this.#options.waiter.sleep(waits.until, forInput);
    for (const fact of this.#options.waiter.news()) this.record(0, fact);
    if (forInput) this.takeInput();
  }

  /** Logs input that is there; returns whether there was any. */
  takeInput(): boolean {
    const input = this.#options.devices.console.take();
    if (input === null) return false;
    if (input.kind === "ended") this.record(0, { type: "console/input-ended" });
    else {
      const { bytes } = input;
      this.record(
        0,
        { type: "console/input-arrived", position: this.state.head, length: bytes.length },
        bytes,
      );
    }
    return true;
  }

  /** Whoever waited for what an event brought about need not wait any longer. */
  #wake(event: KernelEvent): void {
    for (const pid of wokenBy(this.state, event))
      this.#append(pid, { type: "process/woken" }, -1, event.at, event.seq);
  }

  /** Makes a fact of all that has to follow from an event, and then wakes whoever waited for it. */
  #followUp(event: KernelEvent): void {
    for (
      let fact = nextConsequence(this.state, event);
      fact !== null;
      fact = nextConsequence(this.state, event)
    )
      this.#append(0, fact, -1, event.at, event.seq);
    for (let next = nextUrgent(this.state, event); next !== null; next = nextUrgent(this.state, event))
      this.#append(next.pid, next.fact, -1, event.at, event.seq);
    if (this.state.scheduler !== undefined) this.#wake(event);
  }

  #append(
    pid: number,
    fact: KernelFact,
    call: number,
    now: number,
    cause: number = causeOf(fact),
  ): KernelEvent {
    const at = Math.max(this.state.at, now);
    const leadsOn =
      (mayLeadOn(fact) && this.state.capabilities.objects.root !== null) || mayBeUrgent(this.state, fact);
    if (leadsOn) this.#options.log.hold();
    // From here on it has happened: it is in the log, and whoever folds the log has the same state.
    const event = this.#options.log.append(fact, at, cause, pid, call, isUrgent(fact));
    this.#fold.apply(event);
    if (leadsOn && this.#toFollow !== null) this.#toFollow.push(event);
    else if (leadsOn) this.#followUp(event);
    else if (this.state.scheduler !== undefined) this.#wake(event);
    if (leadsOn) this.#options.log.letGo(isUrgent(fact));
    if (event.type === "name/renamed" || event.type === "name/linked" || event.type === "name/unlinked")
      this.#moved.take(this.state.files, event.inode);
    return event;
  }
}
