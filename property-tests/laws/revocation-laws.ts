/** Revocation (R1 to R4): it reaches all that was made of a capability, wherever that lies, and nothing else. */
import fc from "fast-check";
import { errno } from "../../core/errno.ts";
import { peek } from "../../core/table.ts";
import { addressOf, ownerOfTable, slotOf, space, spaceOf } from "../../reducers/capabilities/address.ts";
import { removedOf } from "../../reducers/capabilities/capability-event.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import { revokeCapability } from "../../reducers/decide/revoke-capability.ts";
import { kernelInvariants } from "../../reducers/kernel-invariants.ts";
import { membraneRight } from "../../core/object-rights.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { type Operation, requestOf } from "../model/capability-operations.ts";
import type { Asked, CapabilityWorld } from "../model/capability-world.ts";
import { behindMembrane, heldSlots, strictDescendants } from "../models/derivation-model.ts";
import { life, type Life, liveOut } from "./capability-life.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

interface Revoked {
  readonly asked: Asked;
  readonly root: number;
  /** What is to go, by address. */
  readonly doomed: ReadonlySet<number>;
}

/** All revocations of a life that were carried out at once. */
export function* revocationsIn(world: CapabilityWorld): Generator<Revoked> {
  for (const asked of world.asked) {
    const { request, decision, pid, state } = asked;
    if (request.call !== "cap_revoke" || decision.kind !== "facts") continue;
    const root = addressOf(space.process, pid, request.fd);
    yield { asked, root, doomed: doomedIn(state, root) };
  }
}

function doomedIn(state: KernelState, root: number): ReadonlySet<number> {
  const slots = heldSlots(state.capabilities);
  const row = slots.get(root);
  const below = strictDescendants(slots, root);
  if (row?.object !== "membrane" || (row.rights & membraneRight.revoke) === 0) return below;
  return new Set([...below, ...behindMembrane(slots, row.target)].filter((address) => address !== root));
}

const what = ({ id, object, target, rights, inheriting, badge }: NonNullable<ReturnType<typeof rowAt>>) => ({
  id,
  object,
  target,
  rights,
  inheriting,
  badge,
});

function isComplete({ asked, root, doomed }: Revoked): void {
  const { after } = asked;
  const left = heldSlots(after.capabilities);
  for (const address of doomed)
    demand(!left.has(address), `${address}, derived from ${root}, is held after the revocation`);
  const own = left.get(root);
  demand(own !== undefined, "what is revoked stays itself");
}

/** What was not derived from what was revoked is as it was, but for what objects kept that nobody holds any more. */
function isExact({ asked, doomed }: Revoked): void {
  const { state, after } = asked;
  const left = heldSlots(after.capabilities);
  for (const [address, row] of heldSlots(state.capabilities)) {
    if (doomed.has(address)) continue;
    const now = left.get(address);
    const keeperIsGone =
      spaceOf(address) === space.kept && peek(after.capabilities.objects, ownerOfTable(address)) === null;
    if (now === undefined && keeperIsGone) continue;
    if (now === undefined && spaceOf(address) === space.messages) continue;
    demandEqual(now === undefined ? null : what(now), what(row), `what lies at ${address}`);
  }
}

const completeness = law({
  id: "R1",
  statement:
    "after a revocation nothing that was made of a capability is left, it is there itself, and all else is as it was",
  runs: 20,
  cases: life(200),
  holds: (drawn) => {
    for (const revoked of revocationsIn(liveOut(drawn))) {
      isComplete(revoked);
      isExact(revoked);
    }
  },
});

const immediate = law({
  id: "R2",
  statement:
    "no event after a revocation uses a capability that it took, and no slot that it emptied is taken behind its holder's back",
  runs: 20,
  cases: life(250),
  holds: (drawn) => {
    const gone = new Set<number>();
    for (const { before, event, after } of liveOut(drawn).transitions) {
      const isCleared = event.type === "capability/closed" && event.object === "void";
      if ("by" in event && event.type !== "capability/removed" && !isCleared)
        demand(!gone.has(event.by), `event ${event.seq} ${event.type} uses ${event.by}, which was taken`);
      if (event.type !== "capability/removed") continue;
      for (const [, , address] of removedOf(event)) {
        const row = rowAt(before.capabilities, address);
        demand(row !== null, "what is taken was there");
        gone.add(row.id);
        const isOwnDoing = event.why === "holder-ended" && ownerOfTable(address) === event.pid;
        if (spaceOf(address) === space.process && !isOwnDoing)
          demandEqual(rowAt(after.capabilities, address)?.object, "void", `slot ${slotOf(address)}`);
      }
    }
  },
});

