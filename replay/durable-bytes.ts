import type { ByteSource } from "../guests/wasi/wasi-call.ts";
import { RecordingStore } from "./recording-store.ts";
import { StreamReader } from "./stream-reader.ts";

/** The durable part of a recording's byte stream; the recording is opened when it is first read. */
export class DurableBytes implements ByteSource {
  readonly #path: string;
  #reader: StreamReader | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  copyTo(target: Uint8Array, targetOffset: number, position: number, length: number): void {
    this.#reader ??= new StreamReader(RecordingStore.open(this.#path, { write: false }));
    this.#reader.copyTo(target, targetOffset, position, length);
  }
}
