/** Where capabilities lie, as the log says it, for oracles that share no code with the kernel. */
import { objectKinds } from "../../core/object-rights.ts";

export const SLOTS = 2 ** 20;
export const SERVICES = 1;
export const KEPT = 2;
export const MESSAGES = 3;

export const ownerAt = (address: number): number => Math.floor(address / SLOTS / 4);
export const spaceAt = (address: number): number => Math.floor(address / SLOTS) % 4;

/** The kind, the target and the address of each capability that was removed. */
export function* removedBy(event: {
  readonly removed: readonly number[];
}): Generator<readonly [string, number, number]> {
  for (let at = 0; at < event.removed.length; at += 3)
    yield [
      objectKinds[event.removed[at + 1] as number] as string,
      event.removed[at + 2] as number,
      event.removed[at] as number,
    ];
}
