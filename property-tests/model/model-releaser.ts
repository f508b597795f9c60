import { ByteReader } from "../../core/byte-reader.ts";
import { newCodecContext } from "../../core/event-codec.ts";
import { EffectCollector } from "../../reducers/effects/effect-collector.ts";
import { kernelCodec } from "../../reducers/kernel-event.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import type { MemoryLog } from "./memory-log.ts";
import type { HostSide } from "./model-machine.ts";

/** Lets effects out into a model of the host: what a recorder and its releaser do for a real one. */
export class ModelReleaser {
  readonly #log: MemoryLog;
  readonly #host: HostSide;
  readonly #fold = new Fold(initialState());
  readonly #context = newCodecContext();
  /** What the console has shown: standard output and standard error as they came. */
  readonly printed: number[] = [];

  constructor(log: MemoryLog, host: HostSide) {
    this.#log = log;
    this.#host = host;
  }

  /** Releases all that is in the log and was not released yet. */
  release(): void {
    const { seq } = this.#context;
    const collector = new EffectCollector();
    const reader = new ByteReader(this.#log.encoded(seq, this.#log.eventCount));
    while (reader.offset < reader.end) {
      const event = kernelCodec.decode(reader, this.#context);
      this.#fold.apply(event);
      collector.take(this.#fold.state, event);
    }
    for (const effect of collector.effects) {
      if (effect.kind !== "print") this.#host.carryOut(effect, this.#log);
      else this.printed.push(...this.#log.stream(effect.position, effect.position + effect.length));
    }
  }
}
