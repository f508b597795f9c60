/** The rights that one event surely exercised, and of which capability: for whoever asks of each event by itself. */
import type { ObjectKind } from "../../core/object-rights.ts";
import { peek, rowsOf } from "../../core/table.ts";
import { addressOf, ownerOfTable, space, spaceOf } from "../../reducers/capabilities/address.ts";
import { capabilityIn } from "../../reducers/capabilities/capability-selectors.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { HeldRights, UseMarks } from "./use-marks.ts";
import { markUse } from "./use-rules.ts";

export interface Exercised {
  readonly capability: Capability;
  readonly rights: number;
}

/** Slots remembered, so that a capability is mostly found without a search. */
const REMEMBERED = 1 << 16;

/** A capability as the rules of use want it. */
interface Probed extends HeldRights {
  readonly capability: Capability;
}

export class UseProbe implements UseMarks<Probed> {
  pid = 0;
  hasGiven = false;
  #state: KernelState;
  readonly #slots = new Map<number, number>();
  #found: Exercised[] = [];

  constructor(state: KernelState) {
    this.#state = state;
  }

  get state(): KernelState {
    return this.#state;
  }

  /** What an event exercised; `state` is the one before it. */
  exercised(state: KernelState, event: KernelEvent): readonly Exercised[] {
    this.#state = state;
    this.pid = event.pid;
    this.hasGiven = false;
    this.#found = [];
    if (event.pid !== 0) markUse(this, event);
    return this.#found;
  }

  isOwn(address: number): boolean {
    const where = spaceOf(address);
    return ownerOfTable(address) === this.pid && (where === space.process || where === space.services);
  }

  heldAs(id: number): Probed | null {
    const { capabilities } = this.#state;
    const known = this.#slots.get(id);
    const there = known === undefined ? null : capabilityIn(capabilities, this.pid, known);
    if (there?.id === id) return this.#probed(there);
    const table = peek(capabilities.tables, this.pid);
    if (table === null) return null;
    for (const [slot, row] of rowsOf(table.slots)) {
      if (row.id !== id) continue;
      if (this.#slots.size >= REMEMBERED) this.#slots.clear();
      this.#slots.set(id, slot);
      return this.#probed(row);
    }
    return null;
  }

  inSlot(slot: number): Probed | null {
    return slot < 0 ? null : this.#at(addressOf(space.process, this.pid, slot));
  }

  service(slot: number): Probed | null {
    return this.#at(addressOf(space.services, this.pid, slot));
  }

  #at(address: number): Probed | null {
    const row = rowAt(this.#state.capabilities, address);
    return row === null ? null : this.#probed(row);
  }

  *heldTo(object: ObjectKind, target: number): Generator<Probed> {
    const table = peek(this.#state.capabilities.tables, this.pid);
    if (table === null) return;
    for (const [, row] of rowsOf(table.slots))
      if (row.object === object && row.target === target) yield this.#probed(row);
  }

  #probed(capability: Capability): Probed {
    const { files } = this.#state;
    const { object, target, rights, inheriting, terms } = capability;
    const inode = object === "file" ? (peek(files.opens, target)?.inode ?? 0) : 0;
    const isDirectory = peek(files.inodes, inode)?.kind === fileType.directory;
    return {
      capability,
      object,
      rights,
      inheriting,
      inode,
      isDirectory,
      isInMembrane: (terms?.membrane ?? 0) !== 0,
    };
  }

  use(held: Probed | null, rights: number): void {
    if (held !== null && rights !== 0) this.#found.push({ capability: held.capability, rights });
  }

  oneOf(held: Probed | null, rights: number): void {
    const possible = rights & (held?.rights ?? 0);
    if ((possible & (possible - 1)) === 0) this.use(held, possible);
  }

  handOn(): void {}

  perhaps(): void {}

  perhapsOfAll(): void {}
}
