/**
 * A policy compiled to a fold over a log: each rule keeps who ever held what it speaks of, or who does, and says at which event it was
 * broken. What is held is what lies in a process's slots or among its services; the path of a file is the one that it has at the
 * event.
 */
import { namesOfRights } from "../../core/object-rights.ts";
import { ownerOfTable } from "../../reducers/capabilities/address.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { EventSubjects } from "../event-subjects.ts";
import { type GuestPaths, MOST_PATHS } from "../guest-paths.ts";
import { programName } from "./holder.ts";
import { refOf } from "./object-ref.ts";
import {
  type HoldPattern,
  isOneOf,
  matchesPath,
  type ObjectPattern,
  type Policy,
  type PolicyRule,
  type UsePattern,
} from "./policy.ts";
import { touchedSlots } from "./touched-slots.ts";
import { type Exercised, UseProbe } from "./use-probe.ts";

/** A rule that an event broke. */
export interface Violation {
  readonly rule: string;
  readonly seq: number;
  readonly pid: number;
  readonly program: string;
  /** The capability that was held or used; 0 for none. */
  readonly capability: number;
  /** In words. */
  readonly what: string;
}

/** What one rule remembers. */
interface Memory {
  readonly rule: PolicyRule;
  /** By pid, the event since which a process ever held what the rule speaks of. */
  readonly since: Map<number, number>;
  /** The ids of the capabilities that it holds now. */
  readonly now: Map<number, Set<number>>;
}

interface HeldAt {
  readonly pid: number;
  readonly row: Capability;
}

export class PolicyFold {
  readonly #memories: readonly Memory[];
  readonly #subjects: EventSubjects;
  readonly #paths: GuestPaths;
  readonly #probe: UseProbe;
  #before: readonly HeldAt[] = [];
  #exercised: readonly Exercised[] | null = null;

  constructor({ rules }: Policy, state: KernelState, paths: GuestPaths) {
    this.#memories = rules.map((rule) => ({ rule, since: new Map(), now: new Map() }));
    this.#paths = paths;
    this.#subjects = new EventSubjects(paths);
    this.#probe = new UseProbe(state);
  }

  /** Sees an event that is about to be folded: what it uses may be forbidden. */
  take(state: KernelState, event: KernelEvent): readonly Violation[] {
    this.#exercised = null;
    const touched = touchedSlots(event);
    this.#before = touched.length === 0 ? [] : heldAt(state, touched);
    if (event.pid === 0) return [];
    return this.#memories.flatMap((memory) => this.#usesOf(memory, state, event));
  }

  /** Sees the state behind that event: what it brought may not be held. */
  settle(state: KernelState, event: KernelEvent): readonly Violation[] {
    const touched = touchedSlots(event);
    if (touched.length === 0) return [];
    const after = heldAt(state, touched);
    return this.#memories.flatMap((memory) => this.#settleRule(memory, state, { event, after }));
  }

  /** The capabilities that a rule speaks of, by the pid of whoever holds them now. */
  heldNow(rule: number): ReadonlyMap<number, ReadonlySet<number>> {
    return this.#memories[rule]?.now ?? new Map();
  }

  #usesOf({ rule, since }: Memory, state: KernelState, event: KernelEvent): readonly Violation[] {
    if (rule.rule !== "never-after") return [];
    const held = since.get(event.pid);
    if (held === undefined || !isOneOf(rule.processes, event.pid, programName(state, event.pid))) return [];
    if (!this.#isUse(rule.use, state, event)) return [];
    const used = "by" in event ? event.by : 0;
    const what = `${event.type} after it held, since event ${held}, what forbids that`;
    return [violation({ rule, state, event, pid: event.pid }, used, what)];
  }

  #isUse({ object, rights, events }: UsePattern, state: KernelState, event: KernelEvent): boolean {
    if (events.length > 0 && !events.some((type) => event.type.startsWith(type))) return false;
    if (rights.length > 0 && !this.#exercisesOneOf(rights, state, event)) return false;
    if (rights.length === 0 && events.length === 0 && !("by" in event)) return false;
    return object === null || this.#isAbout(object, state, event);
  }

