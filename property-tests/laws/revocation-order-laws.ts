/** Revocations and what comes before and after them (R5 to R10). */
import { withoutStamps } from "../model/without-stamps.ts";
import fc from "fast-check";
import { errno } from "../../core/errno.ts";
import { peek, rowsOf } from "../../core/table.ts";
import { addressOf, ownerOfTable, slotOf, space, spaceOf } from "../../reducers/capabilities/address.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import { decide } from "../../reducers/decide/decide.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import { heldSlots, strictDescendants } from "../models/derivation-model.ts";
import { life, liveOut } from "./capability-life.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { revocationsIn } from "./revocation-laws.ts";

const ofOneself = law({
  id: "R5",
  statement: "who revokes what his own slots were made of finds them empty, and is told so",
  runs: 20,
  cases: life(200, ["mint", "copy", "copy", "lease", "revoke", "move"]),
  holds: (drawn) => {
    for (const { asked, doomed } of revocationsIn(liveOut(drawn)))
      for (const address of doomed) {
        const isOwn = spaceOf(address) === space.process && ownerOfTable(address) === asked.pid;
        if (!isOwn) continue;
        const asker = { pid: asked.pid, at: asked.at + 1, since: asked.at + 1 };
        const told = decide(asked.after, asker, { call: "cap_copy", fd: slotOf(address) });
        demandEqual(
          told,
          { kind: "refused", errno: errno.stale, reason: "taken-back", missing: 0 },
          "what is said of a slot that was emptied",
        );
      }
  },
});

/** Carries out two revocations, one after the other; the ids of all that is held then, and how often one was refused. */
function both(state: KernelState, order: readonly { readonly pid: number; readonly fd: number }[]) {
  const fold = new Fold(state);
  let refused = 0;
  for (const { pid, fd } of order) {
    const decision = decide(
      fold.state,
      { pid, at: state.at + 1, since: state.at + 1 },
      { call: "cap_revoke", fd },
    );
    if (decision.kind !== "facts") refused += 1;
    else
      for (const fact of decision.facts)
        fold.apply({ ...fact, seq: fold.state.seq, at: state.at, cause: -1, pid, call: -1 } as Parameters<
          Fold["apply"]
        >[0]);
  }
  const ids = [...heldSlots(fold.state.capabilities).values()].map(({ id }) => id);
  return { ids: ids.sort((one, other) => one - other), refused };
}

const concurrent = law({
  id: "R6",
  statement:
    "of two revocations, in whichever order, the same is left; the one that comes too late is refused",
  runs: 20,
  cases: fc.tuple(life(150, ["mint", "copy", "call", "receive", "store", "create"]), fc.nat(), fc.nat()),
  holds: ([drawn, one, other]) => {
    const { state } = liveOut(drawn);
    const inSlots = [...heldSlots(state.capabilities)].filter(
      ([address]) => spaceOf(address) === space.process,
    );
    const named = (index: number) => {
      const [address] = inSlots[index % inSlots.length] ?? [0];
      return { pid: ownerOfTable(address), fd: slotOf(address) };
    };
    const [a, b] = [named(one), named(other)];
    const there = both(state, [a, b]);
    const back = both(state, [b, a]);
    demandEqual(there.ids, back.ids, "what two revocations leave, in both orders");
    const slots = heldSlots(state.capabilities);
    const late = (first: number, then: number): number => (strictDescendants(slots, first).has(then) ? 1 : 0);
    const [x, y] = [a, b].map(({ pid, fd }) => addressOf(space.process, pid, fd)) as [number, number];
    const isMembrane = [x, y].some((address) => slots.get(address)?.object === "membrane");
    if (isMembrane || x === y) return;
    demandEqual(
      [there.refused, back.refused],
      [late(x, y), late(y, x)],
      "which of them come too late, in both orders",
    );
  },
});

