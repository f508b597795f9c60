/** What `foldos caps` asks of a long recording of many processes: who holds an object, whether somebody could come to a right. */
import { join } from "node:path";
import { seededRandom } from "../core/random.ts";
import { initialState } from "../reducers/kernel-state.ts";
import { AuthorityView } from "../replay/authority/authority-view.ts";
import { couldHold } from "../replay/authority/could-hold.ts";
import { Explainer } from "../replay/authority/explainer.ts";
import type { ObjectRef } from "../replay/authority/object-ref.ts";
import { whoHolds } from "../replay/authority/who-holds.ts";
import { GuestPaths } from "../replay/guest-paths.ts";
import { Recorder } from "../replay/recorder.ts";
import { RecordingStore } from "../replay/recording-store.ts";
import { Timeline } from "../replay/timeline.ts";
import { right } from "../core/rights.ts";
import { CapabilityTraffic } from "./capability-traffic.ts";
import { type Figure, type Measured, median, most, quantile, type Scale } from "./figure.ts";
import { cpuMillis } from "./rounds.ts";

const PROCESSES = 1_000;
const GROUP_EVENTS = 20_000;
const MOST_MILLIS = 100;
/** Asked before any counts: what they read stays in memory, as it does in a debugger that was asked before. */
const WARMING_QUESTIONS = 100;

interface Recorded {
  readonly events: number;
  readonly objects: readonly ObjectRef[];
  /** Moments before are in the boot. */
  readonly bootCount: number;
}

/** Writes a recording of processes that hand each other capabilities, by the recorder itself. */
export function recordTraffic(path: string, events: number): Recorded {
  const machine = new CapabilityTraffic(PROCESSES);
  const store = RecordingStore.create(path, "none");
  const recorder = new Recorder({ store, state: initialState() });
  while (recorder.state.seq < events) {
    const { body, streamBytes } = machine.batch(GROUP_EVENTS);
    recorder.append(body, () => (streamBytes === 0 ? [] : [new Uint8Array(streamBytes)]));
  }
  recorder.keyframe();
  const count = recorder.state.seq;
  store.close();
  return { events: count, objects: machine.objects, bootCount: machine.bootCount };
}

interface Asked {
  readonly timeline: Timeline;
  readonly explainer: Explainer;
  readonly paths: GuestPaths;
  readonly moment: number;
  readonly pid: number;
  readonly object: ObjectRef;
}

/**
 * All that a question costs: the state of its moment, a walk over all slots, and the answer; of `why`, which is about the event of
 * the moment, the chain and its check. How much the answer says.
 */
const questions: Readonly<Record<string, (asked: Asked) => number>> = {
  who: (asked) => whoHolds(viewAt(asked), asked.object).length,
  could: (asked) => {
    const wanted = asked.object.kind === "file" ? right.fdRead : 1;
    const { answer } = couldHold(viewAt(asked), { pid: asked.pid, right: wanted, object: asked.object });
    return answer.kind === "yes" ? 1 : 0;
  },
  why: ({ explainer, moment }) => {
    const why = explainer.why(moment);
    return why?.kind === "capability" ? why.steps.length : 0;
  },
};

const viewAt = ({ timeline, paths, moment }: Asked): AuthorityView =>
  new AuthorityView(timeline.seek(moment), paths);

interface Answers {
  readonly millis: number[];
  readonly sizes: number[];
}

function answersTo(name: string, ask: (index: number) => Asked, count: number): Answers {
  const answers: Answers = { millis: [], sizes: [] };
  const question = questions[name] as (asked: Asked) => number;
  for (let index = 0; index < count; index += 1) {
    const asked = ask(index);
    answers.millis.push(cpuMillis(() => void answers.sizes.push(question(asked))));
  }
  return answers;
}

export function measureQuestions({ isQuick, folder }: Scale): Measured {
  const path = join(folder, "recording");
  const { events, objects, bootCount } = recordTraffic(path, isQuick ? 100_000 : 1_000_000);
  const store = RecordingStore.open(path, { write: false });
  const timeline = new Timeline(store);
  const warmStart = performance.now();
  for (const _ of timeline.warm());
  const warmMillis = performance.now() - warmStart;
  const paths = GuestPaths.of(timeline.groups);
  const explainer = new Explainer(timeline);
  const random = seededRandom(3);
  const ask = (): Asked => ({
    timeline,
    explainer,
    paths,
    moment: bootCount + random.below(events - bootCount),
    pid: 1 + random.below(PROCESSES),
    object: objects[random.below(objects.length)] as ObjectRef,
  });
  const count = isQuick ? 20 : 200;
  const notes: string[] = [];
  const figures = Object.keys(questions).flatMap((name): Figure[] => {
    answersTo(name, ask, isQuick ? 10 : WARMING_QUESTIONS);
    const { millis, sizes } = answersTo(name, ask, count);
    notes.push(`${name}: ${sizes.filter((size) => size > 0).length} of ${count} found something.`);
    const what = `\`${name}\` at any moment of ${events.toLocaleString("en")} events, ${PROCESSES.toLocaleString("en")} processes, warm`;
    const common = { against: "-", unit: "ms CPU", floor: isQuick ? null : most(MOST_MILLIS) };
    return [
      { what: `${what}: median of ${count}`, samples: [median(millis)], ...common },
      { what: `${what}: p99`, samples: [quantile(millis, 0.99)], ...common },
    ];
  });
  const rows = new AuthorityView(timeline.seek(events - 1), paths).rows.length;
  store.close();
  return {
    figures,
    notes: [
      `Questions: the recording ends with ${rows.toLocaleString("en")} slots in use; warming its timeline took ${(warmMillis / 1000).toFixed(1)} s. ${notes.join(" ")}`,
    ],
  };
}
