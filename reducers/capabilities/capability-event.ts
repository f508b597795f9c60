import { choice, event, type EventOf, flag, text, uint, uints, use } from "../../core/event-schema.ts";
import { type ObjectKind, objectKinds } from "../../core/object-rights.ts";

const objectKind = choice(...objectKinds);

/** How a capability came of another. Words are only ever added at the end. */
const derivation = choice(
  "copied",
  "minted",
  "weakened",
  "leased",
  "given",
  "fetched",
  "stored",
  "sealed",
  "unsealed",
  "wrapped",
  "bound",
  "inherited",
  "endowed",
);

/** Why capabilities went that nobody closed. Words are only ever added at the end. */
const removal = choice(
  "revoked",
  "lapsed",
  "holder-ended",
  "object-destroyed",
  "cancelled",
  "unbound",
  "taken",
);

/**
 * What happened to capabilities. A capability's id is the seq of the event that made it. Places are addresses (see address.ts); a
 * `slot` is one of the event's own process.
 */
export const capabilityEvents = {
  /**
   * The machine's boot put a capability into a slot of a process: of clocks, timers and entropy, into its slot among the services.
   * `target` is the object's id of its kind; a label names a preopen, or what a guest finds it by.
   */
  "capability/granted": event(20, {
    slot: uint,
    object: objectKind,
    target: uint,
    rights: uint,
    inheriting: uint,
    label: text,
  }),
  /** A slot was emptied, and what it held with it. What was derived from that is of what it was derived from itself. */
  "capability/closed": event(21, { by: use, slot: uint, object: objectKind, target: uint }),
  /** A capability moved to another slot, whose own was closed by the event before. */
  "capability/moved": event(22, { by: use, slot: uint, to: uint }),
  "capability/narrowed": event(23, { by: use, slot: uint, rights: uint, inheriting: uint }),
  /** A guest asked what a capability allows. */
  "capability/examined": event(24, { by: use, slot: uint }),
  /** A capability was made of the one at `from`, which is `by`. `above` is what it hangs below in the tree, mostly `from`. */
  "capability/derived": event(25, {
    by: use,
    from: uint,
    to: uint,
    how: derivation,
    object: objectKind,
    target: uint,
    rights: uint,
    inheriting: uint,
    badge: uint,
    label: text,
    /** A lease: until which kernel time (0: for ever), how often it may be used (0: without end), and the id of what it ends with. */
    until: uint,
    uses: uint,
    holder: uint,
    weak: flag,
    /** The membrane that it came through (0: none), and on which side of it that one is whose it is. */
    membrane: uint,
    inside: flag,
  }),
  /** A capability moved from one table to another, or changed its rights and badge as it moved. */
  "capability/carried": event(26, {
    by: use,
    from: uint,
    to: uint,
    rights: uint,
    inheriting: uint,
    badge: uint,
  }),
  /**
   * One step of taking capabilities away; `removed` holds for each its address, its kind's place in core/object-rights.ts, and its
   * target. A revocation by `by`, the one at `root`, goes on as long as `more` says so.
   */
  "capability/removed": event(27, {
    by: use,
    why: removal,
    root: uint,
    more: flag,
    removed: uints,
  }),
  /** A leased capability was used once more. */
  "capability/used": event(28, { by: use, place: uint }),
  /** A kernel object was made, and the first capability to it. A budget pays so many bytes; 0: nobody pays. */
  "object/created": event(110, {
    by: use,
    to: uint,
    object: objectKind,
    target: uint,
    rights: uint,
    budget: uint,
    bytes: uint,
    /** What it may be found by. */
    label: text,
    /** Of a budget: what may be spent of it. Of a box: the brand. Of a device: its place among `deviceKinds`. */
    detail: uint,
  }),
  /** Nobody holds it any more: it is no more, and what it cost is given back. */
  "object/destroyed": event(111, { object: objectKind, target: uint, budget: uint, bytes: uint }),
  "budget/examined": event(112, { by: use, budget: uint, limit: uint, used: uint }),
} as const;

/** How many numbers say which capability was removed. */
export const REMOVED_FIELDS = 3;

/** Takes the kind and target of each capability that was removed, and its address, in their order: reducers, which are to be fast. */
export function eachRemoved(
  { removed }: { readonly removed: readonly number[] },
  take: (kind: ObjectKind, target: number, address: number) => void,
): void {
  for (let at = 0; at < removed.length; at += REMOVED_FIELDS)
    take(
      objectKinds[removed[at + 1] as number] as ObjectKind,
      removed[at + 2] as number,
      removed[at] as number,
    );
}

/** The same to go through. */
export function* removedOf(event: {
  readonly removed: readonly number[];
}): Generator<readonly [ObjectKind, number, number]> {
  const { removed } = event;
  for (let at = 0; at < removed.length; at += REMOVED_FIELDS) {
    const kind = objectKinds[removed[at + 1] as number] as ObjectKind;
    yield [kind, removed[at + 2] as number, removed[at] as number];
  }
}

export type CapabilityEvent = EventOf<typeof capabilityEvents>;
export type Derived = Extract<CapabilityEvent, { type: "capability/derived" }>;
export type Removed = Extract<CapabilityEvent, { type: "capability/removed" }>;
export type Derivation = Derived["how"];
export type Removal = Removed["why"];
