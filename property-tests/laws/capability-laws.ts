/** Capabilities and the derivation tree (A1 to A8, A12, A15, A16), over machines of 50 processes that do whatever can be done. */
import fc from "fast-check";
import { addressOf, space } from "../../reducers/capabilities/address.ts";
import { rowAt } from "../../reducers/capabilities/slots.ts";
import { few } from "./revocation-laws.ts";
import { allCapabilities } from "../../reducers/capabilities/capability-invariants.ts";
import { derivationInvariants } from "../../reducers/capabilities/derivation-invariants.ts";
import { kernelInvariants } from "../../reducers/kernel-invariants.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { Operation } from "../model/capability-operations.ts";
import { amplifiers, Ledger } from "../models/capability-ledger.ts";
import { life, liveOut } from "./capability-life.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

const noForgery = law({
  id: "A1",
  statement:
    "every capability was made by a fact that may make one, and its chain of derivation ends at boot",
  runs: 20,
  cases: life(200),
  holds: (drawn) => {
    const world = liveOut(drawn);
    const ledger = Ledger.of(world.transitions.map(({ event }) => event));
    for (const { id, object, target } of allCapabilities(world.state.capabilities)) {
      const made = ledger.entry(id);
      demand(made !== null, `capability ${id} was made by an event`);
      demandEqual([made.object, made.target], [object, target], `what capability ${id} is of`);
      demand(ledger.endsAtBoot(id), `the chain of capability ${id} ends at boot`);
    }
  },
});

const attenuation = law({
  id: "A2",
  statement:
    "what is made of a capability has no right that it has not, and narrowing twice is narrowing by both",
  runs: 20,
  cases: life(200),
  holds: (drawn) => {
    const { transitions, state } = liveOut(drawn);
    const ledger = Ledger.of(transitions.map(({ event }) => event));
    for (const { id, object, rights } of allCapabilities(state.capabilities))
      demand(
        object === "reply" || (rights & ~(ledger.entry(id)?.rights ?? 0)) === 0,
        `${object} ${id} has rights ${rights}, which no event gave it`,
      );
    for (const { id, beyond, how } of ledger.widenings)
      demand(amplifiers.has(how), `capability ${id}, ${how}, has rights ${beyond} that its source has not`);
  },
});

const terms = law({
  id: "A2-terms",
  statement:
    "what is made of something, or opened through it, is as weak, ends as soon, and with the same as it, and came through the same membrane",
  runs: 20,
  cases: fc.oneof(
    life(200),
    few(150, [
      "lease",
      "lease",
      "weaken",
      "wrap",
      "copy",
      "store",
      "fetch",
      "seal",
      "unseal",
      "open",
      "send",
      "receive",
    ]),
  ),
  holds: (drawn) => {
    for (const { before, event, after } of liveOut({ ...drawn, plan: { ...drawn.plan, hasFiles: true } })
      .transitions) {
      if (event.type !== "capability/derived" && event.type !== "file/opened") continue;
      const from =
        event.type === "file/opened" ? addressOf(space.process, event.pid, event.from) : event.from;
      const to = event.type === "file/opened" ? addressOf(space.process, event.pid, event.slot) : event.to;
      const source = rowAt(before.capabilities, from)?.terms ?? null;
      const made = rowAt(after.capabilities, to)?.terms ?? null;
      if (source === null) continue;
      const what = `${event.type} ${event.seq}`;
      demand(!source.isWeak || made?.isWeak === true, `${what} is not weak, and what it is made of is`);
      demand(
        source.holder === 0 || (made?.holder ?? 0) !== 0,
        `${what} ends with nobody, and what it is made of does`,
      );
      const end = made?.until ?? 0;
      demand(
        source.until === 0 || (end > 0 && end <= source.until),
        `${what} lasts longer than what it is made of`,
      );
      const goesBack =
        event.type === "capability/derived" && ["given", "fetched", "unsealed", "stored"].includes(event.how);
      demand(
        source.membrane === 0 || made?.membrane === source.membrane || goesBack,
        `${what} has lost its membrane`,
      );
    }
  },
});

