/**
 * A small machine and its surroundings, put back to any moment of its life: the store as a power cut leaves it, the files of the
 * host and the output as far as they had been released by then. Then the power comes back.
 */
import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { EffectReleaser } from "../../machine/effect-releaser.ts";
import { ReleaseCursor } from "../../machine/release-cursor.ts";
import type { Effect } from "../../reducers/effects/effect.ts";
import { EffectCollector } from "../../reducers/effects/effect-collector.ts";
import { RecordingStore } from "../../replay/recording-store.ts";
import { StateLoader } from "../../replay/state-loader.ts";
import { StreamReader } from "../../replay/stream-reader.ts";
import { type Ended, foldos } from "../end-to-end/foldos-command.ts";
import { type CommitImage, type CommitImages, commitImages } from "./commit-images.ts";
import { digests } from "./power-cut.ts";

const WHOLE = "whole";
const RECORDING = "rec";

export interface WorldSeen {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly files: readonly string[];
}

/** A moment to cut the power at: what the disk has of the store, and how much of the last commit's effects had left. */
export interface Moment {
  readonly store: Buffer;
  /** The index of the last commit that was acknowledged. */
  readonly commit: number;
  /** So many of that commit's effects had been released. */
  readonly released: number;
}

export class CutWorld {
  readonly #home: string;
  #made: CommitImages = { images: [], hashes: new Map() };
  /** The effects that each commit lets out. */
  #effects: readonly (readonly Effect[])[] = [];

  constructor(home: string) {
    this.#home = home;
  }

  get images(): readonly CommitImage[] {
    return this.#made.images;
  }

  get recording(): string {
    return join(this.#home, RECORDING);
  }

  effectsOf(commit: number): number {
    return this.#effects[commit]?.length ?? 0;
  }

  /** Lives through it once, undisturbed; `words` follow `foldos run --dir files::/`. */
  async live(words: readonly string[]): Promise<WorldSeen> {
    mkdirSync(join(this.#home, "files"));
    const run = ["run", "--record", WHOLE, "--dir", "files::/", ...words];
    const ran = await foldos(run, { cwd: this.#home });
    const whole = join(this.#home, WHOLE);
    this.#made = commitImages(whole, join(this.#home, "commits"));
    const store = RecordingStore.open(whole, { write: false });
    const loader = new StateLoader(store);
    this.#effects = this.images.map(({ events }, commit) => {
      const collector = new EffectCollector();
      const from = loader.stateAt(this.images[commit - 1]?.events ?? 0);
      loader.foldFrom(from, events, (state, event) => collector.take(state, event));
      return collector.effects;
    });
    store.close();
    return this.#seen(ran, ran.out);
  }

  /** Puts everything back to a moment, and powers on. */
  async resumeAt(moment: Moment): Promise<WorldSeen> {
    const printed = this.#putBack(moment);
    const resumed = await foldos(["resume", RECORDING], { cwd: this.#home });
    return this.#seen(resumed, printed + resumed.out);
  }

  #putBack({ store, commit, released }: Moment): string {
    for (const name of ["files", RECORDING, "printed"])
      rmSync(join(this.#home, name), { recursive: true, force: true });
    mkdirSync(join(this.#home, "files"));
    mkdirSync(this.recording);
    for (const name of readdirSync(join(this.#home, WHOLE)).filter((each) => each.endsWith(".wasm")))
      cpSync(join(this.#home, WHOLE, name), join(this.recording, name));
    writeFileSync(join(this.recording, "data.mdb"), store);
    this.#release([
      ...this.#effects.slice(0, commit).flat(),
      ...(this.#effects[commit] ?? []).slice(0, released),
    ]);
    return readFileSync(join(this.#home, "printed"), "utf8");
  }

  #release(effects: readonly Effect[]): void {
    const whole = RecordingStore.open(join(this.#home, WHOLE), { write: false });
    const output = openSync(join(this.#home, "printed"), "w");
    const cursor = new ReleaseCursor(this.recording);
    const releaser = new EffectReleaser(cursor, () => output);
    releaser.release(effects, new StreamReader(whole));
    releaser.close();
    cursor.close();
    closeSync(output);
    whole.close();
  }

  #seen({ code, err }: Ended, out: string): WorldSeen {
    return { code, out, err, files: digests(join(this.#home, "files")) };
  }
}
