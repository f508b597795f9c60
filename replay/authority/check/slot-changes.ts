/** Follows who holds what through a log, and says which change of it cannot have happened. */
import { grantedAt, maySeal } from "./granted-places.ts";
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import type { BegunProcesses } from "./begun-processes.ts";
import {
  at,
  type HeldRow,
  HeldSlots,
  isOf,
  ownerAt,
  placed,
  plainRow,
  slotAt,
  spaceAt,
} from "./held-slots.ts";
import { judgeUrgency } from "./judge-urgency.ts";
import { KnownUrgency } from "./known-urgency.ts";
import { KnownExchanges } from "./known-exchanges.ts";
import { MessageSlots } from "./message-slots.ts";
import { judgeDerivation } from "./judge-derivation.ts";
import { judgeRemoval } from "./judge-removal.ts";
import type { KnownFiles } from "./known-files.ts";
import { objectBits } from "./wasi-bits.ts";

type Of<Type extends KernelEvent["type"]> = Extract<KernelEvent, { readonly type: Type }>;

export class SlotChanges {
  readonly held = new HeldSlots();
  readonly urgency = new KnownUrgency();
  readonly #messages = new MessageSlots(this.held, new KnownExchanges());
  readonly #files: KnownFiles;
  readonly #processes: BegunProcesses;
  /** The brand of each box. */
  readonly #brands = new Map<number, number>();
  readonly #programs = new Map<number, Of<"program/admitted">>();
  #lastObject = 0;

  constructor(files: KnownFiles, processes: BegunProcesses) {
    this.#files = files;
    this.#processes = processes;
  }

  /** An event that is about slots and nothing else. */
  take(event: KernelEvent): string | null {
    switch (event.type) {
      case "capability/granted":
        return this.#grant(event);
      case "capability/closed":
        return this.#close(event);
      case "capability/moved":
        return this.#move(event);
      case "capability/narrowed":
        return this.#narrow(event);
      case "capability/examined":
        return this.#isVoid(event) ? null : this.#denyElsewhere(event);
      case "capability/derived":
        return this.#derive(event);
      case "capability/carried":
        return this.#carry(event);
      case "capability/removed":
        return this.#remove(event);
      case "capability/used":
        return this.#use(event);
      default:
        return null;
    }
  }

  /** What a use of a capability that was found right makes: something open, an object, a process, a message on its way. */
  takeMade(event: KernelEvent): string | null {
    switch (event.type) {
      case "object/created":
        return this.#create(event);
      case "file/opened":
        return this.#open(event);
      case "process/spawned":
        return this.#spawn(event);
      case "process/awaited":
      case "process/ended":
        return this.#processes.hasEnded(event.child) ? null : `process ${event.child} has not ended`;
      default:
        return this.#messages.take(event);
    }
  }

  denyUrgency(event: KernelEvent): string | null {
    return judgeUrgency(event, { held: this.held, urgency: this.urgency, processes: this.#processes });
  }

  #open(event: Of<"file/opened">): string | null {
    const { pid, slot, by, inode, rights, inheriting, open, seq } = event;
    if (this.held.addressOf(by) !== placed(at.process, pid, event.from))
      return `capability #${by} does not lie in slot ${event.from}`;
    const { until, holder, isWeak, membrane } = this.held.rowAt(this.held.addressOf(by)) as HeldRow;
    const terms = { until, holder, isWeak, membrane };
    const row = { id: seq, object: "file", target: open, rights, inheriting, parent: by, inode, ...terms };
    return this.held.putFree(placed(at.process, pid, slot), plainRow(row));
  }

  /** The new process was started of the program that the capability is of, and inherited of nobody else. */
  #spawn({ pid, seq, by, child, to }: Of<"process/spawned">): string | null {
    const target = this.held.rowAt(this.held.addressOf(by))?.target ?? -1;
    const program = this.#programs.get(target);
    const started = this.#processes.spawned(child, pid);
    if (typeof started === "string") return started;
    const isThat = started.program === program?.program && started.memoryPages === program.memoryPages;
    if (this.urgency.ceilingOf(child) > this.urgency.ceilingOf(pid))
      return `process ${child} may give a higher priority than process ${pid}, who started it`;
    if (!isThat) return `process ${child} runs another program than capability #${by} is of`;
    if (!isOf(to, pid)) return `process ${pid} has no slot at address ${to}`;
    const { examine, end, schedule } = objectBits.process;
    const rights = examine | end | schedule;
    return this.held.putFree(
      to,
      plainRow({ id: seq, object: "process", target: child, rights, inheriting: 0 }),
    );
  }