const onlyCreation = law({
  id: "A3",
  statement: "nobody comes to a right on an object but by its creation, by what he is given, or by unsealing",
  runs: 20,
  cases: life(200, [
    "mint",
    "mutate",
    "weaken",
    "narrow",
    "lease",
    "copy",
    "seal",
    "unseal",
    "store",
    "fetch",
    "create",
  ]),
  holds: (drawn) => {
    const world = liveOut(drawn);
    for (const { before, event, after } of world.transitions) {
      if (event.type === "object/created" || event.type === "capability/granted") continue;
      const had = rightsInMachine(before);
      for (const [key, rights] of rightsInMachine(after))
        demand(
          (rights & ~(had.get(key) ?? 0)) === 0 || event.type === "file/opened",
          `${event.type} amplifies ${key}`,
        );
    }
  },
});

/** All rights that anybody has, by object. */
function rightsInMachine({ capabilities }: KernelState): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const { object, target, rights } of allCapabilities(capabilities)) {
    const key = `${object}:${target}`;
    all.set(key, (all.get(key) ?? 0) | rights);
  }
  return all;
}

const badges = law({
  id: "A4",
  statement: "a badge is put on what has none, once, and stays on all that is made of it",
  runs: 20,
  cases: life(200, ["mint", "mint", "mutate", "copy", "send", "call", "receive", "store", "fetch", "lease"]),
  holds: (drawn) => {
    const ledger = Ledger.of(liveOut(drawn).transitions.map(({ event }) => event));
    for (const { id, from, to } of ledger.rebadgings)
      demand(from === 0, `capability ${id}: badge ${from} became ${to}`);
  },
});

const badgeDelivery = law({
  id: "A5",
  statement:
    "who receives sees the badge of the capability that was sent through; signals come together by OR",
  runs: 20,
  cases: life(300, [
    "mint",
    "send",
    "call",
    "receive",
    "receive",
    "receive",
    "signal",
    "signal",
    "take",
    "reply",
  ]),
  holds: (drawn) => {
    const events = liveOut(drawn).transitions.map(({ event }) => event);
    const ledger = Ledger.of(events);
    const signalled = new Map<number, number>();
    for (const event of events) {
      if (event.type === "ipc/received")
        demandEqual(event.badge, ledger.sentBadge(event.seq), `the badge that event ${event.seq} delivers`);
      if (event.type === "notification/signalled")
        signalled.set(
          event.notification,
          (signalled.get(event.notification) ?? 0) | ledger.badgeAt(event.by, event.seq),
        );
      if (event.type !== "notification/taken") continue;
      demandEqual(
        event.bits,
        (signalled.get(event.notification) ?? 0) >>> 0,
        `the bits that event ${event.seq} takes`,
      );
      signalled.delete(event.notification);
    }
  },
});

const sound = (
  id: string,
  statement: string,
  names: readonly string[],
  kinds?: readonly Operation["what"][],
): Law =>
  law({
    id,
    statement,
    runs: 4,
    cases: life(200, kinds),
    holds: (drawn) => {
      for (const { event, after } of liveOut(drawn).transitions)
        for (const name of names)
          demand(kernelInvariants[name]?.(after) === true, `${name}, after event ${event.seq} ${event.type}`);
    },
  });

const tree = sound(
  "A6",
  "nothing is derived from itself; both ends of each link of the tree are there; what is derived is of the same object (A7, A8)",
  Object.keys(derivationInvariants),
);

const counts = sound(
  "A12",
  "every object counts those who hold it, wherever they are, and every budget what was spent of it",
  [
    "holdersAreCounted",
    "kindsAgree",
    "budgetsAreKept",
    "openFilesCountTheirHolders",
    "everyCapabilityHasItsObject",
  ],
);

const symmetric = sound(
  "A15",
  "who waits at an endpoint stands in its queue, once, and nobody else does",
  ["queuesHoldTheWaiting", "exchangesAreSound", "unsignalledHaveNoBits"],
  ["send", "call", "receive", "reply", "cancel", "revoke", "exit", "mint", "delete"],
);

const bijection = sound("A16", "a capability lies in one slot, and each slot that is in use holds one", [
  "capabilityIdsAreUnique",
  "slotTablesCountRight",
  "leasesAreCounted",
  "leasesHaveTheirHolders",
  "membersAreOfTheirMembrane",
  "voidsAreEmpty",
]);

export const capabilityLaws: readonly Law[] = [
  noForgery,
  attenuation,
  terms,
  onlyCreation,
  badges,
  badgeDelivery,
  tree,
  counts,
  symmetric,
  bijection,
];
