import fc from "fast-check";
import { applyPatches } from "immer";
import { StatePages } from "../../core/state-pages.ts";
import { rowsOf } from "../../core/table.ts";
import { decide } from "../../reducers/decide/decide.ts";
import { initialState, type KernelState } from "../../reducers/kernel-state.ts";
import { kernelInvariants } from "../../reducers/kernel-invariants.ts";
import { Fold, step, stepWithPatches } from "../../reducers/step.ts";
import { hex, sha256 } from "../../replay/hash.ts";
import type { GuestCall, GuestKernel } from "../../guests/guest-kernel.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { GuestDriver, type RawCall } from "../model/guest-driver.ts";
import { type ModelRun, type Performed, PID, runSteps } from "../model/model-machine.ts";
import { manySmallWrites, type Mix, stepsOf } from "../model/step-arbitraries.ts";
import { demand, demandEqual, law, type Law } from "./law.ts";
import { foldAll, hashOf, hashesOf, rebuilt } from "./recorded.ts";

const steps = fc.oneof(...(["files", "names", "contents", "all"] as Mix[]).map((mix) => stepsOf(mix, 40)));

/** Whether a state is plain data in the shape of a tree: no object is reached twice, none has a class. */
function demandTree(state: unknown): void {
  const seen = new Set<object>();
  const visit = (value: unknown, path: string): void => {
    if (value === null || typeof value === "string" || typeof value === "boolean") return;
    if (typeof value === "number") {
      demand(Number.isSafeInteger(value) && !Object.is(value, -0), `${path} is a safe integer, not ${value}`);
      return;
    }
    demand(typeof value === "object", `${path} is plain data, not ${typeof value}`);
    demand(!seen.has(value), `${path} is reached once`);
    seen.add(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    demand(prototype === Object.prototype || prototype === Array.prototype, `${path} has no class`);
    for (const [key, below] of Object.entries(value)) visit(below, `${path}.${key}`);
  };
  visit(state, "state");
}

function driversAgree(run: ModelRun, snapshots: readonly boolean[]): void {
  const events = run.log.decoded();
  const fast = new Fold(initialState());
  const pages = new StatePages(sha256, null);
  const kept: { readonly state: KernelState; readonly hash: string }[] = [];
  let slow = initialState();
  let isFresh = true;
  for (const event of events) {
    const hasSnapshot = snapshots[event.seq % snapshots.length] === true;
    const before = fast.state;
    if (isFresh && hasSnapshot)
      demandEqual(hashOf(step(before, event)), hashOf(step(slow, event)), "immer on a fast state");
    fast.apply(event);
    const [next, patches] = stepWithPatches(slow, event);
    const hash = hex(pages.write(next));
    demandEqual(hashOf(fast.state), hash, `the fast driver's state after event ${event.seq}, ${event.type}`);
    demandEqual(hex(pages.write(applyPatches(slow, [...patches]))), hash, `patches of event ${event.seq}`);
    slow = next;
    isFresh = hasSnapshot;
    if (hasSnapshot) kept.push({ state: fast.snapshot(), hash });
  }
  for (const { state, hash } of kept) demandEqual(hashOf(state), hash, `the snapshot at ${state.seq}, later`);
  demandTree(fast.state);
  demandEqual(hashOf(run.kernel.state), hashOf(slow), "the state of the machine that ran");
}

/** What a refusal may not touch: all but the log's own counters, and whether and until when a living process waits. */
function unchanged(state: KernelState): unknown {
  const { processes } = state;
  const rows = [...rowsOf(processes.rows)].map(([pid, { waitsUntil, status, ...process }]) => {
    const lives = status === "waiting" || status === "running";
    return [pid, { ...process, epoch: 0, ...(lives ? {} : { status, waitsUntil }) }];
  });
  const rest = hashOf({ ...state, seq: 0, at: 0, processes: initialState().processes });
  return { rest, rows, nextPid: processes.nextPid };
}

/** What may come before a refusal, by the same call: news that entered meanwhile, and that it waited. */
const news: ReadonlySet<string> = new Set([
  "host/directory-listed",
  "host/node-examined",
  "host/node-vanished",
  "host/content-read",
  "host/read-failed",
  "console/input-arrived",
  "console/input-ended",
  "process/blocked",
]);

function refusalsChangeNothing(run: ModelRun): void {
  const events = run.log.decoded();
  const fold = new Fold(initialState());
  for (const event of events) {
    if (event.type !== "process/refused") {
      fold.apply(event);
      continue;
    }
    const before = unchanged(fold.state);
    fold.apply(event);
    demandEqual(unchanged(fold.state), before, `the state after the refusal at ${event.seq}`);
  }
  for (const { raw, from, to } of run.performed) {
    if (events[to - 1]?.type !== "process/refused") continue;
    const others = events.slice(from, to - 1).filter((event) => !news.has(event.type));
    demandEqual(others, [], `what refused call ${raw.number} left in the log`);
  }
}

/** What parsing makes of a call: a request, or the errno of a refusal. */
type Judged = Pick<GuestCall, "request" | "refused" | "reason" | "digest">;

/** A kernel that only listens: it takes down what is asked and refuses. */
class Listener implements GuestKernel {
  readonly state = initialState();
  readonly bytes = { copyTo: () => {} };
  judged: Judged = { request: null, refused: 0, reason: "none", digest: 0 };

  answer(call: GuestCall): KernelEvent {
    const { request, refused, reason, pid, digest } = call;
    this.judged = { request, refused, reason, digest };
    const envelope = { seq: 0, at: 0, cause: -1, pid, call: digest };
    return {
      type: "process/refused",
      ...envelope,
      function: call.number,
      errno: 1,
      reason: "none",
      slot: -1,
      missing: 0,
      path: "",
    };
  }

  end(): void {}
}

export function judgedAlone(raw: RawCall): Judged {
  const listener = new Listener();
  new GuestDriver(listener, PID).perform(raw);
  return listener.judged;
}

/** What parsing refused has the errno of the parser, whatever the machine's state was: no look at the state comes before it. */
function parsingComesFirst({ step: { call }, raw, given }: Performed): void {
  const judged = judgedAlone(raw);
  demandEqual(judgedAlone(raw), judged, `the same call parsed again: ${call.call}`);
  if (judged.request === null) demandEqual(given.errno, judged.refused, `what ${call.call} was refused with`);
}

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const below of Object.values(value)) deepFreeze(below);
}