  /** What a process does without a capability: a message of its own goes on, or it ends and has given back all that it held. */
  takeOwn(event: KernelEvent): string | null {
    const { type, pid } = event;
    if (type !== "process/exited" && type !== "process/trapped" && type !== "process/killed")
      return this.#messages.take(event);
    this.#messages.exchanges.end(pid);
    const [left] = [...this.held.rowsOf(pid), ...this.held.elsewhereOf(pid)];
    return left === undefined ? null : `it still holds capability #${left.id}`;
  }

  takeMachine(event: KernelEvent): string | null {
    if (event.type === "program/admitted") {
      if (event.pid !== 0 || event.call >= 0) return "only the machine admits programs";
      this.#programs.set(event.object, event);
    }
    if (event.type !== "object/destroyed") return null;
    const { object, target } = event;
    return this.held.holdersOf(object, target) === 0 ? null : `${object} ${target} is still held`;
  }

  #grant(event: Of<"capability/granted">): string | null {
    const { pid, seq, object, target, rights, inheriting, call } = event;
    if (call >= 0 || !this.#processes.mayBeGranted(pid))
      return `process ${pid} is not beginning: nobody grants it anything`;
    const inode = object === "file" ? this.#files.inodeOf(target) : 0;
    return this.held.putFree(
      grantedAt(event),
      plainRow({ id: seq, object, target, rights, inheriting, inode }),
    );
  }

