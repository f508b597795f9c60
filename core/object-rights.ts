/**
 * What one may do through a capability, by the kind of its object. Files, the console, pipes and the null device have the rights of
 * WASI preview 1 (see rights.ts); all else has a few of its own, in the low bits of the same set.
 */
import { allRights, right, rightNamesOf } from "./rights.ts";
import { spellRight } from "./spell-right.ts";

/** What a capability can be of. Words are only ever added at the end: their places are on disk. */
export const objectKinds = [
  "file",
  "console",
  "pipe-reader",
  "pipe-writer",
  "null",
  "void",
  "clock",
  "entropy",
  "timers",
  "endpoint",
  "notification",
  "reply",
  "process",
  "interrupt",
  "context",
  "budget",
  "table",
  "device",
  "brand",
  "box",
  "membrane",
  "program",
  "timer",
] as const;

/** What devices there are. Their places are on disk, as what is special of the object. */
export const deviceKinds = ["block", "network"] as const;
export type DeviceKind = (typeof deviceKinds)[number];

export type ObjectKind = (typeof objectKinds)[number];

export const endpointRight = { send: 1, receive: 2, grant: 4, grantReply: 8 } as const;
export const notificationRight = { signal: 1, wait: 2 } as const;
/** A reply is given once; `grant` says whether capabilities may go with it. */
export const replyRight = { reply: 1, grant: 4 } as const;
export const processRight = { examine: 1, end: 2, schedule: 4 } as const;
export const interruptRight = { handle: 1 } as const;
export const contextRight = { bind: 1, configure: 2 } as const;
export const budgetRight = { spend: 1, split: 2, examine: 4 } as const;
/** In words of the take-grant model: `fetch` takes, `store` grants. */
export const tableRight = { fetch: 1, store: 2 } as const;
export const timerRight = { arm: 1 } as const;
export const brandRight = { seal: 1, unseal: 2 } as const;
/** `revoke` takes back all that ever came through it. */
export const membraneRight = { wrap: 1, revoke: 2 } as const;
export const programRight = { spawn: 1 } as const;
/** Of clocks, entropy, timers as such, and devices. */
export const useRight = { use: 1 } as const;

type Named = Readonly<Record<string, number>>;

const ownRights: Partial<Record<ObjectKind, Named>> = {
  void: {},
  clock: useRight,
  entropy: useRight,
  timers: useRight,
  endpoint: endpointRight,
  notification: notificationRight,
  reply: replyRight,
  process: processRight,
  interrupt: interruptRight,
  context: contextRight,
  budget: budgetRight,
  table: tableRight,
  device: useRight,
  brand: brandRight,
  box: {},
  membrane: membraneRight,
  program: programRight,
  timer: timerRight,
};

/** The rights that a kind of object has, by name. */
export const rightsOfKind = (kind: ObjectKind): Named => ownRights[kind] ?? right;

/** Whether a kind of object has the rights of WASI preview 1. */
export const hasWasiRights = (kind: ObjectKind): boolean => ownRights[kind] === undefined;

/** All rights that a kind of object has. */
export const allRightsOf = (kind: ObjectKind): number =>
  hasWasiRights(kind) ? allRights : Object.values(rightsOfKind(kind)).reduce((all, bit) => all | bit, 0);

/** What changes nothing of a file or a directory. */
const sensoryWasi =
  right.fdRead |
  right.fdSeek |
  right.fdTell |
  right.fdAdvise |
  right.pathOpen |
  right.fdReaddir |
  right.pathReadlink |
  right.pathFilestatGet |
  right.fdFilestatGet |
  right.pollFdReadwrite;

/** What streams only show: what one reads of them is gone for others. */
const sensoryStream = right.fdFilestatGet | right.pollFdReadwrite;

const sensory: Partial<Record<ObjectKind, number>> = {
  console: sensoryStream,
  "pipe-reader": sensoryStream,
  "pipe-writer": sensoryStream,
  clock: useRight.use,
  entropy: useRight.use,
  timers: useRight.use,
  process: processRight.examine,
  budget: budgetRight.examine,
  table: tableRight.fetch,
};

/** The rights that only let one see: what is left of a capability that is weak (EROS, "sensory"). */
export const sensoryRightsOf = (kind: ObjectKind): number =>
  sensory[kind] ?? (hasWasiRights(kind) ? sensoryWasi : 0);

/** The names of the rights in a set, of a capability to such an object: `fd_write`, `grant_reply`. */
export const namesOfRights = (kind: ObjectKind, rights: number): readonly string[] =>
  hasWasiRights(kind)
    ? rightNamesOf(rights)
    : Object.entries(rightsOfKind(kind)).flatMap(([name, bit]) =>
        (rights & bit) === 0 ? [] : [spellRight(name)],
      );

/** The right that a kind of object has by a name, in either spelling (`fd_write`, `fdWrite`); 0 for none. */
export function rightNamed(kind: ObjectKind, name: string): number {
  const spelled = spellRight(name);
  for (const [each, bit] of Object.entries(rightsOfKind(kind))) if (spellRight(each) === spelled) return bit;
  return 0;
}