const idempotent = law({
  id: "R7",
  statement: "to revoke twice is to revoke once, and what lies higher takes all that what lies lower takes",
  runs: 20,
  cases: life(200),
  holds: (drawn) => {
    for (const { asked, root } of revocationsIn(liveOut(drawn))) {
      const { pid, request, after } = asked;
      if (request.call !== "cap_revoke") continue;
      const fd = request.fd;
      const once = heldSlots(after.capabilities);
      demandEqual(
        both(after, [{ pid, fd }]).ids,
        [...once.values()].map(({ id }) => id).sort((x, y) => x - y),
        "what a second revocation leaves",
      );
      const slots = heldSlots(asked.state.capabilities);
      const above = slots.get(root)?.above ?? -1;
      if (above < 0) continue;
      const higher = strictDescendants(slots, above);
      for (const address of strictDescendants(slots, root))
        demand(higher.has(address), "what lies lower lies below what is higher");
    }
  },
});

const resourcesReturn = law({
  id: "R8",
  statement: "when all that a budget paid for is gone, all of it can be spent again",
  runs: 20,
  cases: life(200, ["create", "create", "split", "delete", "copy", "store", "seal", "revoke", "wrap"]),
  holds: (drawn) => {
    // What lies in a table of the machine's own stays, because that stays.
    const objects = drawn.plan.objects.map((kind) => (kind === "table" ? "endpoint" : kind));
    const world = liveOut({ ...drawn, plan: { ...drawn.plan, objects } });
    for (let pid = 1; pid <= drawn.plan.processes; pid += 1)
      if (world.living(pid) && !world.isWaiting(pid)) world.ask(pid, { call: "proc_exit", code: 0 });
    if (Array.from({ length: drawn.plan.processes }, (_, at) => world.living(at + 1)).includes(true)) return;
    const { budgets, kept, objects: left } = world.state.capabilities;
    demandEqual([...rowsOf(budgets)].length, 0, "budgets that are left when nobody lives");
    demandEqual([...rowsOf(left)].length, objects.length, "objects that are left but the machine's own");
    const keepers = [...rowsOf(kept)].map(([id]) => id);
    demand(
      keepers.every((id) => id === 0 || peek(left, id) !== null),
      "only objects that are there keep anything",
    );
  },
});

/** Who stands in the queue of an endpoint, in order. */
function queueOf({ ipc }: KernelState, endpoint: number): readonly (readonly [pid: number, badge: number])[] {
  const queue: (readonly [number, number])[] = [];
  for (let pid = peek(ipc.endpoints, endpoint)?.first ?? 0; pid !== 0; ) {
    const exchange = peek(ipc.exchanges, pid);
    if (exchange === null) break;
    queue.push([pid, exchange.badge]);
    pid = exchange.behind;
  }
  return queue;
}

const cancelBadged = law({
  id: "R9",
  statement:
    "cancelling sends with a badge takes exactly those from the queue, and the others keep their order",
  runs: 20,
  cases: life(250, ["mint", "send", "send", "call", "call", "cancel", "copy"]),
  holds: (drawn) => {
    for (const { request, decision, state, after, pid } of liveOut(drawn).asked) {
      if (request.call !== "ipc_cancel_badged" || decision.kind !== "facts") continue;
      const endpoint = rowAt(state.capabilities, addressOf(space.process, pid, request.fd))?.target ?? 0;
      const others = queueOf(state, endpoint).filter(([, badge]) => badge !== request.badge);
      demandEqual(queueOf(after, endpoint), others, `the queue of endpoint ${endpoint}`);
    }
  },
});

const replayed = law({
  id: "R10",
  statement: "a log replays to what it was, whatever was revoked later; only new calls are refused",
  runs: 15,
  cases: life(200),
  holds: (drawn) => {
    const world = liveOut(drawn);
    const fold = new Fold(initialState());
    for (const { event, after } of world.transitions) {
      fold.apply(event);
      if (event.seq % 50 === 0)
        demandEqual({ ...fold.snapshot(), epoch: 0 }.seq, after.seq, "the replay's place");
    }
    demandEqual(
      JSON.stringify(withoutStamps(fold.snapshot())),
      JSON.stringify(withoutStamps(world.state)),
      "the state of the replay",
    );
  },
});

export const revocationOrderLaws: readonly Law[] = [
  ofOneself,
  concurrent,
  idempotent,
  resourcesReturn,
  cancelBadged,
  replayed,
];
