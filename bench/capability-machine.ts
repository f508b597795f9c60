/** A machine of processes that hold capabilities to one endpoint, as many as one likes, built by facts; then asked as guests ask. */
import { endpointRight } from "../core/object-rights.ts";
import { addressOf, MACHINE, space } from "../reducers/capabilities/address.ts";
import type { Capability } from "../reducers/capabilities/capability-state.ts";
import { rowAt } from "../reducers/capabilities/slots.ts";
import { decide } from "../reducers/decide/decide.ts";
import type { Decision } from "../reducers/decide/decision.ts";
import { derivedFact } from "../reducers/decide/derive-capability.ts";
import type { Request } from "../reducers/decide/request.ts";
import { kernelCodec, type KernelFact } from "../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";

/** Where the machine itself keeps the endpoint that all capabilities are to. */
const ROOT = addressOf(space.kept, MACHINE, 0);
const ALL = endpointRight.send | endpointRight.receive | endpointRight.grant | endpointRight.grantReply;

export const slotAddress = (pid: number, slot: number): number => addressOf(space.process, pid, slot);

export class CapabilityMachine {
  readonly at = 1_000;
  readonly #fold = new Fold(initialState());

  /** Processes 1, 2, ..., each with a capability to the endpoint in its slot 0. */
  constructor(processes: number) {
    this.happen(0, { type: "machine/powered-on", wall: 1e15, clock: "virtual", version: 1, nameSeed: 7 });
    const endpoint = { object: "endpoint", target: 1, rights: ALL, budget: 0, bytes: 0 } as const;
    this.happen(0, { type: "object/created", by: 0, to: ROOT, ...endpoint, label: "", detail: 0 });
    for (let pid = 1; pid <= processes; pid += 1) {
      const guest = { program: "ab".repeat(32), name: "guest", args: [], environment: [], memoryPages: 1 };
      this.happen(pid, { type: "process/started", ...guest });
      this.derive(ROOT, slotAddress(pid, 0));
    }
  }

  get state(): KernelState {
    return this.#fold.state;
  }

  happen(pid: number, fact: KernelFact): void {
    this.#fold.apply(kernelCodec.seal(fact, this.state.seq, this.at, -1, pid, -1));
  }

  /** A copy of what lies at an address, below it in the tree. */
  derive(address: number, to: number): void {
    const capability = rowAt(this.state.capabilities, address) as Capability;
    this.happen(0, derivedFact({ address, capability }, { to, how: "copied" }));
  }

  /** Decides a request and changes nothing. */
  decide(pid: number, request: Request, isAgain = false): Decision {
    return decide(this.state, { pid, at: this.at, since: this.at, isAgain }, request);
  }

  /** Lets happen what was decided. */
  fold(pid: number, decision: Decision): void {
    if (decision.kind !== "facts" && decision.kind !== "parked")
      throw new Error(`a request of ${pid} was not granted: ${JSON.stringify(decision)}`);
    for (const fact of decision.facts) this.happen(pid, fact);
  }

  ask(pid: number, request: Request, isAgain = false): void {
    this.fold(pid, this.decide(pid, request, isAgain));
  }

  /** Empties the slots of a process from `first` on up to those that are empty. */
  closeFrom(pid: number, first: number): void {
    for (let slot = first; rowAt(this.state.capabilities, slotAddress(pid, slot)) !== null; slot += 1)
      this.ask(pid, { call: "cap_delete", fd: slot });
  }
}