function decisionsAreSettled(run: ModelRun, moments: readonly number[]): void {
  const events = run.log.decoded();
  run.performed.forEach(parsingComesFirst);
  for (const moment of moments) {
    const performed = run.performed[moment % Math.max(1, run.performed.length)];
    if (performed === undefined) continue;
    const state = foldAll(events.slice(0, performed.from));
    const again = rebuilt(state);
    const hash = hashOf(state);
    deepFreeze(state);
    const asker = { pid: PID, at: state.at + 5, since: state.at + 5 };
    for (const { raw } of [performed, ...run.performed.slice(-5)]) {
      const { request } = judgedAlone(raw);
      if (request === null) continue;
      const first = decide(state, asker, request);
      demandEqual(decide(state, asker, request), first, `the same request again: ${request.call}`);
      demandEqual(
        decide(again, asker, request),
        first,
        `the same on a state from its pages: ${request.call}`,
      );
    }
    demandEqual(hashOf(state), hash, "the state after its decisions");
  }
}

function foldsInParts(run: ModelRun, cut: number): void {
  const events = run.log.decoded();
  const at = cut % (events.length + 1);
  const whole = hashOf(foldAll(events));
  const half = foldAll(events.slice(0, at));
  demandEqual(hashOf(foldAll(events.slice(at), half)), whole, `the fold in two parts, cut at ${at}`);
  demandEqual(hashOf(foldAll(events.slice(at), rebuilt(half))), whole, `the fold from a keyframe at ${at}`);
  demandEqual(hashesOf(events).at(-1), whole, "the fold with a snapshot at each event");
}

function invariantsHold(run: ModelRun, every: number): void {
  const fold = new Fold(initialState());
  for (const event of run.log.decoded()) {
    fold.apply(event);
    if (event.seq % every !== 0 && event.seq + 1 !== run.log.eventCount) continue;
    for (const [statement, holds] of Object.entries(kernelInvariants)) {
      demand(holds(fold.state), `after event ${event.seq}, ${event.type}: ${statement}`);
    }
  }
}

export const foldLaws: readonly Law[] = [
  law({
    id: "P1",
    statement:
      "copy-on-write with new epochs anywhere, immer, and immer's patches give the same states, which are trees of plain data",
    runs: 40,
    cases: fc.record({ steps, snapshots: fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }) }),
    holds: ({ steps: drawn, snapshots }) => driversAgree(runSteps(drawn), snapshots),
  }),
  law({
    id: "A17",
    statement: "a refused request changes nothing and leaves nothing in the log but its refusal",
    runs: 60,
    cases: steps,
    holds: (drawn) => refusalsChangeNothing(runSteps(drawn)),
  }),
  law({
    id: "A18",
    statement:
      "the same state and the same request always give the same decision, deciding writes nothing, and what cannot be parsed is refused before any state is looked at",
    runs: 60,
    cases: fc.record({ steps, moments: fc.array(fc.nat(60), { minLength: 1, maxLength: 4 }) }),
    holds: ({ steps: drawn, moments }) => decisionsAreSettled(runSteps(drawn), moments),
  }),
  law({
    id: "D1",
    statement: "folding in two parts, from a snapshot or from a keyframe's pages, is folding at once",
    runs: 60,
    cases: fc.record({ steps: fc.oneof(steps, manySmallWrites), cut: fc.nat(400) }),
    holds: ({ steps: drawn, cut }) => foldsInParts(runSteps(drawn), cut),
  }),
  law({
    id: "D6",
    statement: "the kernel's invariants hold wherever a keyframe may be",
    runs: 80,
    cases: fc.record({
      steps: fc.oneof(steps, steps, manySmallWrites),
      every: fc.integer({ min: 1, max: 20 }),
    }),
    holds: ({ steps: drawn, every }) => invariantsHold(runSteps(drawn), every),
  }),
];
