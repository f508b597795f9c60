/** Domains of trust (B9): who can hand a capability over an endpoint, and who receives there, are of one; and what made two of them one. */
import fc from "fast-check";
import { endpointRight } from "../../core/object-rights.ts";
import { ownerOfTable, space, spaceOf } from "../../reducers/capabilities/address.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { AuthorityView } from "../../replay/authority/authority-view.ts";
import { domainJoins } from "../../replay/authority/domain-joins.ts";
import { type TrustDomains, trustDomains } from "../../replay/authority/trust-domains.ts";
import { GuestPaths } from "../../replay/guest-paths.ts";
import type { CapabilityWorld } from "../model/capability-world.ts";
import { heldSlots } from "../models/derivation-model.ts";
import { life, type Life, liveOut } from "./capability-life.ts";
import { demand, law, type Law } from "./law.ts";

/** So many more objects than other lives have, so that there is more than one domain. */
const TIMES = 8;
const rightsOfEndpoints = [
  endpointRight.receive,
  endpointRight.send,
  endpointRight.send | endpointRight.grant,
  endpointRight.send | endpointRight.grantReply,
  15,
];

const apart = (drawn: Life): Life => {
  const { plan } = drawn;
  const objects = Array.from({ length: TIMES }, () => plan.objects).flat();
  const endowments = plan.endowments.slice(0, plan.processes * 2).map((one, at) => ({
    ...one,
    rights: rightsOfEndpoints[one.rights % rightsOfEndpoints.length] ?? 0,
    which: one.which + at * 7,
  }));
  return { ...drawn, plan: { ...plan, objects, endowments } };
};

const viewOf = (state: KernelState): AuthorityView => new AuthorityView(state, new GuestPaths());

function domainsByPid(domains: TrustDomains): ReadonlyMap<number, number> {
  return new Map(domains.flatMap((pids, domain) => pids.map((pid) => [pid, domain] as const)));
}

/** Who could hand something over an endpoint, and who could receive it there, by what lies in the slots of those who live. */
function* partners(
  state: KernelState,
  living: ReadonlySet<number>,
): Generator<readonly [number, number, number]> {
  const grants: (readonly [pid: number, endpoint: number])[] = [];
  const receives: (readonly [pid: number, endpoint: number])[] = [];
  for (const [address, { object, target, rights }] of heldSlots(state.capabilities)) {
    const pid = ownerOfTable(address);
    if (object !== "endpoint" || spaceOf(address) !== space.process || !living.has(pid)) continue;
    const hands = endpointRight.send | endpointRight.grant;
    if ((rights & hands) === hands) grants.push([pid, target]);
    if ((rights & endpointRight.receive) !== 0) receives.push([pid, target]);
  }
  for (const [sender, endpoint] of grants)
    for (const [receiver, where] of receives) if (where === endpoint) yield [sender, receiver, endpoint];
}

const livingIn = (world: CapabilityWorld): ReadonlySet<number> =>
  new Set(Array.from({ length: 99 }, (_, at) => at + 1).filter((pid) => world.living(pid)));

/** The state in which the first call is made. */
const firstOf = (world: CapabilityWorld): KernelState =>
  world.transitions.find(({ asked }) => asked !== null)?.before ?? world.state;

const partnersAreOne = law({
  id: "B9",
  statement:
    "who may grant over an endpoint and who may receive there are of one domain of trust, and nothing ever goes from one domain to another",
  runs: 8,
  cases: life(200).map(apart),
  holds: (drawn) => {
    const world = liveOut(drawn);
    const domainOf = domainsByPid(trustDomains(viewOf(world.state)));
    for (const [sender, receiver, endpoint] of partners(world.state, livingIn(world)))
      demand(
        domainOf.get(sender) === domainOf.get(receiver),
        `process ${sender} grants over endpoint ${endpoint}, ${receiver} receives there, and they are apart`,
      );
    const first = domainsByPid(trustDomains(viewOf(firstOf(world))));
    for (const { event } of world.transitions) {
      if (event.type !== "capability/derived" && event.type !== "capability/carried") continue;
      const [from, to] = [ownerOfTable(event.from), ownerOfTable(event.to)];
      if (spaceOf(event.from) !== space.messages || spaceOf(event.to) !== space.process) continue;
      demand(
        first.get(from) === first.get(to),
        `event ${event.seq} goes from process ${from} to ${to}, of another domain`,
      );
    }
  },
});

/** Whether two partitions, of those that both know, are the same once the joins have been made. */
function joinsLeadTo(before: TrustDomains, joins: readonly TrustDomains[], after: TrustDomains): void {
  const known = domainsByPid(after);
  const setOf = new Map<number, Set<number>>();
  const unite = (pids: readonly number[]): void => {
    const all = new Set(pids.flatMap((pid) => [...(setOf.get(pid) ?? [pid])]));
    for (const pid of all) setOf.set(pid, all);
  };
  for (const pids of before) unite(pids.filter((pid) => known.has(pid)));
  for (const domains of joins) {
    for (const pids of domains)
      demand(
        new Set(pids.map((pid) => setOf.get(pid))).size === 1,
        `${pids.join()} were apart, and are told as one`,
      );
    demand(
      new Set(domains.map(([pid = 0]) => setOf.get(pid))).size > 1,
      `${domains.join(" | ")} were one already`,
    );
    unite(domains.flat());
  }
  for (const pids of after) {
    const sets = new Set(pids.filter((pid) => setOf.has(pid)).map((pid) => setOf.get(pid)));
    demand(sets.size <= 1, `processes ${pids.join()} have become one domain, and nothing is told of it`);
  }
}

const joinsAreTold = law({
  id: "B9-joins",
  statement:
    "of each grant by which domains became one there is a warning, which names those that were apart and what they are joined by, and of nothing else",
  runs: 6,
  cases: fc.record({ drawn: life(200).map(apart), moment: fc.nat(1000) }),
  holds: ({ drawn, moment }) => {
    const { plan } = drawn;
    const world = liveOut(drawn);
    // From the middle of the boot on: what is endowed from then on joins them.
    const from = world.transitions.length - drawn.steps.length - plan.endowments.length;
    const at = Math.max(1, from) + (moment % plan.endowments.length);
    const before = viewOf(world.transitions[at]?.before ?? world.state);
    const after = viewOf(world.state);
    const joins = domainJoins(before, after);
    const alive = livingIn(world);
    const old = trustDomains(before).map((pids) => pids.filter((pid) => alive.has(pid)));
    joinsLeadTo(
      old,
      joins.map(({ domains }) => domains),
      trustDomains(after),
    );
    for (const { by } of joins) {
      demand(after.at(by.address)?.capability.id === by.capability.id, "what they are joined by is held");
      demand(before.byId(by.capability.id)?.address !== by.address, "and was not held there before");
    }
  },
});

export const domainLaws: readonly Law[] = [partnersAreOne, joinsAreTold];
