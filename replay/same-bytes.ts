/** What a guest writes or sends is compared whole with what was recorded. */
import { gatherMessage } from "../guests/foldos/message-format.ts";
import type { GuestCall } from "../guests/guest-kernel.ts";
import { gather } from "../guests/wasi/transfers.ts";
import { IOVECS_ARGUMENT } from "../guests/wasi/transfer-calls.ts";
import { type ByteSource, i32 } from "../guests/wasi/wasi-call.ts";
import type { KernelEvent } from "../reducers/kernel-event.ts";

interface Recorded {
  readonly position: number;
  readonly length: number;
}

/** Whether a call brings the bytes that the event which answers it says. */
export function sameBytes(bytes: ByteSource, call: GuestCall, event: KernelEvent): boolean {
  const { request } = call;
  switch (event.type) {
    case "file/written":
    case "file/written-at":
    case "console/written":
    case "pipe/written":
      if (request === null || !("size" in request) || request.size < event.length) return false;
      return isSame(bytes, event, (take) =>
        gather(call.memory, i32(call.args, IOVECS_ARGUMENT), event.length, take),
      );
    case "ipc/replied":
      return sameMessage(bytes, call, event);
    case "process/refused":
      return event.function === call.number && (request !== null || event.errno === call.refused);
    default:
      return request !== null;
  }
}

/** Whether a call sends the message that was recorded. */
export function sameMessage(bytes: ByteSource, call: GuestCall, event: Recorded): boolean {
  const { request } = call;
  if (request === null || !("given" in request) || !("size" in request)) return false;
  if (request.size !== event.length) return false;
  return isSame(bytes, event, (take) => gatherMessage(call.memory, call.args, event.length, take));
}

function isSame(
  bytes: ByteSource,
  { position, length }: Recorded,
  gatherInto: (take: (bytes: Uint8Array, start: number, length: number) => void) => void,
): boolean {
  const recorded = new Uint8Array(length);
  bytes.copyTo(recorded, 0, position, length);
  let at = 0;
  let same = true;
  gatherInto((given, start, count) => {
    const one = given.subarray(start, start + count);
    same &&= Buffer.compare(one, recorded.subarray(at, at + count)) === 0;
    at += count;
  });
  return same && at === length;
}
