/** What is said of who could come to what (B6), held against what processes do come to in the kernel. */
import fc from "fast-check";
import { allRightsOf, endpointRight, type ObjectKind } from "../../core/object-rights.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { AuthorityView, type HeldRow } from "../../replay/authority/authority-view.ts";
import { couldHold } from "../../replay/authority/could-hold.ts";
import { keyOf, type ObjectRef } from "../../replay/authority/object-ref.ts";
import { GuestPaths } from "../../replay/guest-paths.ts";
import { life, liveOut } from "./capability-life.ts";
import { demand, law, type Law } from "./law.ts";

/** Kinds that nobody makes or opens anew, so that a right on one has to come from somebody. */
const asked: ReadonlySet<string> = new Set([
  "endpoint",
  "notification",
  "table",
  "brand",
  "membrane",
  "budget",
  "device",
]);

const viewOf = (state: KernelState): AuthorityView => new AuthorityView(state, new GuestPaths());

const pidOf = ({ holder }: HeldRow): number => ("pid" in holder ? holder.pid : 0);

/** `pid object` of every right that a process holds, with the rights. */
function heldIn(view: AuthorityView): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const row of view.rows) {
    if (row.holder.kind !== "slot" || !asked.has(row.ref.kind)) continue;
    const key = `${pidOf(row)} ${keyOf(row.ref)}`;
    held.set(key, (held.get(key) ?? 0) | row.capability.rights);
  }
  return held;
}

const noMeansNo = law({
  id: "B6-kernel",
  statement:
    "what a process is said never to come to it never comes to, whatever all do; what it holds it could",
  runs: 20,
  cases: fc.tuple(life(250, undefined, 8), fc.array(fc.nat(), { minLength: 12, maxLength: 12 })),
  holds: ([drawn, choices]) => {
    // Fewer share than in other lives, or everybody could come to everything.
    const endowments = drawn.plan.endowments.slice(0, drawn.plan.processes * 2).map((one) => ({
      ...one,
      // Some only receive, some only send.
      rights: [endpointRight.receive, endpointRight.send | endpointRight.grant, 15][one.who % 3] ?? 15,
    }));
    const world = liveOut({ ...drawn, plan: { ...drawn.plan, endowments } });
    const boot = world.transitions.find((transition) => transition.asked !== null)?.before;
    if (boot === undefined) return;
    const before = viewOf(boot);
    const objects = [...new Map(before.rows.map(({ ref }) => [keyOf(ref), ref])).values()].filter(
      ({ kind }) => asked.has(kind),
    );
    const after = heldIn(viewOf(world.state));
    const had = heldIn(before);
    for (const choice of choices) {
      const pid = (choice % drawn.plan.processes) + 1;
      const object = objects[choice % objects.length] as ObjectRef;
      const key = `${pid} ${keyOf(object)}`;
      for (let right = 1; right <= allRightsOf(object.kind as ObjectKind); right *= 2) {
        const could = couldHold(before, { pid, right, object }).answer.kind === "yes";
        const came = ((after.get(key) ?? 0) & right) !== 0;
        demand(
          could || !came,
          `process ${pid} came to right ${right} on ${keyOf(object)}, and was said never to`,
        );
        demand(could || ((had.get(key) ?? 0) & right) === 0, "what is held can be held");
      }
    }
  },
});

export const couldLaws: readonly Law[] = [noMeansNo];
