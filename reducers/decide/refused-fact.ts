import type { KernelFact } from "../kernel-event.ts";
import type { Refused } from "./decision.ts";
import type { Request } from "./request.ts";

/** A call that is refused. */
interface RefusedCall {
  /** The call's place in the table of WASI preview 1. */
  readonly number: number;
  /** Null if its arguments were malformed. */
  readonly request: Request | null;
}

/** What the log says of a refusal: the descriptor that it is about, and the path below that one. */
export function refusedFact({ number, request }: RefusedCall, refused: Refused): KernelFact {
  const { errno, reason, missing } = refused;
  const own = request !== null && "fd" in request ? request.fd : -1;
  const slot = refused.slot ?? own;
  return {
    type: "process/refused",
    function: number,
    errno,
    reason,
    slot,
    missing,
    path: pathOf(request, refused),
  };
}

function pathOf(request: Request | null, { slot }: Refused): string {
  if (request === null) return "";
  if (slot !== undefined && "toPath" in request) return request.toPath;
  return "path" in request ? request.path : "";
}
