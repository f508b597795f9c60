/**
 * Who holds what at one moment: every slot of every table, walked once, so that a question about a thousand processes costs one walk
 * and not one for each. All of it is computed from the state; nothing is kept between moments, so nothing can be stale (law G2).
 */
import { peek } from "../../core/table.ts";
import { NOWHERE, ownerOfTable, space, spaceOf } from "../../reducers/capabilities/address.ts";
import { allSlots } from "../../reducers/capabilities/capability-selectors.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { GuestPaths } from "../guest-paths.ts";
import { rightsNames } from "./capability-text.ts";
import { type Holder, holderAt } from "./holder.ts";
import { ObjectNames } from "./object-names.ts";
import { keyOf, type ObjectRef, refOf } from "./object-ref.ts";

/** One slot that holds something. */
export interface HeldRow {
  readonly address: number;
  readonly capability: Capability;
  readonly ref: ObjectRef;
  readonly holder: Holder;
}

export class AuthorityView {
  readonly state: KernelState;
  readonly names: ObjectNames;
  /** By space, owner and slot. Voids are among them, and are no capabilities. */
  readonly rows: readonly HeldRow[];
  readonly #byAddress = new Map<number, HeldRow>();
  readonly #byId = new Map<number, HeldRow>();
  readonly #byObject = new Map<string, HeldRow[]>();
  /** The eldest capability to each open file. */
  readonly #eldest = new Map<number, number>();

  constructor(state: KernelState, paths: GuestPaths) {
    this.state = state;
    this.names = new ObjectNames(state, paths);
    this.rows = Array.from(allSlots(state.capabilities), ([address, capability]) =>
      this.#take(address, capability),
    );
  }

  #take(address: number, capability: Capability): HeldRow {
    const ref = refOf(this.state, capability);
    const row = { address, capability, ref, holder: holderAt(this.state, address) };
    this.#byAddress.set(address, row);
    if (capability.object === "void") return row;
    this.#byId.set(capability.id, row);
    const key = keyOf(ref);
    const same = this.#byObject.get(key);
    if (same === undefined) this.#byObject.set(key, [row]);
    else same.push(row);
    if (capability.object === "file") {
      const eldest = this.#eldest.get(capability.target) ?? capability.id;
      this.#eldest.set(capability.target, Math.min(eldest, capability.id));
    }
    return row;
  }

  /** The capability with an id; null if nobody holds it. */
  byId(id: number): HeldRow | null {
    return this.#byId.get(id) ?? null;
  }

  /** What lies at an address; null for nothing, and for `NOWHERE`. */
  at(address: number): HeldRow | null {
    return address === NOWHERE ? null : (this.#byAddress.get(address) ?? null);
  }

  /** All capabilities to an object, wherever they lie. */
  heldTo(ref: ObjectRef): readonly HeldRow[] {
    return this.#byObject.get(keyOf(ref)) ?? [];
  }

  /** What lies in the slots of a process, in their order; voids too. */
  slotsOf(pid: number): readonly HeldRow[] {
    return this.rows.filter(
      ({ address }) => spaceOf(address) === space.process && ownerOfTable(address) === pid,
    );
  }

  /** The names of what a capability allows of its object. */
  rightsOf({ capability }: HeldRow): readonly string[] {
    return rightsNames(capability);
  }

  /** What hangs directly below a capability in the tree, the eldest first. */
  belowOf({ capability }: HeldRow): readonly HeldRow[] {
    const below: HeldRow[] = [];
    for (let row = this.at(capability.below); row !== null; row = this.at(row.capability.next))
      below.push(row);
    return below.reverse();
  }

  /** The seq that made the object: of kernel objects that of their event, of an open file that of its eldest capability; else 0. */
  generationOf({ object, target }: Capability): number {
    if (object === "file") return this.#eldest.get(target) ?? 0;
    return peek(this.state.capabilities.objects, target)?.kind === object
      ? (peek(this.state.capabilities.objects, target)?.bornAt ?? 0)
      : 0;
  }

  /** A capability by object, generation and the seq of its creation: `endpoint:3/120#345`. */
  idOf({ capability, ref }: HeldRow): string {
    return `${this.names.nameOf(ref)}/${this.generationOf(capability)}#${capability.id}`;
  }
}
