/** Through whose hands each capability came, from the events that made them. What is given is derived by whoever gives it. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import { ownerOfTable } from "../../../reducers/capabilities/address.ts";

interface Made {
  /** What it was made of; -1 for what boot granted. */
  readonly of: number;
  readonly pid: number;
}

export class HandsOfCapabilities {
  readonly #made = new Map<number, Made>();

  take(event: KernelEvent): void {
    const { seq, pid } = event;
    switch (event.type) {
      case "capability/granted":
        return void this.#made.set(seq, { of: -1, pid: 0 });
      case "object/created":
        return void this.#made.set(seq, { of: event.by === 0 ? -1 : event.by, pid });
      case "capability/derived":
        // What a process inherits was handed to it by whoever starts it.
        return void this.#made.set(seq, {
          of: event.by,
          pid: event.how === "inherited" ? ownerOfTable(event.from) : pid,
        });
      case "file/opened":
      case "process/spawned":
      case "ipc/sent":
      case "ipc/received":
        return void this.#made.set(seq, { of: event.by, pid });
      default:
        return;
    }
  }

  /** Whether a capability, or one that it was made of, was ever in the hands of a process, which then handed it on. */
  cameThrough(id: number, pid: number): boolean {
    for (let each = id; each >= 0; ) {
      const made = this.#made.get(each);
      if (made?.pid === pid) return true;
      each = made?.of ?? -1;
    }
    return false;
  }

  /** The grant of boot that a capability came of. */
  rootOf(id: number): number {
    let root = id;
    for (let made = this.#made.get(id); made !== undefined && made.of >= 0; made = this.#made.get(root))
      root = made.of;
    return root;
  }
}
