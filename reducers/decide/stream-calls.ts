/** Deciders of reading and writing what is no file: the console, and pipes. */
import { errno } from "../../core/errno.ts";
import type { Pieces } from "../../core/pieces.ts";
import { right } from "../../core/rights.ts";
import { get } from "../../core/table.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { STDERR } from "../console/console-state.ts";
import type { KernelState } from "../kernel-state.ts";
import { roomIn, roomNeeded } from "../pipes/pipe-selectors.ts";
import { CONSOLE_INPUT, readable, writable } from "../scheduler/awaited.ts";
import { type Decision, facts, refuse, waitsFor } from "./decision.ts";
import { MAX_TRANSFER_BYTES } from "./file-contents.ts";

export function readConsole(state: KernelState, capability: Capability, size: number): Decision {
  if ((capability.rights & right.fdRead) === 0) return refuse(errno.notcapable, "lacks-right", right.fdRead);
  const { input, inputBytes, inputEnded } = state.console;
  if (inputBytes === 0 && !inputEnded && size > 0) return waitsFor(CONSOLE_INPUT);
  return facts({ type: "console/read", by: capability.id, ...oldest(input, state.head, size) });
}

export function writeConsole(state: KernelState, capability: Capability, size: number): Decision {
  if ((capability.rights & right.fdWrite) === 0)
    return refuse(errno.notcapable, "lacks-right", right.fdWrite);
  const stream = capability.target;
  const isClosed = stream === STDERR ? state.console.errorClosed : state.console.outputClosed;
  if (isClosed) return refuse(errno.pipe);
  const length = Math.min(size, MAX_TRANSFER_BYTES);
  return facts({ type: "console/written", by: capability.id, stream, position: state.head, length });
}

export function readPipe(state: KernelState, capability: Capability, size: number): Decision {
  if ((capability.rights & right.fdRead) === 0) return refuse(errno.notcapable, "lacks-right", right.fdRead);
  const pipe = get(state.pipes.rows, capability.target);
  if (pipe.bytes === 0 && pipe.writers > 0 && size > 0) return waitsFor(readable(capability.target));
  return facts({
    type: "pipe/read",
    by: capability.id,
    pipe: capability.target,
    ...oldest(pipe.pieces, state.head, size),
  });
}

/** The oldest bytes of a queue, up to the end of their piece: a read may be short. */
function oldest(
  pieces: Pieces,
  head: number,
  size: number,
): { readonly position: number; readonly length: number } {
  return { position: pieces[0] ?? head, length: Math.min(size, pieces[1] ?? 0, MAX_TRANSFER_BYTES) };
}

export function writePipe(state: KernelState, capability: Capability, size: number): Decision {
  if ((capability.rights & right.fdWrite) === 0)
    return refuse(errno.notcapable, "lacks-right", right.fdWrite);
  const pipe = get(state.pipes.rows, capability.target);
  if (pipe.readers === 0) return refuse(errno.pipe);
  const room = roomIn(pipe);
  if (room < roomNeeded(pipe, size)) return waitsFor(writable(capability.target));
  const length = Math.min(size, room);
  return facts({
    type: "pipe/written",
    by: capability.id,
    pipe: capability.target,
    position: state.head,
    length,
  });
}
