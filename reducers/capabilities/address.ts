/**
 * Where a capability lies, as one number: the table's code, then the slot. A table's code says which space it is of, and whose: of
 * processes (the slots that guests know as descriptors) and services, by pid; what objects keep (a box, a table that a guest made, what
 * is bound to a line, a timer or a notification), by object; messages on their way, by the pid of whoever sent them.
 */
export const MAX_SLOTS = 1 << 20;

export const space = { process: 0, services: 1, kept: 2, messages: 3 } as const;
export type Space = (typeof space)[keyof typeof space];

const SPACES = 4;

/** No place at all: the end of a list, or what is above a root. */
export const NOWHERE = -1;

export const addressOf = (where: Space, id: number, slot: number): number =>
  (id * SPACES + where) * MAX_SLOTS + slot;

export const slotOf = (address: number): number => address % MAX_SLOTS;
export const spaceOf = (address: number): Space => (Math.floor(address / MAX_SLOTS) % SPACES) as Space;
/** The pid or the object that a table belongs to. */
export const ownerOfTable = (address: number): number => Math.floor(address / (MAX_SLOTS * SPACES));

/** Slots of the table of services: what WASI uses without naming a descriptor. */
export const serviceSlot = { realtimeClock: 0, monotonicClock: 1, timers: 2, entropy: 3 } as const;

/** What the machine itself keeps: the roots of what it was booted with. */
export const MACHINE = 0;
/** Slots of what an object keeps, where it keeps one thing. */
export const KEPT_SLOT = 0;
/** Of an interrupt line: the right of whoever bound it, beside what is bound. */
export const HANDLER_SLOT = 1;
/** Among the services of a process: the scheduling context that is bound to it. */
export const CONTEXT_SLOT = 4;
/** Slots of a message: the capability that it was sent through; those that go with it follow. */
export const SENT_THROUGH = 0;
export const FIRST_GIVEN = 1;