  /** Why the capability that an event names does not lie in the slot that it names. */
  #denyElsewhere(event: { readonly pid: number; readonly by: number; readonly slot: number }): string | null {
    const { pid, by, slot } = event;
    const row = this.held.rowAt(placed(at.process, pid, slot));
    return row?.id === by ? null : `capability #${by} does not lie in slot ${slot} of process ${pid}`;
  }

  #isVoid({ pid, by, slot }: { readonly pid: number; readonly by: number; readonly slot: number }): boolean {
    return this.held.voidAt(placed(at.process, pid, slot)) === by;
  }

  #close(event: Of<"capability/closed">): string | null {
    const { pid, slot, by, object, target } = event;
    const address = placed(at.process, pid, slot);
    if (object === "void") {
      if (this.held.voidAt(address) !== by) return `slot ${slot} was not emptied of capability #${by}`;
      this.held.clearVoid(address);
      return null;
    }
    const elsewhere = this.#denyElsewhere(event);
    if (elsewhere !== null) return elsewhere;
    const row = this.held.take(address);
    if (row?.object !== object || row.target !== target) return `capability #${by} is of something else`;
    this.#messages.lose(row, address);
    return null;
  }

  #move(event: Of<"capability/moved">): string | null {
    const { pid, slot, to } = event;
    if (this.#isVoid(event)) return this.#moveVoid(event);
    return (
      this.#denyElsewhere(event) ?? this.#shift(placed(at.process, pid, slot), placed(at.process, pid, to))
    );
  }

  /** What a revocation left is nothing, and may lie elsewhere. */
  #moveVoid({ pid, slot, to, by }: Of<"capability/moved">): string | null {
    if (!this.held.isFree(placed(at.process, pid, to))) return `slot ${to} is not free`;
    this.held.clearVoid(placed(at.process, pid, slot));
    this.held.leaveVoid(placed(at.process, pid, to), by);
    return null;
  }

  #shift(from: number, to: number): string | null {
    if (!this.held.isFree(to)) return `slot ${slotAt(to)} is not free`;
    const row = this.held.take(from);
    return row === null ? `nothing lies at address ${from}` : this.held.putFree(to, row);
  }

  #narrow(event: Of<"capability/narrowed">): string | null {
    const elsewhere = this.#denyElsewhere(event);
    if (elsewhere !== null) return elsewhere;
    const { pid, slot, rights, inheriting } = event;
    return this.#lessen(placed(at.process, pid, slot), { rights, inheriting });
  }

  /** Fewer rights, or as many, and what else changes with them. */
  #lessen(
    address: number,
    change: { readonly rights: number; readonly inheriting: number; readonly badge?: number },
  ): string | null {
    const row = this.held.rowAt(address);
    if (row === null) return `nothing lies at address ${address}`;
    if ((change.rights & ~row.rights) !== 0 || (change.inheriting & ~row.inheriting) !== 0)
      return `capability #${row.id} would have more rights than before`;
    const badge = change.badge ?? row.badge;
    if (row.badge !== 0 && badge !== row.badge) return `capability #${row.id} has a badge already`;
    this.held.put(address, { ...row, ...change, badge });
    return null;
  }

  #derive(event: Of<"capability/derived">): string | null {
    const { from, to, by, pid, seq, object, target, rights, inheriting, badge } = event;
    const source = this.held.rowAt(from);
    if (source?.id !== by) return `capability #${by} does not lie at address ${from}`;
    const why = judgeDerivation(event, source, {
      holdsSome: (test) => [...this.held.rowsOf(pid)].some((row) => test(row)),
      brandOf: (box) => this.#brands.get(box) ?? Number.MAX_SAFE_INTEGER,
      descends: (id, ancestor) => this.held.descends(id, ancestor),
    });
    const denied = why ?? this.#denyReach(event);
    if (denied !== null) return denied;
    const { until, uses, holder, weak: isWeak, membrane } = event;
    const terms = { until, uses: uses === 0 ? -1 : uses, holder, isWeak, membrane };
    const { inode } = source;
    const row = { id: seq, object, target, rights, inheriting, badge, parent: by, inode, ...terms };
    return this.held.putFree(to, plainRow(row));
  }

  /** Into which message something is given, of whom a process inherits, and when a machine endows it. */
  #denyReach(event: Of<"capability/derived">): string | null {
    const { how, from, to, pid, call } = event;
    switch (how) {
      case "given":
        return isOf(to, pid) ? this.#messages.denyArrival(event) : this.#messages.denyGiving(pid, to);
      case "inherited":
        return this.#processes.inherit(pid, ownerAt(from));
      case "endowed":
        return call < 0 && this.#processes.mayBeGranted(pid) ? null : `process ${pid} is not beginning`;
      default:
        return null;
    }
  }

  #carry(event: Of<"capability/carried">): string | null {
    const { by, from, to, rights, inheriting, badge, pid } = event;
    if (this.held.rowAt(from)?.id !== by) return `capability #${by} does not lie at address ${from}`;
    if (!isOf(to, pid)) return `process ${pid} has no slot at address ${to}`;
    if (spaceAt(from) === at.messages) {
      const why = this.#messages.denyTaking(pid, ownerAt(from));
      if (why !== null) return why;
    } else if (!isOf(from, pid)) return `capability #${by} is not held by process ${pid}`;
    return this.#lessen(from, { rights, inheriting, badge }) ?? this.#shift(from, to);
  }

  #remove(event: Of<"capability/removed">): string | null {
    const why = judgeRemoval(event, this.held, { messages: this.#messages, urgency: this.urgency });
    if (why !== null) return why;
    for (let place = 0; place < event.removed.length; place += 3) {
      const address = event.removed[place] as number;
      const row = this.held.take(address);
      if (row === null) continue;
      this.#messages.lose(row, address);
      const isOwn = event.why === "holder-ended" && ownerAt(address) === event.pid;
      if (spaceAt(address) === at.process && !isOwn) this.held.leaveVoid(address, row.id);
    }
    return null;
  }

  #use({ by, place: address }: Of<"capability/used">): string | null {
    const row = this.held.rowAt(address);
    if (row?.id !== by) return `capability #${by} does not lie at address ${address}`;
    if (row.uses <= 0) return `capability #${by} may not be used any more`;
    this.held.put(address, { ...row, uses: row.uses - 1 });
    return null;
  }

  #create(event: Of<"object/created">): string | null {
    const { seq, object, target, rights, to, pid, detail } = event;
    if (target <= this.#lastObject) return `object ${target} is there already, or was`;
    const isOwn = event.by === 0 || isOf(to, pid);
    if (!isOwn) return `process ${pid} has no slot at address ${to}`;
    this.#lastObject = target;
    if (object === "box") {
      if (!maySeal(this.held, pid, detail)) return `process ${pid} may not seal with brand ${detail}`;
      this.#brands.set(target, detail);
    }
    return this.held.putFree(to, plainRow({ id: seq, object, target, rights, inheriting: 0 }));
  }
}
