import { ByteReader } from "../../core/byte-reader.ts";
import { newCodecContext } from "../../core/event-codec.ts";
import { EffectCollector } from "../../reducers/effects/effect-collector.ts";
import { kernelCodec } from "../../reducers/kernel-event.ts";
import { initialState } from "../../reducers/kernel-state.ts";
import { Fold } from "../../reducers/step.ts";
import type { MemoryLog } from "./memory-log.ts";
import type { Devices } from "./model-machine.ts";

/** Lets effects out into models of the console and the host: what a recorder and its releaser do for a real one. */
export class ModelReleaser {
  readonly #log: MemoryLog;
  readonly #devices: Pick<Devices, "console" | "host">;
  readonly #fold = new Fold(initialState());
  readonly #context = newCodecContext();

  constructor(log: MemoryLog, devices: Pick<Devices, "console" | "host">) {
    this.#log = log;
    this.#devices = devices;
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
    const { console, host } = this.#devices;
    for (const effect of collector.effects) {
      if (effect.kind !== "print") host.carryOut(effect, this.#log);
      else console.print(effect.stream, this.#log.stream(effect.position, effect.position + effect.length));
    }
  }
}
