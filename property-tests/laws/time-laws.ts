import fc from "fast-check";
import { get } from "../../core/table.ts";
import { END_OF_TIME } from "../../reducers/clock/clock-selectors.ts";
import type { Inode } from "../../reducers/files/file-state.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import type { Step, SubscriptionSpec } from "../model/call-spec.ts";
import { type ModelRun, runSteps } from "../model/model-machine.ts";
import { stepsOf } from "../model/step-arbitraries.ts";
import { resumeAt } from "./crash-laws.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";

const nanosOf = (seconds: number, nanos: number): bigint => BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
const DAY = 86_400_000_000_000n;

const timesOf = (inode: Inode) => ({
  accessed: nanosOf(inode.accessedSeconds, inode.accessedNanos),
  modified: nanosOf(inode.modifiedSeconds, inode.modifiedNanos),
  changed: nanosOf(inode.changedSeconds, inode.changedNanos),
});

/** The inode that an event read, wrote or resized; -1 for other events. */
function touched(
  state: KernelState,
  event: KernelEvent,
): { readonly inode: number; readonly how: "read" | "written" } | null {
  switch (event.type) {
    case "file/read":
    case "file/read-at":
    case "directory/read":
      return { inode: get(state.files.opens, event.open).inode, how: "read" };
    case "file/written":
    case "file/written-at":
      return { inode: get(state.files.opens, event.open).inode, how: "written" };
    case "file/resized":
      return { inode: event.inode, how: "written" };
    default:
      return null;
  }
}

/** After each read and write, the file's times are what relatime and POSIX make of them. */
function timesFollow(run: ModelRun): void {
  const fold = new Fold(initialState());
  for (const event of run.log.decoded()) {
    const before = fold.snapshot();
    fold.apply(event);
    const found = touched(before, event);
    if (found === null) continue;
    const now = BigInt(fold.state.clock.wallBase + event.at) * 1000n;
    const was = timesOf(get(before.files.inodes, found.inode));
    const is = timesOf(get(fold.state.files.inodes, found.inode));
    const isStale = was.accessed <= was.modified || now - was.accessed >= DAY;
    const expected =
      found.how === "written"
        ? { accessed: was.accessed, modified: now, changed: now }
        : { ...was, accessed: isStale ? now : was.accessed };
    demandEqual(is, expected, `the times after event ${event.seq}, ${event.type}`);
  }
}

const subscription: fc.Arbitrary<SubscriptionSpec> = fc.record({
  kind: fc.constant("clock" as const),
  of: fc.tuple(fc.constant("number" as const), fc.constant(1)),
  nanos: fc.oneof(fc.nat(10_000), fc.nat(10_000_000_000), fc.constant(2 ** 63)),
  isAbsolute: fc.boolean(),
});

/** A poll of clocks is answered when the first of them is due, by all that are due then, and no sooner. */
function pollsAreOnTime(subscriptions: readonly SubscriptionSpec[]): void {
  const poll = pollOf(subscriptions);
  const run = runSteps([poll, poll]);
  const events = run.log.decoded();
  for (const { from, to } of run.performed) {
    const answer = events[to - 1];
    demand(answer?.type === "process/polled", "a poll of clocks is answered");
    const blocked = events.slice(from, to).find((event) => event.type === "process/blocked");
    // The clock moves by one for each look; the call was made at the first of them.
    const since = (events[from - 1]?.at ?? 0) + 1;
    const due = subscriptions.map(({ nanos, isAbsolute }) => {
      const micros = Math.ceil(nanos / 1000);
      return Math.min(END_OF_TIME, isAbsolute ? micros : since + micros);
    });
    const first = Math.min(...due);
    demand(answer.at >= first, `a poll is answered at ${answer.at}, not before ${first}`);
    demand(
      answer.at <= Math.max(first, since) + 3,
      `a poll is answered at ${answer.at}, soon after ${first}`,
    );
    demandEqual(
      answer.ready.filter((_, index) => index % 4 === 0),
      [...due.keys()].filter((index) => (due[index] as number) <= answer.at),
      "who is due",
    );
    if (first <= since) demand(blocked === undefined, "a poll that is due does not wait");
  }
}

/** Cuts the power while a guest sleeps, again and again: each of its polls is answered once, and none before it is due. */
function sleepersFireOnce(
  polls: readonly (readonly SubscriptionSpec[])[],
  cuts: readonly { readonly place: number; readonly late: number }[],
): void {
  const run = runSteps(polls.map((subscriptions) => pollOf(subscriptions)));
  let { log } = run;
  for (const { place, late } of cuts) {
    const sleeps = log.decoded().filter((event) => event.type === "process/blocked");
    const sleep = sleeps[place % Math.max(1, sleeps.length)];
    if (sleep === undefined) return;
    const end = sleep.seq + 1;
    const answered = log.decoded().filter(({ seq, type }) => seq < end && type === "process/polled").length;
    log = resumeAt(run, log, { end, late }).log;
    const answers = log.decoded().filter(({ type }) => type === "process/polled");
    demandEqual(answers.length, polls.length, "answers to polls, each of them once");
    const answer = answers[answered];
    demand(
      (answer?.at ?? 0) >= sleep.until,
      `the sleeper is woken at ${answer?.at}, not before ${sleep.until}`,
    );
  }
}

const pollOf = (subscriptions: readonly SubscriptionSpec[]): Step => ({
  do: "call",
  call: { call: "poll_oneoff", subscriptions },
  spoilt: -1,
});

export const timeLaws: readonly Law[] = [
  law({
    id: "O2",
    statement: "a file's times are what relatime and POSIX say, after each read and write",
    runs: 60,
    cases: stepsOf("contents", 40),
    holds: (drawn) => timesFollow(runSteps(drawn)),
  }),
  law({
    id: "O3",
    statement: "a poll of clocks is answered when the first is due, by all that are due, and no sooner",
    runs: 80,
    cases: fc.array(subscription, { minLength: 1, maxLength: 4 }),
    holds: pollsAreOnTime,
  }),
  law({
    id: "D13-sleepers",
    statement:
      "a sleeper whose power was cut is woken once, late if the power was away for long, and never twice",
    runs: 60,
    cases: fc.record({
      polls: fc.array(fc.array(subscription, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
      cuts: fc.array(fc.record({ place: fc.nat(10), late: fc.oneof(fc.nat(100), fc.nat(20_000_000)) }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    holds: ({ polls, cuts }) => sleepersFireOnce(polls, cuts),
  }),
];
