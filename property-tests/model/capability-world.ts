/**
 * A machine of many processes that do with capabilities whatever can be done: drawn operations become requests, the kernel decides them,
 * and all that happens is kept with the states before and after, so that laws can look at each step. A process that has to wait asks
 * again when it is its turn. Nothing is compiled and nothing is timed: one run of 200 operations takes milliseconds.
 */
import { decide } from "../../reducers/decide/decide.ts";
import { lapsedAt, nextConsequence } from "../../reducers/decide/consequences.ts";
import { endProcess } from "../../reducers/decide/end-process.ts";
import type { Decision, ProcessFact } from "../../reducers/decide/decision.ts";
import { refusedFact } from "../../reducers/decide/refused-fact.ts";
import type { Request } from "../../reducers/decide/request.ts";
import { kernelCodec, type KernelEvent, type KernelFact } from "../../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import { peek } from "../../core/table.ts";
import { addressOf, SENT_THROUGH, space } from "../../reducers/capabilities/address.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import { removal } from "../../reducers/decide/revoke-capability.ts";
import { bootFacts, type PlannedWorld } from "./capability-world-boot.ts";

/** One event, with the states around it; `asked` is the request that led to it, if one did. */
export interface Transition {
  readonly before: KernelState;
  readonly event: KernelEvent;
  readonly after: KernelState;
  readonly asked: Request | null;
}

/** A request, and what was decided about it on which state. */
export interface Asked {
  readonly pid: number;
  readonly request: Request;
  readonly isAgain: boolean;
  readonly at: number;
  readonly state: KernelState;
  readonly decision: Decision;
  /** The state after all that was decided, and what followed from it. */
  readonly after: KernelState;
}

export class CapabilityWorld {
  readonly #fold = new Fold(initialState());
  /** Requests of those who wait, by pid. */
  readonly #pending = new Map<number, Request>();
  readonly transitions: Transition[] = [];
  readonly asked: Asked[] = [];
  #at = 0;
  #asking: Request | null = null;

  constructor(plan: PlannedWorld) {
    for (const make of bootFacts(plan)) {
      const { pid, fact } = make(this.state);
      this.happen(pid, fact);
    }
  }

  get state(): KernelState {
    return this.#fold.state;
  }

  get at(): number {
    return this.#at;
  }

  isWaiting(pid: number): boolean {
    return this.#pending.has(pid);
  }

  /** Whether a process would do something if it had its turn: it does not wait, or no longer need. */
  mayGoOn(pid: number): boolean {
    if (!this.living(pid)) return false;
    const request = this.#pending.get(pid);
    if (request === undefined) return true;
    const asker = { pid, at: this.#at, since: this.#at, isAgain: true };
    return decide(this.state, asker, request).kind !== "waits";
  }

  living(pid: number): boolean {
    return peek(this.state.processes.rows, pid)?.exitCode === -1;
  }

  /** Lets time pass up to a kernel time, if that is still to come. */
  passTo(micros: number): void {
    this.#at = Math.max(this.#at, micros);
  }

  pass(micros: number): void {
    this.#at += micros;
  }

  /** Asks for a process, which may wait for something already: then it asks for that again. What was decided. */
  ask(pid: number, drawn: Request): Decision {
    const waits = this.#pending.get(pid);
    const request = waits ?? drawn;
    this.#at += 1;
    this.#endLeases();
    const asker = { pid, at: this.#at, since: this.#at, isAgain: waits !== undefined };
    const state = this.#fold.snapshot();
    const decision = decide(state, asker, request);
    this.#asking = request;
    this.#carryOut(pid, request, decision);
    this.#asking = null;
    const after = this.#fold.snapshot();
    this.asked.push({ pid, request, isAgain: asker.isAgain, at: asker.at, state, decision, after });
    return decision;
  }

  /** The machine takes back what a process has sent, or lets it wait no longer for a message: all would stand still. */
  rouse(pid: number): void {
    const address = addressOf(space.messages, pid, SENT_THROUGH);
    const row = rowAt(this.state.capabilities, address);
    if (row !== null)
      for (const fact of removal([[address, row]], { by: 0, why: "cancelled", root: address }))
        this.happen(0, fact);
    const exchange = peek(this.state.ipc.exchanges, pid);
    if (exchange === null && row === null) this.#pending.delete(pid);
  }

  /** The machine ends a process, whatever it waits for. */
  kill(pid: number): void {
    const end: KernelFact = { type: "process/killed", signal: "SIGXCPU", code: 152 };
    this.#happenAll(endProcess(this.state, pid, end).map((fact) => ({ pid, fact })));
  }

  #carryOut(pid: number, request: Request, decision: Decision): void {
    switch (decision.kind) {
      case "refused":
        this.#pending.delete(pid);
        this.happen(pid, refusedFact({ number: 0, request }, decision), 1);
        return;
      case "waits":
        this.#pending.set(pid, request);
        return;
      case "parked":
        this.#happenAll(decision.facts.map((fact) => ({ pid, fact })));
        this.#pending.set(pid, request);
        return;
      case "facts":
        this.#pending.delete(pid);
        this.#happenAll([...(decision.before ?? []), ...decision.facts.map((fact) => ({ pid, fact }))], 1);
        return;
      case "needs":
        throw new Error("nothing of this machine is the host's");
    }
  }

  #endLeases(): void {
    for (
      let lapsed = lapsedAt(this.state, this.#at);
      lapsed.length > 0;
      lapsed = lapsedAt(this.state, this.#at)
    )
      this.#happenAll(lapsed.map((fact) => ({ pid: 0, fact })));
  }

  /** Lets a fact happen, and all that has to follow. */
  happen(pid: number, fact: KernelFact, call = -1): KernelEvent {
    const event = this.#append(pid, fact, call);
    this.#followUp(event);
    return event;
  }

  /** Lets the facts of one decision happen, of which the last one may answer a call, and then all that has to follow from any. */
  #happenAll(facts: readonly ProcessFact[], call = -1): void {
    const events = facts.map(({ pid, fact }, at) =>
      this.#append(pid, fact, at === facts.length - 1 ? call : -1),
    );
    events.forEach((event) => this.#followUp(event));
  }

  #append(pid: number, fact: KernelFact, call: number): KernelEvent {
    const before = this.#fold.snapshot();
    const event = kernelCodec.seal(fact, before.seq, this.#at, -1, pid, call);
    this.#fold.apply(event);
    const after = this.#fold.snapshot();
    this.transitions.push({ before, event, after, asked: this.#asking });
    if (isEnd(event)) this.#pending.delete(pid);
    return event;
  }

  #followUp(event: KernelEvent): void {
    for (
      let next = nextConsequence(this.state, event);
      next !== null;
      next = nextConsequence(this.state, event)
    )
      this.happen(0, next);
  }
}

const isEnd = ({ type }: KernelEvent): boolean =>
  type === "process/exited" || type === "process/killed" || type === "process/trapped";
