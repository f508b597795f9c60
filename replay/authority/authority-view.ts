/**
 * Who holds what at one moment: every slot of every table, walked once, so that a question about a thousand processes costs one walk
 * and not one for each. All of it is computed from the state; nothing is kept between moments, so nothing can be stale (law G2).
 */
import { eachRow } from "../../core/each-row.ts";
import { peek } from "../../core/table.ts";
import { addressOf, NOWHERE, ownerOfTable, space, spaceOf } from "../../reducers/capabilities/address.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import { spaceTables } from "../../reducers/capabilities/slots.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { GuestPaths } from "../guest-paths.ts";
import { rightsNames } from "./capability-text.ts";
import { type Holder, holderAt } from "./holder.ts";
import { ObjectNames } from "./object-names.ts";
import { type ObjectRef, refIdOf, type RefKind, refKindOf, refOf } from "./object-ref.ts";

/** One slot that holds something. */
export interface HeldRow {
  readonly address: number;
  readonly capability: Capability;
  readonly ref: ObjectRef;
  readonly holder: Holder;
}

/** A slot as the walk leaves it: most are never looked at, so what it is to and where it lies is said when somebody asks. */
class WalkedRow implements HeldRow {
  readonly address: number;
  readonly capability: Capability;
  readonly #state: KernelState;
  #ref: ObjectRef | null = null;
  #holder: Holder | null = null;

  constructor(state: KernelState, address: number, capability: Capability) {
    this.#state = state;
    this.address = address;
    this.capability = capability;
  }

  get ref(): ObjectRef {
    this.#ref ??= refOf(this.#state, this.capability);
    return this.#ref;
  }

  get holder(): Holder {
    this.#holder ??= holderAt(this.#state, this.address);
    return this.#holder;
  }
}

export class AuthorityView {
  readonly state: KernelState;
  readonly names: ObjectNames;
  /** By space, owner and slot. Voids are among them, and are no capabilities. */
  readonly rows: readonly HeldRow[];
  /** Made when they are first asked for: most questions need one of them. */
  #byAddress: ReadonlyMap<number, HeldRow> | null = null;
  #byId: ReadonlyMap<number, HeldRow> | null = null;
  readonly #byObject = new Map<RefKind, ReadonlyMap<number, readonly HeldRow[]>>();
  /** The eldest capability to each open file. */
  #eldest: ReadonlyMap<number, number> | null = null;

  constructor(state: KernelState, paths: GuestPaths) {
    this.state = state;
    this.names = new ObjectNames(state, paths);
    const rows: HeldRow[] = [];
    for (const where of Object.values(space))
      eachRow(spaceTables(state.capabilities, where), (owner, { slots }) => {
        eachRow(slots, (slot, capability) => {
          rows.push(new WalkedRow(state, addressOf(where, owner, slot), capability));
        });
      });
    this.rows = rows;
  }

  /** The capability with an id; null if nobody holds it. */
  byId(id: number): HeldRow | null {
    this.#byId ??= new Map(this.#held().map((row) => [row.capability.id, row]));
    return this.#byId.get(id) ?? null;
  }

  /** What lies at an address; null for nothing, and for `NOWHERE`. */
  at(address: number): HeldRow | null {
    if (address === NOWHERE) return null;
    this.#byAddress ??= new Map(this.rows.map((row) => [row.address, row]));
    return this.#byAddress.get(address) ?? null;
  }

  /** All capabilities to an object, wherever they lie. */
  heldTo(ref: ObjectRef): readonly HeldRow[] {
    if (ref.kind === "void") return [];
    let same = this.#byObject.get(ref.kind);
    if (same === undefined) this.#byObject.set(ref.kind, (same = byObject(this.state, this.rows, ref.kind)));
    return same.get(ref.id) ?? [];
  }

  /** All but the voids. */
  #held(): readonly HeldRow[] {
    return this.rows.filter(({ capability }) => capability.object !== "void");
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
    if (object === "file") return this.#eldestTo(target);
    return peek(this.state.capabilities.objects, target)?.kind === object
      ? (peek(this.state.capabilities.objects, target)?.bornAt ?? 0)
      : 0;
  }

  /** A capability by object, generation and the seq of its creation: `endpoint:3/120#345`. */
  idOf({ capability, ref }: HeldRow): string {
    return `${this.names.nameOf(ref)}/${this.generationOf(capability)}#${capability.id}`;
  }

  #eldestTo(open: number): number {
    this.#eldest ??= eldest(this.rows);
    return this.#eldest.get(open) ?? 0;
  }
}

/** The capabilities to each object of a kind. */
function byObject(state: KernelState, rows: readonly HeldRow[], kind: RefKind): Map<number, HeldRow[]> {
  const objects = new Map<number, HeldRow[]>();
  for (const row of rows) {
    if (refKindOf(row.capability.object) !== kind) continue;
    const id = refIdOf(state, row.capability);
    const same = objects.get(id);
    if (same === undefined) objects.set(id, [row]);
    else same.push(row);
  }
  return objects;
}

function eldest(rows: readonly HeldRow[]): Map<number, number> {
  const ids = new Map<number, number>();
  for (const { capability } of rows) {
    if (capability.object !== "file") continue;
    ids.set(capability.target, Math.min(ids.get(capability.target) ?? capability.id, capability.id));
  }
  return ids;
}
