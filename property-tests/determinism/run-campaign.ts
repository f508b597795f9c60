import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatEvent } from "../../cli/format-event.ts";
import { RecordingStore } from "../../replay/recording-store.ts";
import { type Configuration, configurations, type Part } from "./configurations.ts";
import { type Examiner, firstUnequal } from "./examiner.ts";
import { HostScenes } from "./host-scene.ts";
import { referencePath } from "./perform-task.ts";
import { RecordedLog } from "./recorded-log.ts";
import type { Answer, Campaign } from "./task.ts";
import { runJobs, thisRuntime, Worker } from "./worker-pool.ts";

interface CampaignOptions {
  readonly seed: number;
  /** Which recordings: what each is made of follows from the seed and its number. */
  readonly numbers: readonly number[];
  readonly parts: readonly Part[];
  /** How many processes work side by side. */
  readonly jobs: number;
  readonly say: (line: string) => void;
  /** Called as it goes on: what is being done, and how far it is. */
  readonly onProgress: (title: string, done: number, of: number) => void;
  /** Asked before each recording and each look at one. */
  readonly isStopped: () => boolean;
}

export interface Difference {
  readonly part: Part;
  readonly title: string;
  readonly number: number;
  readonly what: string;
}

/** What came of one configuration. */
export interface Row {
  readonly title: string;
  readonly equal: number;
  readonly different: number;
  /** Why nothing was looked at; null if something was. */
  readonly missing: string | null;
  readonly seconds: number;
}

export interface CampaignResult {
  readonly recordings: number;
  readonly events: number;
  readonly recordingSeconds: number;
  readonly rows: readonly Row[];
  readonly differences: readonly Difference[];
  /** Recordings that could not be made, and why. */
  readonly failures: readonly string[];
  /** Where the recordings are kept, because something differs; null if they are gone. */
  readonly kept: string | null;
}

/** Makes recordings, and looks at each under every configuration that was asked for. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const place = mkdtempSync(join(tmpdir(), "foldos-determinism-"));
  mkdirSync(join(place, "recordings"));
  mkdirSync(join(place, "again"));
  const run = new CampaignRun(options, { seed: options.seed, place });
  let result: CampaignResult | null = null;
  try {
    result = await run.run();
    return result;
  } finally {
    run.end();
    if (result === null || result.kept === null) rmSync(place, { recursive: true, force: true });
  }
}

class CampaignRun {
  readonly #options: CampaignOptions;
  readonly #campaign: Campaign;
  readonly #workers: readonly Worker[];
  readonly #references = new Map<number, Answer>();
  readonly #differences: Difference[] = [];
  readonly #failures: string[] = [];

  constructor(options: CampaignOptions, campaign: Campaign) {
    this.#options = options;
    this.#campaign = campaign;
    this.#workers = Array.from({ length: options.jobs }, () => new Worker(campaign, thisRuntime));
  }

  end(): void {
    for (const worker of this.#workers) worker.end();
  }

  async run(): Promise<CampaignResult> {
    const since = performance.now();
    await this.#record();
    const recordingSeconds = (performance.now() - since) / 1000;
    const rows: Row[] = [];
    for (const configuration of configurations) {
      if (!this.#options.parts.includes(configuration.part) || this.#options.isStopped()) continue;
      rows.push(await this.#examine(configuration));
    }
    const isWorthKeeping = this.#differences.length > 0 || this.#failures.length > 0;
    return {
      recordings: this.#references.size,
      events: [...this.#references.values()].reduce((sum, { events }) => sum + events, 0),
      recordingSeconds,
      rows,
      differences: this.#differences,
      failures: this.#failures,
      kept: isWorthKeeping ? this.#campaign.place : null,
    };
  }

  async #record(): Promise<void> {
    const { numbers, isStopped } = this.#options;
    new HostScenes(this.#campaign.place).plantShared();
    const record = async (worker: Worker, number: number): Promise<void> => {
      const answer = await worker.perform({ kind: "record", number });
      if (answer.difference === null) this.#references.set(number, answer);
      else this.#failures.push(`recording ${number}: ${answer.difference}`);
      this.#options.onProgress("recording", this.#references.size, numbers.length);
    };
    await runJobs(this.#workers, numbers, record, isStopped);
  }

  async #examine(configuration: Configuration): Promise<Row> {
    const { title } = configuration;
    const { say, isStopped, onProgress } = this.#options;
    const since = performance.now();
    const opened = await configuration.open({ campaign: this.#campaign, workers: this.#workers, say });
    if ("missing" in opened) return { title, equal: 0, different: 0, missing: opened.missing, seconds: 0 };
    let equal = 0;
    let different = 0;
    const examine = async (examiner: Examiner, number: number): Promise<void> => {
      const what = await this.#differenceOf(examiner, number);
      if (what === null) equal += 1;
      else {
        different += 1;
        this.#differences.push({ part: configuration.part, title, number, what });
      }
      onProgress(title, equal + different, this.#references.size);
    };
    const numbers = [...this.#references.keys()].sort((left, right) => left - right);
    await runJobs(opened.examiners, numbers, examine, isStopped);
    await opened.close();
    return { title, equal, different, missing: null, seconds: (performance.now() - since) / 1000 };
  }

  async #differenceOf(examiner: Examiner, number: number): Promise<string | null> {
    const reference = this.#references.get(number) as Answer;
    const { events, hash, difference } = await examiner.examine(number);
    if (difference === null && events === reference.events && hash === reference.hash) return null;
    const what =
      difference ??
      `${events} events and ${hash.slice(0, 16)}, not ${reference.events} and ${reference.hash.slice(0, 16)}`;
    // A fold that differs is the reason of whatever else does.
    const folded = await examiner.hashAt(number, reference.events).catch((error: Error) => error.message);
    if (folded === reference.hash) return what;
    return `${await this.#firstUnequalEvent(examiner, number)} (${what})`;
  }

  /** The event that is folded otherwise, in words. */
  async #firstUnequalEvent(examiner: Examiner, number: number): Promise<string> {
    const store = RecordingStore.open(referencePath(this.#campaign.place, number), { write: false });
    try {
      const log = new RecordedLog(store, false);
      const seq = await firstUnequal(
        log.events.length,
        async (at) => log.hashAt(at),
        (at) => examiner.hashAt(number, at),
      );
      const event = log.events[seq];
      return `the states differ from event ${seq} on: ${event === undefined ? "" : formatEvent(event).trim()}`;
    } finally {
      store.close();
    }
  }
}