  #exercisesOneOf(rights: readonly string[], state: KernelState, event: KernelEvent): boolean {
    return this.#uses(state, event).some(({ capability, rights: used }) =>
      namesOfRights(capability.object, used).some((name) => rights.includes(name)),
    );
  }

  /** What the event exercised, found once for all rules. */
  #uses(state: KernelState, event: KernelEvent): readonly Exercised[] {
    this.#exercised ??= this.#probe.exercised(state, event);
    return this.#exercised;
  }

  #isAbout(pattern: ObjectPattern, state: KernelState, event: KernelEvent): boolean {
    if (pattern.path !== null) {
      return this.#subjects.isAbout(state, event, (path) => matchesPath(pattern, path));
    }
    return this.#uses(state, event).some(({ capability }) => this.#isObject(pattern, state, capability));
  }

  #isObject(pattern: ObjectPattern, state: KernelState, row: Capability): boolean {
    const { kind, id } = refOf(state, row);
    if (pattern.kind !== null && pattern.kind !== kind) return false;
    if (pattern.id !== null && pattern.id !== id) return false;
    if (pattern.path === null) return true;
    return this.#paths.pathsOf(state.files, id, MOST_PATHS).some((path) => matchesPath(pattern, path));
  }

  #isHeld({ object, rights }: HoldPattern, state: KernelState, row: Capability): boolean {
    if (rights.length > 0 && !namesOfRights(row.object, row.rights).some((name) => rights.includes(name)))
      return false;
    return this.#isObject(object, state, row);
  }

  #settleRule(
    memory: Memory,
    state: KernelState,
    { event, after }: { readonly event: KernelEvent; readonly after: readonly HeldAt[] },
  ): readonly Violation[] {
    const { rule, since, now } = memory;
    const known = (pid: number, id: number): boolean => now.get(pid)?.has(id) === true;
    const held = after.filter(({ row }) => this.#isHeld(rule.held, state, row));
    const gained = held.filter(({ pid, row }) => !known(pid, row.id));
    for (const { pid, row } of this.#before)
      if (!held.some((each) => each.pid === pid && each.row.id === row.id)) forget(now, pid, row.id);
    const grew = gained.filter(({ pid }) => !now.has(pid)).length > 0;
    for (const { pid, row } of gained) {
      if (!since.has(pid)) since.set(pid, event.seq);
      const ids = now.get(pid);
      if (ids === undefined) now.set(pid, new Set([row.id]));
      else ids.add(row.id);
    }
    return gained.flatMap(({ pid, row }) => {
      const what = brokenBy(rule, { pid, program: programName(state, pid), holders: grew ? now.size : 0 });
      return what === null ? [] : [violation({ rule, state, event, pid }, row.id, what)];
    });
  }
}

/** What process slots hold at some addresses. */
const heldAt = ({ capabilities }: KernelState, addresses: readonly number[]): readonly HeldAt[] =>
  addresses.flatMap((address) => {
    const row = rowAt(capabilities, address);
    return row === null || row.object === "void" ? [] : [{ pid: ownerOfTable(address), row }];
  });

function forget(now: Map<number, Set<number>>, pid: number, id: number): void {
  const ids = now.get(pid);
  ids?.delete(id);
  if (ids?.size === 0) now.delete(pid);
}

/** How a rule is broken by somebody's coming to hold something; null if it is not. */
function brokenBy(
  rule: PolicyRule,
  { pid, program, holders }: { readonly pid: number; readonly program: string; readonly holders: number },
): string | null {
  switch (rule.rule) {
    case "never-after":
      return null;
    case "never-holds":
      return isOneOf(rule.processes, pid, program) ? "holds what it never may" : null;
    case "only":
      return isOneOf(rule.processes, pid, program) ? null : "holds what only others may";
    case "at-most":
      return holders > rule.count ? `is one of ${holders} that hold what at most ${rule.count} may` : null;
  }
}

interface Broken {
  readonly rule: PolicyRule;
  readonly state: KernelState;
  readonly event: KernelEvent;
  readonly pid: number;
}

const violation = ({ rule, state, event, pid }: Broken, capability: number, what: string): Violation => ({
  rule: rule.name,
  seq: event.seq,
  pid,
  program: programName(state, pid),
  capability,
  what,
});
