/**
 * A second opinion of a whole log: goes through its events with a model of its own, slots by address and what lies in them, and accepts
 * each event or says why it cannot have happened (laws B1, G1, G6). Of the kernel it knows the names of events and their fields. It
 * takes no answer from `decide`, from a reducer or from a state, so that a mistake there is not believed here.
 */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import { BegunProcesses } from "./begun-processes.ts";
import { at, type HeldRow, isIn, spaceAt } from "./held-slots.ts";
import { judgeUse } from "./judge-use.ts";
import { KnownDomains } from "./known-domains.ts";
import { KnownFiles } from "./known-files.ts";
import { SlotChanges } from "./slot-changes.ts";
import { ruleOf } from "./use-rules.ts";

/** The first event that cannot have happened. */
export interface Objection {
  readonly seq: number;
  readonly why: string;
}

export class LogChecker {
  readonly #files = new KnownFiles();
  readonly #processes = new BegunProcesses();
  readonly #changes = new SlotChanges(this.#files, this.#processes);
  readonly #domains = new KnownDomains();

  /** Why the next event cannot have happened; null if it can, and then it has. */
  take(event: KernelEvent): string | null {
    const why = this.#judge(event);
    if (why !== null) return why;
    this.#changes.urgency.take(event);
    this.#files.take(event, this.#usedInode(event));
    this.#processes.take(event);
    this.#domains.take(event);
    return null;
  }

  #judge(event: KernelEvent): string | null {
    return this.#judgeAuthority(event) ?? this.#changes.denyUrgency(event) ?? this.#judgeDomain(event);
  }

  #judgeDomain(event: KernelEvent): string | null {
    if (event.type === "process/assigned" && !this.#processes.mayBeRanked(event.pid))
      return `process ${event.pid} is not beginning`;
    return this.#domains.deny(event);
  }

  #judgeAuthority(event: KernelEvent): string | null {
    const ended = this.#processes.denyEnded(event);
    if (ended !== null) return ended;
    const rule = ruleOf(event);
    switch (rule.by) {
      case "slots":
        return this.#changes.take(event);
      case "capability": {
        const why = this.#judgeHeld(event);
        return why ?? this.#changes.takeMade(event);
      }
      case "nobody":
        return rule.why === "itself" ? this.#changes.takeOwn(event) : this.#changes.takeMachine(event);
    }
  }

  /** The capability that an event names lies in a slot of the process whose doing it is, and allows it. */
  #judgeHeld(event: KernelEvent): string | null {
    const { by } = event as unknown as { readonly by: number };
    if (by === 0) return this.#processes.denyMachine(event);
    const { held } = this.#changes;
    const address = held.addressOf(by);
    const row = held.rowAt(address);
    if (row === null) return `capability #${by} is nowhere`;
    const rule = ruleOf(event);
    if (rule.by !== "capability") return null;
    if (!isHeldFor(event, address, rule.use.isService === true))
      return `capability #${by} is not held by process ${event.pid}`;
    const holdsSome = (test: (other: HeldRow) => boolean): boolean =>
      [...held.rowsOf(event.pid)].some((other) => test(other));
    return judgeUse(event, rule.use, { row, known: this.#files, holdsSome });
  }

  /** The inode behind the capability that an event names. */
  #usedInode(event: KernelEvent): number {
    if (!("by" in event)) return 0;
    const { held } = this.#changes;
    return held.rowAt(held.addressOf(event.by))?.inode ?? 0;
  }
}

/** A process uses what lies in its own table; a line, a timer or a context what is bound to it. */
function isHeldFor(event: KernelEvent, address: number, isService: boolean): boolean {
  if (event.pid === 0 && event.type === "notification/signalled") return spaceAt(address) === at.kept;
  return isIn(address, isService ? at.services : at.process, event.pid);
}

/** The first event of a log that cannot have happened; null if all can. */
export function checkLog(events: Iterable<KernelEvent>): Objection | null {
  const checker = new LogChecker();
  let seq = 0;
  for (const event of events) {
    const why = event.seq === seq ? checker.take(event) : `event ${seq} was expected`;
    if (why !== null) return { seq: event.seq, why };
    seq += 1;
  }
  return null;
}
