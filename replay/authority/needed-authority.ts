/**
 * What processes made use of, out of all that they were given: for each grant of boot, whether what came of it was read from or changed;
 * which services; and what was refused although all that was offered was given.
 */
import { errno } from "../../core/errno.ts";
import { right } from "../../core/rights.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { HandsOfCapabilities } from "./deputies/hands-of-capabilities.ts";

export interface NeededGrant {
  /** The seq of the grant. */
  readonly id: number;
  readonly object: string;
  readonly slot: number;
  readonly label: string;
  readonly isUsed: boolean;
  readonly isChanged: boolean;
}

export interface NeededRefusal {
  readonly function: number;
  readonly errno: number;
  readonly slot: number;
  readonly path: string;
  readonly missing: number;
  /** The first one's seq, and how many there were. */
  readonly seq: number;
  readonly count: number;
}

export interface NeededByProcess {
  readonly name: string;
  readonly grants: readonly NeededGrant[];
  readonly services: readonly ("realtime-clock" | "monotonic-clock" | "timers" | "entropy")[];
  readonly refusals: readonly NeededRefusal[];
}

/** What changes what is behind a capability. */
const changes: ReadonlySet<KernelEvent["type"]> = new Set([
  "file/written",
  "file/written-at",
  "file/created",
  "file/resized",
  "file/times-set",
  "directory/created",
  "directory/removed",
  "symlink/created",
  "name/linked",
  "name/unlinked",
  "name/renamed",
  "console/written",
  "pipe/written",
  "null/written",
]);
/** What every program does with descriptors that it has no use for. */
const idle: ReadonlySet<KernelEvent["type"]> = new Set(["capability/closed", "capability/examined"]);
const told: ReadonlySet<number> = new Set([
  errno.notcapable,
  errno.badf,
  errno.perm,
  errno.rofs,
  errno.acces,
]);
const MAX_REFUSALS = 1000;

interface Use {
  id: number;
  object: string;
  slot: number;
  label: string;
  isUsed: boolean;
  isChanged: boolean;
}

class ProcessNeeds {
  readonly name: string;
  readonly grants = new Map<number, Use>();
  readonly services = new Set<NeededByProcess["services"][number]>();
  readonly refusals = new Map<string, NeededRefusal>();

  constructor(name: string) {
    this.name = name;
  }

  refused(event: Extract<KernelEvent, { type: "process/refused" }>): void {
    const { function: call, errno: code, reason, slot, path, missing, seq } = event;
    if (
      reason === "not-preopened" ||
      !told.has(code) ||
      (code === errno.badf && isEndOfPreopens(event, this.grants))
    )
      return;
    const key = `${call} ${code} ${slot} ${path}`;
    const known = this.refusals.get(key);
    if (known === undefined && this.refusals.size >= MAX_REFUSALS) return;
    this.refusals.set(key, {
      function: call,
      errno: code,
      slot,
      path,
      missing,
      seq: known?.seq ?? seq,
      count: (known?.count ?? 0) + 1,
    });
  }
}

/** Programs of WASI ask for one preopen after the other until there is none: that is no want. */
const isEndOfPreopens = (
  { slot, path }: Extract<KernelEvent, { type: "process/refused" }>,
  grants: ReadonlyMap<number, Use>,
): boolean => path === "" && slot === Math.max(2, ...[...grants.values()].map((grant) => grant.slot)) + 1;

/** What the processes of a log needed, by their names, in the order in which they began. */
export function neededAuthority(events: Iterable<KernelEvent>): readonly NeededByProcess[] {
  const hands = new HandsOfCapabilities();
  const byName = new Map<string, ProcessNeeds>();
  const byPid = new Map<number, ProcessNeeds>();
  for (const event of events) {
    hands.take(event);
    if (event.type === "process/started") {
      const needs = byName.get(event.name) ?? new ProcessNeeds(event.name);
      byName.set(event.name, needs);
      byPid.set(event.pid, needs);
    }
    const needs = byPid.get(event.pid);
    if (needs !== undefined) takeUse(needs, event, hands);
  }
  return [...byName.values()].map(({ name, grants, services, refusals }) => ({
    name,
    grants: [...grants.values()],
    services: [...services].sort(),
    refusals: [...refusals.values()],
  }));
}

function takeUse(needs: ProcessNeeds, event: KernelEvent, hands: HandsOfCapabilities): void {
  switch (event.type) {
    case "capability/granted": {
      const { seq: id, object, slot, label } = event;
      needs.grants.set(id, { id, object, slot, label, isUsed: false, isChanged: false });
      return;
    }
    case "clock/read":
    case "clock/resolution-read":
      return void needs.services.add(event.clock === 0 ? "realtime-clock" : "monotonic-clock");
    case "entropy/drawn":
      return void needs.services.add("entropy");
    case "process/blocked":
    case "process/suspended":
      if (event.until > 0) needs.services.add("timers");
      return;
    case "process/polled":
      if (mayBeTime(event.ready)) needs.services.add("timers");
      return;
    case "process/refused":
      return needs.refused(event);
    default:
  }
  if (!("by" in event) || idle.has(event.type)) return;
  const grant = needs.grants.get(hands.rootOf(event.by));
  if (grant === undefined) return;
  grant.isUsed = true;
  const opensToWrite = event.type === "file/opened" && (event.rights & right.fdWrite) !== 0;
  if (changes.has(event.type) || opensToWrite) grant.isChanged = true;
}

const READY_NUMBERS = 4;

/** Whether something that was ready may have been a time: it says neither bytes nor flags. */
function mayBeTime(ready: readonly number[]): boolean {
  for (let at = 0; at < ready.length; at += READY_NUMBERS)
    if (ready[at + 1] === 0 && ready[at + 2] === 0 && ready[at + 3] === 0) return true;
  return false;
}
