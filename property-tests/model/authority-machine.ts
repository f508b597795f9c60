/**
 * A machine of a few processes that hold capabilities of all kinds and ask at random, by WASI and by `foldos`: what they are told to do
 * is decided and folded as a live machine has it, refusals and waits too.
 */
import fc from "fast-check";
import { KernelBug } from "../../core/assert.ts";
import { allRightsOf, type ObjectKind } from "../../core/object-rights.ts";
import { allRights, directoryRights } from "../../core/rights.ts";
import { peek } from "../../core/table.ts";
import { callNumber } from "../../guests/call-table.ts";
import { addressOf, space } from "../../reducers/capabilities/address.ts";
import type { Decision } from "../../reducers/decide/decision.ts";
import { refusedFact } from "../../reducers/decide/refused-fact.ts";
import type { Request } from "../../reducers/decide/request.ts";
import { ROOT_INODE } from "../../reducers/files/file-state.ts";
import { freeOpen } from "../../reducers/files/file-selectors.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { grantServices, ScriptedMachine, scriptedMachine } from "../../reducers/scripted-machine.ts";
import { requestOf } from "./authority-requests.ts";

export const PIDS: readonly number[] = [1, 2, 3];
/** Objects that all have capabilities to from the beginning, the budget in slot 4. */
const SHARED: readonly ObjectKind[] = [
  "budget",
  "endpoint",
  "notification",
  "table",
  "brand",
  "membrane",
  "device",
];
const FIRST_SHARED = 4;
const BUDGET_BYTES = 20_000;

/** What one process is told to do: which call, and numbers that its arguments are made of. */
export interface AuthorityStep {
  readonly pid: number;
  readonly call: number;
  readonly one: number;
  readonly other: number;
  readonly mask: number;
}

export const authoritySteps = (most: number): fc.Arbitrary<readonly AuthorityStep[]> =>
  fc.array(
    fc.record({
      pid: fc.constantFrom(...PIDS),
      call: fc.nat(1000),
      one: fc.nat(30),
      other: fc.nat(30),
      mask: fc.oneof(fc.constant(allRights), fc.nat(allRights)),
    }),
    { maxLength: most, size: "max" },
  );

/** A decision that was made: by whom, of what, in which state. */
export interface Asked {
  readonly pid: number;
  readonly at: number;
  readonly isAgain: boolean;
  readonly request: Request;
  /** The state that it was decided in, which has so many events behind it. */
  readonly state: KernelState;
  readonly seq: number;
  readonly decision: Decision;
}

export class AuthorityMachine {
  readonly machine: ScriptedMachine;
  readonly asked: Asked[] = [];
  /** Requests of processes that wait. */
  readonly #waiting = new Map<number, Request>();
  #isOver = false;

  constructor() {
    this.machine = scriptedMachine();
    for (const pid of PIDS.slice(1)) this.#start(pid);
    const pipe = 1;
    this.machine.happen(0, { type: "pipe/created", pipe });
    const held = { inheriting: 0, label: "" };
    for (const pid of PIDS) {
      const slot = 10 + pid;
      const object = pid === 1 ? "pipe-writer" : "pipe-reader";
      this.machine.happen(pid, {
        type: "capability/granted",
        slot,
        object,
        target: pipe,
        rights: allRights,
        ...held,
      });
    }
    for (const [index, object] of SHARED.entries()) this.#share(object, index + 1);
  }

  #start(pid: number): void {
    const { machine } = this;
    const program = { program: "ab".repeat(32), name: `guest-${pid}`, args: ["guest"], environment: [] };
    machine.happen(pid, { type: "process/started", ...program, memoryPages: 1 });
    const open = freeOpen(machine.state.files);
    machine.happen(pid, { type: "file/preopened", inode: ROOT_INODE, open });
    machine.happen(pid, {
      type: "capability/granted",
      slot: 3,
      object: "file",
      target: open,
      rights: directoryRights,
      inheriting: allRights,
      label: "/",
    });
    grantServices(machine, pid);
  }

  /** One object for all, of which each has a capability. */
  #share(object: ObjectKind, target: number): void {
    const rights = allRightsOf(object);
    const slot = FIRST_SHARED + target - 1;
    const shared = { object, target, rights, label: object };
    this.machine.happen(1, {
      type: "object/created",
      ...shared,
      by: 0,
      to: addressOf(space.process, 1, slot),
      budget: 0,
      bytes: 0,
      detail: object === "budget" ? BUDGET_BYTES : 0,
    });
    for (const pid of PIDS.slice(1))
      this.machine.happen(pid, { type: "capability/granted", ...shared, slot, inheriting: 0 });
  }

  /**
   * Lets a process do what it is told, unless it has ended; one that waits asks again. Where the kernel breaks a promise of its own, the
   * play is over: that is a matter of the kernel's laws.
   */
  step(step: AuthorityStep): void {
    if (this.#isOver) return;
    try {
      this.#play(step);
    } catch (error) {
      if (!(error instanceof KernelBug)) throw error;
      this.#isOver = true;
      this.asked.pop();
    }
  }

  #play(step: AuthorityStep): void {
    const { state } = this.machine;
    const { pid } = step;
    if ((peek(state.processes.rows, pid)?.exitCode ?? 0) >= 0) return;
    this.machine.at += 7;
    const waiting = this.#waiting.get(pid);
    this.#ask(pid, waiting ?? requestOf(state, step), waiting !== undefined);
  }

  #ask(pid: number, request: Request, isAgain: boolean): void {
    const { machine } = this;
    const { at } = machine;
    const decision = machine.askAs(pid, request, at, isAgain);
    const state = machine.snapshot();
    this.asked.push({ pid, at, isAgain, request, state, seq: state.seq, decision });
    this.#waiting.delete(pid);
    this.#carryOut(pid, request, decision);
  }

  #carryOut(pid: number, request: Request, decision: Decision): void {
    const { machine } = this;
    switch (decision.kind) {
      case "facts":
        for (const { pid: other, fact } of decision.before ?? []) machine.happen(other, fact);
        if (decision.facts.length > 0) machine.carryOut(pid, decision.facts);
        return;
      case "parked":
        machine.happen(pid, ...decision.facts);
        this.#wait(pid, request, decision.waits.until);
        return;
      case "waits":
        this.#wait(pid, request, decision.until);
        return;
      case "refused":
        this.#refuse(pid, request, decision);
        return;
      case "needs":
        return;
    }
  }

  #wait(pid: number, request: Request, until: number): void {
    this.machine.happen(pid, { type: "process/blocked", until, slots: 0 });
    this.#waiting.set(pid, request);
  }

  #refuse(pid: number, request: Request, refused: Extract<Decision, { kind: "refused" }>): void {
    const wasi = callNumber("wasi_snapshot_preview1", request.call);
    const number = wasi < 0 ? callNumber("foldos", request.call) : wasi;
    this.machine.carryOut(pid, [refusedFact({ number, request }, refused)]);
  }
}