/** Few processes, which hold the same endpoints with all rights: what one hands on is soon used. */
export const few = (length: number, kinds: readonly Operation["what"][]): fc.Arbitrary<Life> =>
  life(length, kinds, 4).map(({ plan, steps }) => ({
    plan: {
      ...plan,
      objects: ["endpoint", "endpoint", "membrane"],
      endowments: [0, 1, 2, 3].flatMap((who) =>
        [0, 1, 2].map((which) => ({ who, which, rights: 15, badge: 0 })),
      ),
    },
    steps,
  }));

const inFlight = law({
  id: "R3",
  statement:
    "what lies in a message, a reply, a box or a table is reached like any other; whoever waited with it is told",
  runs: 30,
  cases: few(150, [
    "copy",
    "mint",
    "send",
    "send",
    "call",
    "receive",
    "receive",
    "receive",
    "revoke",
    "revoke",
    "store",
    "seal",
  ]),
  holds: (drawn) => {
    const world = liveOut(drawn);
    for (const revoked of revocationsIn(world)) {
      isComplete(revoked);
      const { after } = revoked.asked;
      for (const address of revoked.doomed) {
        const isMessage = spaceOf(address) === space.messages && slotOf(address) === 0;
        if (isMessage)
          demand(
            peek(after.ipc.exchanges, ownerOfTable(address)) === null,
            "a message that was taken back is in no queue",
          );
      }
    }
    for (const { request, decision, isAgain } of world.asked)
      if (
        isAgain &&
        decision.kind === "refused" &&
        (request.call === "ipc_call" || request.call === "ipc_send")
      )
        demand(
          [errno.canceled, errno.stale].includes(decision.errno as 11),
          `what a cancelled ${request.call} is told`,
        );
  },
});

/** A revocation that others interrupt after every capability that it takes. */
function interrupted(world: CapabilityWorld, drawn: Life, step: Operation): void {
  const pid = (step.who % drawn.plan.processes) + 1;
  const request = requestOf(world.state, pid, { ...step, what: "revoke" });
  if (request.call !== "cap_revoke" || !world.living(pid)) return;
  const root = addressOf(space.process, pid, request.fd);
  let left = doomedIn(world.state, root).size;
  for (let at = 0; ; at += 1) {
    const decision = revokeCapability(world.state, pid, request.fd, { atOnce: 1, steps: 1 });
    if (decision.kind === "refused") return;
    if (decision.kind !== "facts" && decision.kind !== "parked") throw new Error("a revocation happens");
    for (const fact of decision.facts) world.happen(pid, fact);
    for (const [name, holds] of Object.entries(kernelInvariants))
      demand(holds(world.state), `${name}, in mid-revocation`);
    if (decision.kind === "facts") break;
    const meanwhile = drawn.steps[(step.b + at) % drawn.steps.length] as Operation;
    const other = (meanwhile.who % drawn.plan.processes) + 1;
    if (other !== pid && world.living(other)) world.ask(other, requestOf(world.state, other, meanwhile));
    if (rowAt(world.state.capabilities, root)?.id !== decision.facts[0]?.["by" as "type"]) return;
    const now = doomedIn(world.state, root).size;
    demand(now < left, `after a step of a revocation ${now} capabilities are left, of ${left}`);
    left = now;
  }
  demandEqual(doomedIn(world.state, root).size, 0, "what is left when a revocation is over");
}

const deriving = [
  "mint",
  "copy",
  "copy",
  "mint",
  "call",
  "receive",
  "store",
  "seal",
  "create",
  "wrap",
] as const;

const preempted = law({
  id: "R4",
  statement:
    "a revocation may be interrupted after every capability: all invariants hold, what is left becomes less, and it comes to an end",
  runs: 10,
  // Among many, and among few, where those who interrupt hold what is being taken.
  cases: fc.oneof(
    fc.tuple(life(100, deriving), life(60)),
    fc.tuple(
      few(100, deriving),
      few(60, ["copy", "mint", "wrap", "send", "call", "fetch", "receive", "open"]),
    ),
  ),
  holds: ([drawn, others]) => {
    const world = liveOut(drawn);
    for (const step of drawn.steps.slice(0, 30)) interrupted(world, { ...drawn, steps: others.steps }, step);
  },
});

export const revocationLaws: readonly Law[] = [completeness, immediate, inFlight, preempted];
