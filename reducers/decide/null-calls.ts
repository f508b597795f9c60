/** Deciders of reading and writing the object that holds nothing. */
import { errno } from "../../core/errno.ts";
import { right } from "../../core/rights.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { type Decision, facts, refuse } from "./decision.ts";
import { MAX_TRANSFER_BYTES } from "./file-contents.ts";

export const readNull = ({ id, rights }: Capability): Decision =>
  (rights & right.fdRead) === 0
    ? refuse(errno.notcapable, "lacks-right", right.fdRead)
    : facts({ type: "null/read", by: id, length: 0 });

export const writeNull = ({ id, rights }: Capability, size: number): Decision =>
  (rights & right.fdWrite) === 0
    ? refuse(errno.notcapable, "lacks-right", right.fdWrite)
    : facts({ type: "null/written", by: id, length: Math.min(size, MAX_TRANSFER_BYTES) });
