/**
 * Which other capability of the process came nearest to what a refused call needed: one that would have allowed it; else one that
 * could open what is meant with the rights; else one to the same object with some of them; else one to another object that has them
 * all. Of equals the one with the most of the rights, then the lowest slot.
 */
import { hasWasiRights } from "../../core/object-rights.ts";
import { right } from "../../core/rights.ts";
import { peek, rowsOf } from "../../core/table.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { directoriesAbove, directoryOf, inodeBehind, MOST_SLOTS } from "./places.ts";

/** A refused call, as far as it matters which other capability it could have been made through. */
export interface Attempt {
  readonly pid: number;
  readonly call: string;
  readonly slot: number;
  readonly held: Capability;
  /** Below the held directory; empty for calls on the descriptor itself. */
  readonly path: string;
  /** Rights that were to be held of the object, and are not. */
  readonly missing: number;
  /** Rights that were to be handed on, and are not. */
  readonly notHandedOn: number;
}

export type Nearness = "would allow it" | "can open it so" | "is of the same" | "has it elsewhere";

export interface Near {
  readonly slot: number;
  readonly capability: Capability;
  readonly why: Nearness;
  /** Those of the missing rights that it has, or hands on. */
  readonly has: number;
}

const order: readonly Nearness[] = ["would allow it", "can open it so", "is of the same", "has it elsewhere"];

/** Rights that a call may need beside those that it lacked; which of them it did need, its refusal does not say. */
const callRights: Readonly<Record<string, number>> = {
  path_open: right.pathOpen | right.pathCreateFile | right.pathFilestatSetSize,
  fd_pread: right.fdRead | right.fdSeek,
  fd_pwrite: right.fdWrite | right.fdSeek,
  poll_oneoff: right.fdRead | right.fdWrite | right.pollFdReadwrite,
};

/** An attempt with what it is compared by, worked out once. */
interface Sought extends Attempt {
  readonly state: KernelState;
  /** The inode behind the held capability; 0 if it is of no file. */
  readonly base: number;
  readonly kind: number;
  /** The directories from which the path, or the object itself, can be reached. */
  readonly above: ReadonlySet<number>;
  /** Rights that were to be held, as far as can be told. */
  readonly needed: number;
}

export function nearestCapability(state: KernelState, attempt: Attempt): Near | null {
  const slots = peek(state.capabilities.tables, attempt.pid)?.slots;
  if (slots === undefined) return null;
  const sought = soughtBy(state, attempt);
  let nearest: Near | null = null;
  let seen = 0;
  for (const [slot, capability] of rowsOf(slots)) {
    if (slot === attempt.slot) continue;
    if (seen === MOST_SLOTS) break;
    seen += 1;
    const near = nearnessOf(sought, slot, capability);
    if (near !== null && (nearest === null || isNearer(near, nearest))) nearest = near;
  }
  return nearest;
}

function soughtBy(state: KernelState, attempt: Attempt): Sought {
  const { files } = state;
  const { held, path, call, missing } = attempt;
  const base = inodeBehind(files, held);
  const directory = directoryOf(files, base, path);
  const above = new Set([directory, ...directoriesAbove(files, directory)]);
  const needed = missing | (held.rights & (callRights[call] ?? 0));
  return { ...attempt, state, base, kind: kindOf(state, base), above, needed };
}

const kindOf = ({ files }: KernelState, inode: number): number => peek(files.inodes, inode)?.kind ?? -1;

const isNearer = (near: Near, than: Near): boolean => {
  const ranks = order.indexOf(near.why) - order.indexOf(than.why);
  return ranks < 0 || (ranks === 0 && bitCount(near.has) > bitCount(than.has));
};

function bitCount(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function nearnessOf(sought: Sought, slot: number, capability: Capability): Near | null {
  const { state, missing, notHandedOn, needed } = sought;
  const near = (why: Nearness, has: number): Near => ({ slot, capability, why, has });
  const has = (capability.rights & missing) | (capability.inheriting & notHandedOn);
  const hasAll = has === (missing | notHandedOn);
  const inode = inodeBehind(state.files, capability);
  if (isInPlace(sought, capability, inode)) {
    if (hasAll && (needed & ~capability.rights) === 0) return near("would allow it", has);
    return has === 0 ? null : near("is of the same", has);
  }
  if (canOpen(sought, capability, inode)) return near("can open it so", missing);
  return hasAll && isAlike(sought, capability, inode) ? near("has it elsewhere", has) : null;
}

/** Whether its rights mean the same: both are directories, both are files, both are streams, or both are of one other kind. */
function isAlike({ state, held, kind }: Sought, { object }: Capability, inode: number): boolean {
  const areWasi = hasWasiRights(held.object) && hasWasiRights(object);
  return (areWasi || object === held.object) && kindOf(state, inode) === kind;
}

/** Whether the call could be made through it: it is of the same object, or of a directory above what the path leads to. */
function isInPlace({ held, base, path, above }: Sought, capability: Capability, inode: number): boolean {
  if (base === 0) return capability.object === held.object && capability.target === held.target;
  return path === "" ? inode === base : above.has(inode);
}

/** Whether it is of a directory above the object, and may open it with what was missing. */
function canOpen({ path, missing, above }: Sought, capability: Capability, inode: number): boolean {
  const mayOpen = (capability.rights & right.pathOpen) !== 0 && (missing & ~capability.inheriting) === 0;
  return path === "" && missing !== 0 && mayOpen && above.has(inode);
}
