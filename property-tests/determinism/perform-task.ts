import { join } from "node:path";
import { unreachable } from "../../core/assert.ts";
import { formatEvent } from "../../cli/format-event.ts";
import { type GuestProgram, runGuest } from "../../guests/run-guest.ts";
import type { Program } from "../../machine/program.ts";
import { replayMachine } from "../../machine/replay-machine.ts";
import { discardRecording } from "../../machine/run-machine.ts";
import { foldWhole } from "../../replay/fold-whole.ts";
import { DEFAULT_KEYFRAME_EVENTS, MOST_PUT_OFF } from "../../replay/recorder.ts";
import { RecordingStore } from "../../replay/recording-store.ts";
import { Diverged, type Divergence, ReplayKernel } from "../../replay/replay-kernel.ts";
import { StreamReader } from "../../replay/stream-reader.ts";
import { HostScenes } from "./host-scene.ts";
import { makeRecording, randomCalls } from "./make-recording.ts";
import { hasHostTimes, type Recipe, recipeOf } from "./recipe.ts";
import { firstDifference, RecordedLog } from "./recorded-log.ts";
import type { Answer, Campaign, Task } from "./task.ts";

const FIRST_PID = 1;

/** Where the reference of a number stands. */
export const referencePath = (place: string, number: number): string =>
  join(place, "recordings", String(number));

/** Carries out tasks, whichever process it is in. */
export class TaskPerformer {
  readonly #campaign: Campaign;
  readonly #program: Program;
  readonly #scenes: HostScenes;

  private constructor(campaign: Campaign, program: Program) {
    this.#campaign = campaign;
    this.#program = program;
    this.#scenes = new HostScenes(campaign.place);
  }

  static async begin(campaign: Campaign): Promise<TaskPerformer> {
    return new TaskPerformer(campaign, await randomCalls());
  }

  async perform(task: Task): Promise<Answer> {
    const recipe = recipeOf(this.#campaign.seed, task.number);
    const reference = referencePath(this.#campaign.place, task.number);
    switch (task.kind) {
      case "record":
        await this.#record(recipe, reference, DEFAULT_KEYFRAME_EVENTS);
        return folded(reference, null);
      case "replay":
        return folded(reference, await this.#replayed(reference));
      case "replay-here":
        return folded(reference, this.#replayedHere(reference));
      case "record-again":
        return this.#recordAgain(recipe, reference, task.keyframeEvents);
      case "hash-at":
        return opened(reference, (store) => {
          const log = new RecordedLog(store, false);
          return { events: log.events.length, hash: log.hashAt(task.seq), difference: null };
        });
      default:
        return unreachable(task);
    }
  }

  #record(recipe: Recipe, recording: string, keyframeEvents: number): Promise<void> {
    return makeRecording({
      recipe,
      recording,
      program: this.#program,
      scenes: this.#scenes,
      keyframeEvents,
    });
  }

  /** Why the guest's re-run on a thread of its own, as `foldos replay` does it, differs from the log; null if it does not. */
  async #replayed(recording: string): Promise<string | null> {
    const { outcome } = await replayMachine({ recording, programs: [this.#program], onProgress: () => {} });
    switch (outcome.kind) {
      case "done":
        return null;
      case "diverged":
        return divergenceInWords(outcome.divergence);
      case "refused":
        return outcome.what;
      case "bug":
        return `event ${outcome.seq}: ${outcome.message}`;
    }
  }

  /** The same on this thread, so that the flags of this process are those of the guest and its kernel. */
  #replayedHere(recording: string): string | null {
    return opened(recording, (store) => {
      const kernel = new ReplayKernel(store, new StreamReader(store), () => {});
      try {
        const stopped = runGuest(kernel, FIRST_PID, this.#program.guest as GuestProgram);
        if (stopped instanceof Diverged) return divergenceInWords(stopped.divergence);
        kernel.drain();
        return null;
      } catch (error) {
        return error instanceof Diverged ? divergenceInWords(error.divergence) : (error as Error).message;
      }
    });
  }

  async #recordAgain(recipe: Recipe, reference: string, keyframeEvents: number): Promise<Answer> {
    const again = join(this.#campaign.place, "again", String(recipe.number));
    discardRecording(again);
    await this.#record(recipe, again, keyframeEvents);
    const replayed = this.#replayedHere(again);
    const answer = opened(reference, (before) =>
      opened(again, (after) => comparedLogs(before, after, hasHostTimes(recipe))),
    );
    const sparse = opened(again, (after) => sparseKeyframes(after, answer.events, keyframeEvents));
    discardRecording(again);
    return { ...answer, difference: answer.difference ?? replayed ?? sparse };
  }
}

function divergenceInWords({ seq, expected, got }: Divergence): string {
  const wanted = expected === null ? "the keyframe's state" : formatEvent(expected).trim();
  return `event ${seq}: expected ${wanted}; got ${got}`;
}

/** Compares two recordings of one recipe. The answer's hash is the reference's, if all that can be equal is. */
function comparedLogs(before: RecordingStore, after: RecordingStore, isWithoutHostTimes: boolean): Answer {
  const expected = new RecordedLog(before, isWithoutHostTimes);
  const got = new RecordedLog(after, isWithoutHostTimes);
  const { events, hash } = foldWhole(after, () => {});
  const end = expected.events.length;
  let difference = firstDifference(expected, got);
  if (!isWithoutHostTimes && !expected.encoded().equals(got.encoded()))
    difference ??= "the encoded events differ";
  if (difference === null && got.hashAt(end) !== expected.hashAt(end))
    difference = `the state before event ${end} differs`;
  difference ??= keyframeDifference(after);
  // Where the host's times are in the state, its hash is another each time; without them, it was just compared.
  const isOther = isWithoutHostTimes && difference === null;
  return { events, hash: isOther ? foldWhole(before, () => {}).hash : hash, difference };
}

/** Another spacing is one only if keyframes stand as close as was asked for, or as far apart as they are put off at most. */
function sparseKeyframes(store: RecordingStore, events: number, keyframeEvents: number): string | null {
  const count = [...store.keyframesFrom(0)].length;
  const least = Math.floor(events / (keyframeEvents * MOST_PUT_OFF));
  return count >= least
    ? null
    : `${count} keyframes in ${events} events, and at least ${least} were asked for`;
}

/** States from the keyframes on are those from the beginning on. */
function keyframeDifference(store: RecordingStore): string | null {
  const log = new RecordedLog(store, false);
  for (const share of [0.5, 0.9]) {
    const seq = Math.floor(log.events.length * share);
    if (log.hashFromKeyframe(seq) !== log.hashAt(seq))
      return `event ${seq}: the state from the keyframe before differs from the state from event 0`;
  }
  return null;
}

const folded = (path: string, difference: string | null): Answer =>
  opened(path, (store) => {
    const { events, hash } = foldWhole(store, () => {});
    return { events, hash, difference };
  });

function opened<Value>(path: string, use: (store: RecordingStore) => Value): Value {
  const store = RecordingStore.open(path, { write: false });
  try {
    return use(store);
  } finally {
    store.close();
  }
}
