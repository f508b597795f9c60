/** How long things live, and what refusals do (A11, A13, A17, A18). */
import { errnoName } from "../../core/errno.ts";
import { StatePages } from "../../core/state-pages.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { step } from "../../reducers/step.ts";
import { sha256 } from "../../replay/hash.ts";
import { peek, rowsOf } from "../../core/table.ts";
import { decide } from "../../reducers/decide/decide.ts";
import { MACHINE } from "../../reducers/capabilities/address.ts";
import { allCapabilities } from "../../reducers/capabilities/capability-invariants.ts";
import { isTrue } from "../model/refusal-truth.ts";
import { life, liveOut } from "./capability-life.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

const liveImpliesHeld = law({
  id: "A11",
  statement: "an object lives as long as somebody holds it; with the last capability it is destroyed, once",
  runs: 20,
  cases: life(250, [
    "create",
    "create",
    "delete",
    "delete",
    "copy",
    "store",
    "seal",
    "revoke",
    "exit",
    "mint",
    "send",
    "renumber",
  ]),
  holds: (drawn) => {
    const world = liveOut(drawn);
    const destroyed = new Map<number, number>();
    for (const { event } of world.transitions)
      if (event.type === "object/destroyed")
        destroyed.set(event.target, (destroyed.get(event.target) ?? 0) + 1);
    for (const [target, times] of destroyed)
      demandEqual(times, 1, `how often object ${target} was destroyed`);
    const { objects, budgets } = world.state.capabilities;
    for (const [id, { holders, kind }] of rowsOf(objects)) {
      const isPayer = kind === "budget" && (peek(budgets, id)?.used ?? 0) > 0;
      demand(holders > 0 || isPayer || id === MACHINE, `somebody holds ${kind} ${id}`);
    }
  },
});

const linearReplies = law({
  id: "A13",
  statement:
    "there is one right to reply for each caller whose message was taken, none for others, and it is used once",
  runs: 20,
  cases: life(
    300,
    [
      "call",
      "call",
      "receive",
      "receive",
      "receive",
      "reply",
      "copy",
      "mint",
      "store",
      "delete",
      "kill",
      "exit",
      "revoke",
      "move",
    ],
    12,
  ),
  holds: (drawn) => {
    for (const { event, after } of liveOut(drawn).transitions) {
      const replies = allCapabilities(after.capabilities).flatMap(({ object, target }) =>
        object === "reply" ? [target] : [],
      );
      demandEqual(
        new Set(replies).size,
        replies.length,
        `callers with a reply capability, after event ${event.seq}`,
      );
      const isBetween = event.type === "capability/closed" || event.type === "capability/removed";
      const awaited = [...rowsOf(after.ipc.exchanges)].flatMap(([pid, { status, awaitsReply }]) =>
        status === "taken" && awaitsReply ? [pid] : [],
      );
      if (!isBetween)
        demandEqual(
          replies.sort(ascending),
          awaited.sort(ascending),
          `who awaits a reply, after event ${event.seq}`,
        );
    }
  },
});

const ascending = (one: number, other: number): number => one - other;

const failuresChangeNothing = law({
  id: "A17-capabilities",
  statement: "a call that is refused, and one that has to wait, leaves every part of the state as it was",
  runs: 20,
  cases: life(200),
  holds: (drawn) => {
    for (const { before, event, after } of liveOut(drawn).transitions) {
      if (event.type !== "process/refused") continue;
      demandEqual(
        { ...after, seq: 0, at: 0, epoch: 0 },
        { ...before, seq: 0, at: 0, epoch: 0 },
        `the state after refusal ${event.seq}`,
      );
    }
  },
});

const refusalsAreTrue = law({
  id: "A17-reasons",
  statement: "what a refusal says is so: its reason, of the slot that it names, in the state before it",
  runs: 20,
  cases: life(300),
  holds: (drawn) => {
    for (const { decision: refused, ...asked } of liveOut(drawn).asked) {
      if (refused.kind !== "refused") continue;
      const { reason, errno: code, slot } = refused;
      demand(
        isTrue({ ...asked, refused }),
        `"${reason}", by which ${JSON.stringify(asked.request)} is refused with ${errnoName(code)}, is so of slot ${slot}`,
      );
    }
  },
});

const sameAnswer = law({
  id: "A18-capabilities",
  statement: "the same call on the same state is decided the same, and deciding changes nothing",
  runs: 20,
  cases: life(200),
  holds: (drawn) => {
    for (const { pid, request, isAgain, at, state, decision } of liveOut(drawn).asked) {
      const again = decide(state, { pid, at, since: at, isAgain }, request);
      demandEqual(again, decision, `${request.call}, asked again`);
    }
  },
});

/** The hash of a state, whichever driver made it. */
const addressOfState = (state: KernelState): string =>
  Buffer.from(new StatePages(sha256, null).write(state)).toString("hex");

const sameStep = law({
  id: "P1-capabilities",
  statement:
    "by immer each event leads to the state that the fast driver came to, and no state changes behind whoever holds it",
  runs: 4,
  cases: life(120, undefined, 8),
  holds: (drawn) => {
    for (const { before, event, after } of liveOut(drawn).transitions)
      demandEqual(
        addressOfState(step(before, event)),
        addressOfState(after),
        `the state after event ${event.seq} ${event.type}`,
      );
  },
});

export const lifeLaws: readonly Law[] = [
  liveImpliesHeld,
  linearReplies,
  failuresChangeNothing,
  refusalsAreTrue,
  sameAnswer,
  sameStep,
];
