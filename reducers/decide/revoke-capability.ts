/** Deciders that take capabilities away: revocation, deletion, and what goes with what is deleted. */
import { membraneRight, objectKinds } from "../../core/object-rights.ts";
import { peek } from "../../core/table.ts";
import { NOWHERE } from "../capabilities/address.ts";
import { REMOVED_FIELDS, type Removal } from "../capabilities/capability-event.ts";
import { descendantsOf } from "../capabilities/capability-selectors.ts";
import type { CapabilitiesState, Capability, Revocation } from "../capabilities/capability-state.ts";
import { rowAt } from "../capabilities/slots.ts";
import type { KernelFact } from "../kernel-event.ts";
import type { KernelState } from "../kernel-state.ts";
import { AT_ONCE, type Decision, parked } from "./decision.ts";
import { anyUsable } from "./usable.ts";

/** Capabilities that one event takes away. */
export const REVOKED_AT_ONCE = 64;
/** Events of one revocation, until others may do something meanwhile. */
export const STEPS_AT_ONCE = 256;

export type Placed = readonly [address: number, capability: Capability];
type RemovedFact = Extract<KernelFact, { type: "capability/removed" }>;

/** How many go with one event, and after how many events others have their turn. */
export interface Pace {
  readonly atOnce: number;
  readonly steps: number;
}

const USUAL_PACE: Pace = { atOnce: REVOKED_AT_ONCE, steps: STEPS_AT_ONCE };
/** Of what ends with something else, which cannot wait for others. */
const TO_THE_END: Pace = { atOnce: REVOKED_AT_ONCE, steps: Infinity };

/** Takes away so many of them in each step, in their order. */
export function removal(
  doomed: Iterable<Placed>,
  { by, why, root }: { readonly by: number; readonly why: Removal; readonly root: number },
  { atOnce, steps: most }: Pace = TO_THE_END,
): readonly RemovedFact[] {
  const steps: RemovedFact[] = [];
  let removed: number[] = [];
  const end = (more: boolean): void => {
    steps.push({ type: "capability/removed", by, why, root, more, removed });
    removed = [];
  };
  for (const [address, { object, target }] of doomed) {
    if (removed.length === REMOVED_FIELDS * atOnce) {
      end(true);
      if (steps.length === most) return steps;
    }
    removed.push(address, objectKinds.indexOf(object), target);
  }
  end(false);
  return steps;
}

/** All that was ever made of it goes, wherever it is; it stays itself. By the right to, also all that came through a membrane. */
export function revokeCapability(
  state: KernelState,
  pid: number,
  fd: number,
  pace: Pace = USUAL_PACE,
): Decision {
  const revoked = anyUsable(state, pid, fd);
  if (revoked.kind === "refused") return revoked;
  const { address: root, capability } = revoked;
  const begun = peek(state.capabilities.revocations, pid);
  const goesOn = begun?.root === root && begun.id === capability.id && capability.object !== "membrane";
  const doomed = goesOn ? restOf(state.capabilities, begun) : doomedBy(state.capabilities, root, capability);
  const steps = removal(doomed, { by: capability.id, why: "revoked", root }, pace);
  // A long revocation goes on when others have had their turn; what lies below it cannot be handed on until then.
  return steps[steps.length - 1]?.more === true ? parked(steps, AT_ONCE) : { kind: "facts", facts: steps };
}

/** Leaves first, and each once: a membrane's members may lie below each other. It stays itself, even if it came through itself. */
function* doomedBy(
  capabilities: CapabilitiesState,
  root: number,
  { object, target, rights }: Capability,
): Generator<Placed> {
  if (object !== "membrane" || (rights & membraneRight.revoke) === 0)
    return yield* descendantsOf(capabilities, root);
  const seen = new Set([root]);
  for (const placed of membersAndBelow(capabilities, root, target)) {
    if (seen.has(placed[0])) continue;
    seen.add(placed[0]);
    yield placed;
  }
}

/** What is left of a revocation from where it goes on, and then what has come meanwhile to where it has been: messages, on their way. */
function* restOf(capabilities: CapabilitiesState, { root, next, nextId }: Revocation): Generator<Placed> {
  const row = next === NOWHERE ? null : rowAt(capabilities, next);
  if (row === null || row.id !== nextId || row.object === "void")
    return yield* descendantsOf(capabilities, root);
  const seen = new Set<number>();
  for (const placed of descendantsOf(capabilities, root, next)) {
    seen.add(placed[0]);
    yield placed;
  }
  for (const placed of descendantsOf(capabilities, root)) if (!seen.has(placed[0])) yield placed;
}

function* membersAndBelow(
  capabilities: CapabilitiesState,
  root: number,
  membrane: number,
): Generator<Placed> {
  yield* descendantsOf(capabilities, root);
  let member = peek(capabilities.membranes, membrane)?.firstMember ?? NOWHERE;
  while (member !== NOWHERE) {
    const row = rowAt(capabilities, member) as Capability;
    yield* withAllBelow(capabilities, member, row);
    member = row.terms?.nextMember ?? NOWHERE;
  }
}

/** A capability behind all that lies below it. */
export function* withAllBelow(
  capabilities: CapabilitiesState,
  address: number,
  row: Capability,
): Generator<Placed> {
  yield* descendantsOf(capabilities, address);
  yield [address, row];
}

/** What ends with a capability that is about to be closed: leases that name it, and all that lies below these. */
export function* endsWith(capabilities: CapabilitiesState, { id, below }: Capability): Generator<Placed> {
  for (let child = below; child !== NOWHERE; ) {
    const row = rowAt(capabilities, child) as Capability;
    if (row.terms?.holder === id) yield* withAllBelow(capabilities, child, row);
    child = row.next;
  }
}
