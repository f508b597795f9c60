/** The bytes that facts bring: put at the head of the stream, where the fact says that they are. */
import { get } from "../core/table.ts";
import { gatherMessage } from "../guests/foldos/message-format.ts";
import type { GuestCall } from "../guests/guest-kernel.ts";
import { IOVECS_ARGUMENT } from "../guests/wasi/transfer-calls.ts";
import { gather, type TakeBytes } from "../guests/wasi/transfers.ts";
import { i32 } from "../guests/wasi/wasi-call.ts";
import { contentRuns, ZEROS } from "../reducers/files/file-selectors.ts";
import { CHUNK_BYTES } from "../reducers/files/file-state.ts";
import type { KernelFact } from "../reducers/kernel-event.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import type { LiveOptions } from "./live-options.ts";

export class BytesOfFacts {
  readonly #options: LiveOptions;
  readonly #stateNow: () => KernelState;
  readonly #takeBytes: TakeBytes;

  constructor(options: LiveOptions, stateNow: () => KernelState) {
    this.#options = options;
    this.#stateNow = stateNow;
    this.#takeBytes = (bytes, start, length) => options.log.appendBytes(bytes, start, length);
  }

  bring(call: GuestCall, fact: KernelFact): void {
    switch (fact.type) {
      case "file/written":
      case "file/written-at":
      case "console/written":
      case "pipe/written":
        gather(call.memory, i32(call.args, IOVECS_ARGUMENT), fact.length, this.#takeBytes);
        return;
      case "ipc/sent":
      case "ipc/replied":
        gatherMessage(call.memory, call.args, fact.length, this.#takeBytes);
        return;
      case "entropy/drawn": {
        const bytes = new Uint8Array(fact.length);
        this.#options.devices.entropy.fill(bytes);
        this.#takeBytes(bytes, 0, bytes.length);
        return;
      }
      case "file/chunk-consolidated":
        this.#takeBytes(this.#chunk(fact), 0, fact.length);
        return;
      default:
        return;
    }
  }

  #chunk(fact: { readonly inode: number; readonly chunk: number; readonly length: number }): Uint8Array {
    const bytes = new Uint8Array(fact.length);
    const inode = get(this.#stateNow().files.inodes, fact.inode);
    const runs = contentRuns(inode, fact.chunk * CHUNK_BYTES, fact.length);
    for (let index = 0, at = 0; index < runs.length; index += 2) {
      const length = runs[index + 1] as number;
      if (runs[index] !== ZEROS) this.#options.log.copyTo(bytes, at, runs[index] as number, length);
      at += length;
    }
    return bytes;
  }
}
