/** Where boot puts what it grants, and who may seal with which brand. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import { at, type HeldSlots, placed } from "./held-slots.ts";
import { objectBits } from "./wasi-bits.ts";

type Of<Type extends KernelEvent["type"]> = Extract<KernelEvent, { readonly type: Type }>;

const serviceSlots: Readonly<Record<string, number>> = { timers: 2, entropy: 3 };

/** Where boot puts a grant: clocks, timers and entropy among the services, all else where it says. */
export function grantedAt({ pid, object, slot, target }: Of<"capability/granted">): number {
  const service = object === "clock" ? target : serviceSlots[object];
  return service === undefined ? placed(at.process, pid, slot) : placed(at.services, pid, service);
}

/** Whether a process holds a brand that it may seal with. */
export function maySeal(held: HeldSlots, pid: number, brand: number): boolean {
  for (const { object, target, rights } of held.rowsOf(pid))
    if (object === "brand" && target === brand && (rights & objectBits.brand.seal) !== 0) return true;
  return false;
}
