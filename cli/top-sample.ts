/** What the processes of a machine did in a stretch of its log: folded and counted event by event, as the log has them. */
import type { KernelEvent } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { Fold } from "../reducers/step.ts";
import { foldEvent } from "../replay/fold-event.ts";
import { type ProcessLine, processLines } from "./process-lines.ts";

export interface SampledProcess extends ProcessLine {
  /** Ticks of the turns that ended in the stretch, and their share of everybody's, in percent; null where nobody takes turns. */
  readonly newTicks: number | null;
  readonly share: number | null;
  /** Its calls that were answered in the stretch. */
  readonly calls: number;
}

export interface Sample {
  /** The seq of the first event of the stretch, and the one behind its last. */
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
  readonly events: number;
  /** Null where the stretch took no time that is known. */
  readonly eventsPerSecond: number | null;
  readonly ticks: number | null;
  readonly ticksPerSecond: number | null;
  /** Processes by what they do at the end of the stretch. */
  readonly running: number;
  readonly ready: number;
  readonly waiting: number;
  readonly ended: number;
  readonly isOn: boolean;
  readonly processes: readonly SampledProcess[];
}

export class Sampler {
  readonly #fold: Fold;
  readonly #recording: string;
  /** What was used before the stretch, by pid. */
  #before: ReadonlyMap<number, number>;
  readonly #calls = new Map<number, number>();
  #from: number;
  #fromAt: number;

  /** Begins a stretch at a state of the recording. */
  constructor(state: KernelState, recording: string) {
    this.#fold = new Fold(state);
    this.#recording = recording;
    this.#before = usedBy(state);
    this.#from = state.seq;
    this.#fromAt = state.at;
  }

  get state(): KernelState {
    return this.#fold.state;
  }

  take(event: KernelEvent): void {
    foldEvent(this.#fold, event, this.#recording);
    if (event.call >= 0) this.#calls.set(event.pid, (this.#calls.get(event.pid) ?? 0) + 1);
  }

  /** What came since the last sample, and begins the next one; it took so many seconds, or as long as it took the machine. */
  sample(took: number | null): Sample {
    const { state } = this.#fold;
    const lines = processLines(state);
    const count = (status: ProcessLine["status"]): number =>
      lines.filter((line) => line.exitCode === null && line.status === status).length;
    const events = state.seq - this.#from;
    const seconds = took ?? (state.at - this.#fromAt) / 1e6;
    const used = lines.map(({ pid, ticks }) => (ticks ?? 0) - (this.#before.get(pid) ?? 0));
    const ticks = state.scheduler === undefined ? null : used.reduce((sum, one) => sum + one, 0);
    const sample: Sample = {
      from: this.#from,
      to: state.seq,
      seconds,
      events,
      eventsPerSecond: rate(events, seconds),
      ticks,
      ticksPerSecond: ticks === null ? null : rate(ticks, seconds),
      running: count("running"),
      ready: count("ready"),
      waiting: count("waiting"),
      ended: lines.filter(({ exitCode }) => exitCode !== null).length,
      isOn: state.clock.isOn,
      processes: lines.map((line, index) => ({
        ...line,
        newTicks: ticks === null ? null : (used[index] as number),
        share: ticks === null ? null : percent(used[index] as number, ticks),
        calls: this.#calls.get(line.pid) ?? 0,
      })),
    };
    this.#before = usedBy(state);
    this.#calls.clear();
    this.#from = state.seq;
    this.#fromAt = state.at;
    return sample;
  }
}

const usedBy = (state: KernelState): ReadonlyMap<number, number> =>
  new Map(processLines(state).map(({ pid, ticks }) => [pid, ticks ?? 0]));

const rate = (count: number, seconds: number): number | null => (seconds > 0 ? count / seconds : null);

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);
