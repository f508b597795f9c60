import { errno } from "../../core/errno.ts";
import { allRights } from "../../core/rights.ts";
import type { Given } from "../../reducers/decide/foldos-request.ts";
import { CallRefused, type GuestMemory } from "../guest-memory.ts";

/** `foldos_given`: slot, 32 bits that must be 0, rights. */
const GIVEN_BYTES = 16;

interface GivenList {
  readonly pointer: number;
  readonly count: number;
  readonly most: number;
}

/** Capabilities to be handed on. Rights are a mask: what is no right masks nothing. */
export function givenAt(memory: GuestMemory, { pointer, count, most }: GivenList): readonly Given[] {
  if (count > most) throw new CallRefused(errno.msgsize, "too-many-given");
  const start = memory.within(pointer, count * GIVEN_BYTES);
  const given: Given[] = [];
  for (let at = start; at < start + count * GIVEN_BYTES; at += GIVEN_BYTES) {
    if (memory.view.getUint32(at + 4, true) !== 0) throw new CallRefused(errno.inval, "unknown-flags");
    given.push({
      slot: memory.view.getUint32(at, true),
      rights: memory.view.getUint32(at + 8, true) & allRights,
    });
  }
  return given;
}
