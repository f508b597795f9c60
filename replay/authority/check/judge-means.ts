/** Judges what else whoever makes a capability of another one must hold: a table, a brand, a membrane, what something is bound to. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import { at, type HeldRow, isOf, ownerAt, spaceAt } from "./held-slots.ts";
import type { DerivationMeans } from "./judge-derivation.ts";
import { objectBits } from "./wasi-bits.ts";

type Derived = Extract<KernelEvent, { type: "capability/derived" }>;

const { table, brand, membrane, process, notification, timer, interrupt, context } = objectBits;

/** One derivation, with what its process holds beside the capability that it makes another one of. */
class Means {
  readonly event: Derived;
  readonly #source: HeldRow;
  readonly #means: DerivationMeans;

  constructor(event: Derived, source: HeldRow, means: DerivationMeans) {
    this.event = event;
    this.#source = source;
    this.#means = means;
  }

  /** A capability of such an object with a right; a target below 0 is any. */
  holds(object: string, right: number, target: number): boolean {
    return this.#means.holdsSome(
      (row) =>
        row.object === object && (row.rights & right) === right && (target < 0 || row.target === target),
    );
  }

  holdsStrong(object: string, right: number, target: number): boolean {
    return this.#means.holdsSome(
      (row) => row.object === object && row.target === target && (row.rights & right) !== 0 && !row.isWeak,
    );
  }

  /** The same as what it is made of, but for a membrane that it came through. */
  holdsWrapped(): boolean {
    const { rights, inheriting } = this.event;
    const { id, object, target, membrane: through } = this.#source;
    return this.#means.holdsSome(
      (row) =>
        row.membrane !== 0 &&
        row.membrane !== through &&
        row.object === object &&
        row.target === target &&
        (rights & ~row.rights) === 0 &&
        (inheriting & ~row.inheriting) === 0 &&
        this.#means.descends(row.id, id),
    );
  }

  /** Out of what is held through a membrane comes what something was before it went in. */
  holdsThrough(object: string, right: number): boolean {
    return this.#means.holdsSome(
      (row) => row.object === object && (row.rights & right) === right && row.membrane !== 0,
    );
  }

  /** Whether what it is made of lies in an object that its process holds. */
  isWithin(object: string): boolean {
    const { from } = this.event;
    return spaceAt(from) === at.kept && ownerAt(from) !== 0 && this.holds(object, 0, ownerAt(from));
  }

  brandOf(box: number): number {
    return this.#means.brandOf(box);
  }

  lacks(what: string): string {
    return `process ${this.event.pid} holds no ${what}`;
  }
}

function denyFetching(means: Means): string | null {
  const { from, by, weak } = means.event;
  if (!means.isWithin("table"))
    return means.holdsThrough("table", table.fetch) ? null : means.lacks(`table to fetch #${by} from`);
  const owner = ownerAt(from);
  if (!means.holds("table", table.fetch, owner)) return means.lacks(`table ${owner} to fetch from`);
  return weak || means.holdsStrong("table", table.fetch, owner)
    ? null
    : means.lacks(`table ${owner} that is not weak`);
}

function denyUnsealing(means: Means): string | null {
  const { from, by } = means.event;
  if (!means.isWithin("box")) {
    const may = means.holdsThrough("box", 0) && means.holds("brand", brand.unseal, -1);
    return may ? null : means.lacks(`box that #${by} is in`);
  }
  const box = ownerAt(from);
  return means.holds("brand", brand.unseal, means.brandOf(box))
    ? null
    : means.lacks(`brand that box ${box} was sealed with`);
}

function denyStoring(means: Means): string | null {
  const owner = ownerAt(means.event.to);
  return means.holds("table", table.store, owner)
    ? denyUnwrapping(means)
    : means.lacks(`table ${owner} to store in`);
}

/** What is no slot of its own goes back through a membrane: it holds that as it is behind. */
function denyUnwrapping(means: Means): string | null {
  const { from, to, pid, by } = means.event;
  // What arrives is judged by the message that it came with.
  const isOwn = isOf(from, pid) || (means.event.how === "given" && isOf(to, pid));
  return isOwn || means.holdsWrapped() ? null : means.lacks(`capability that is #${by} behind a membrane`);
}

/** A context is bound to a process or a notification, a notification to a timer or a line, and with that the right to handle it. */
function mayBind(means: Means): boolean {
  const { object, target, rights, to } = means.event;
  const owner = ownerAt(to);
  const isKept = spaceAt(to) === at.kept;
  switch (object) {
    case "context":
      return spaceAt(to) === at.services
        ? means.holds("process", process.schedule, owner)
        : isKept && means.holds("notification", notification.wait, owner);
    case "interrupt":
      return isKept && target === owner && (rights & interrupt.handle) !== 0;
    case "notification":
      if (!isKept || (rights & notification.signal) === 0) return false;
      return means.holds("timer", timer.arm, owner) || means.holds("interrupt", interrupt.handle, owner);
    default:
      return false;
  }
}

/** What a process begins with lies in its slots, or is signalled when the budget of a context is used up that it begins with. */
function mayEndow(means: Means): boolean {
  const { object, rights, to, pid } = means.event;
  if (isOf(to, pid)) return true;
  return (
    object === "notification" &&
    rights === notification.signal &&
    means.holds("context", context.bind, ownerAt(to))
  );
}

/** Why whoever derives lacks what it needs beside; null if it does not. */
export function judgeMeans(event: Derived, source: HeldRow, others: DerivationMeans): string | null {
  const means = new Means(event, source, others);
  switch (event.how) {
    case "fetched":
      return denyFetching(means);
    case "stored":
      return denyStoring(means);
    case "sealed":
      return means.holds("brand", brand.seal, -1) ? null : means.lacks("brand to seal with");
    case "unsealed":
      return denyUnsealing(means);
    case "wrapped":
      return means.holds("membrane", membrane.wrap, event.membrane)
        ? null
        : means.lacks(`membrane ${event.membrane}`);
    case "endowed":
      return mayEndow(means) ? null : means.lacks("context that it could be bound to");
    case "bound":
      return mayBind(means) ? null : means.lacks("what it could be bound to");
    case "given":
      return denyUnwrapping(means);
    default:
      return null;
  }
}
