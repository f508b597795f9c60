/**
 * What an event says that answers a call of `foldos`. Fields are read by their names, which several types of event share: whatever puts
 * a capability into the guest's own table says where by `to`. An answer without its field is a bug of the kernel's.
 */
import { invariant } from "../../core/assert.ts";
import { MAX_SLOTS } from "../../reducers/capabilities/address.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";

const fieldIn = (event: KernelEvent, name: string): unknown =>
  Object.hasOwn(event, name) ? (event as unknown as Readonly<Record<string, unknown>>)[name] : undefined;

/** A number that an event has under this name. */
export function numberIn(event: KernelEvent, name: string): number {
  const value = fieldIn(event, name);
  invariant(typeof value === "number", `${event.type} answers with ${name}`);
  return value;
}

/** As `numberIn`; where the event has none, what stands for it. */
export function numberOr(event: KernelEvent, name: string, other: number): number {
  const value = fieldIn(event, name);
  return typeof value === "number" ? value : other;
}

/** A list of numbers that an event has under this name. */
export function numbersIn(event: KernelEvent, name: string): readonly number[] {
  const value = fieldIn(event, name);
  invariant(Array.isArray(value), `${event.type} answers with a list of ${name}`);
  return value as readonly number[];
}

/** The slot of the guest that an event put a capability into: an address is that of the table, and then the slot. */
export const slotMade = (event: KernelEvent): number => numberIn(event, "to") % MAX_SLOTS;
