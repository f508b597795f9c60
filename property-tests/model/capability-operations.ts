/** Drawn operations on capabilities, and the requests that they become in the state in which it is their turn. */
import fc from "fast-check";
import type { ObjectKind } from "../../core/object-rights.ts";
import { peek, rowsOf } from "../../core/table.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import type { Given } from "../../reducers/decide/foldos-request.ts";
import type { Request } from "../../reducers/decide/request.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { ownKinds, type PlannedWorld } from "./capability-world-boot.ts";

/** Small numbers that choose among what there is: they stay small when a failure is shrunk. */
export interface Operation {
  readonly who: number;
  readonly what: (typeof operations)[number];
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** What can be done; the most telling ones stand more than once. */
export const operations = [
  "copy",
  "mint",
  "mint",
  "mutate",
  "move",
  "weaken",
  "lease",
  "delete",
  "revoke",
  "revoke",
  "create",
  "create",
  "store",
  "fetch",
  "seal",
  "unseal",
  "wrap",
  "send",
  "call",
  "call",
  "receive",
  "receive",
  "receive",
  "reply",
  "reply",
  "cancel",
  "signal",
  "take",
  "split",
  "open",
  "write",
  "narrow",
  "renumber",
  "clock",
  "exit",
  "kill",
  "wild",
] as const;

const small = fc.nat({ max: 15 });

export const operation = (kinds: readonly Operation["what"][] = operations): fc.Arbitrary<Operation> =>
  fc.record({ who: fc.nat({ max: 99 }), what: fc.constantFrom(...kinds), a: small, b: small, c: small });

export const plannedWorld = (processes: number): fc.Arbitrary<PlannedWorld> =>
  fc.record({
    processes: fc.constant(processes),
    objects: fc
      .array(fc.constantFrom(...ownKinds), { minLength: 2, maxLength: 7 })
      .map((kinds) => ["endpoint", "endpoint", ...kinds] as const),
    endowments: fc.array(
      fc.record({
        who: fc.nat({ max: 99 }),
        which: fc.nat({ max: 99 }),
        rights: fc.oneof(fc.constant(15), fc.nat({ max: 15 })),
        badge: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 7 })),
      }),
      { minLength: processes * 2, maxLength: processes * 5, size: "max" },
    ),
    budgetBytes: fc.constantFrom(512, 2048, 100_000),
    hasFiles: fc.boolean(),
  });

type Slot = readonly [slot: number, row: Capability];

/** What a drawn operation may choose from. */
interface Choices {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly at: number;
  /** A slot that holds such a thing, or now and then another one. */
  readonly pick: (choice: number, kind: ObjectKind | null) => number;
  readonly row: (slot: number) => Capability | null;
  readonly given: () => readonly Given[];
}

const creations = [
  "endpoint_create",
  "table_create",
  "notification_create",
  "brand_create",
  "membrane_create",
  "timer_create",
] as const;

const minting =
  (call: "cap_mint" | "cap_mutate") =>
  ({ a, b, c, pick, row }: Choices): Request => {
    const fd = pick(a, b % 2 === 0 ? "endpoint" : null);
    const held = row(fd);
    const all = held?.rights ?? 0;
    const rights = b % 3 === 0 ? all : (all & c) | (b === 7 ? 2 : 0);
    const inheriting = b % 4 === 0 ? (held?.inheriting ?? 0) : 0;
    return { call, fd, rights, inheriting, hasUnknown: false, badge: c % 4 };
  };

const requests: Readonly<Record<Operation["what"], (choices: Choices) => Request>> = {
  copy: ({ a, pick }) => ({ call: "cap_copy", fd: pick(a, null) }),
  mint: minting("cap_mint"),
  mutate: minting("cap_mutate"),
  move: ({ a, b, pick }) => ({ call: "cap_move", fd: pick(a, null), to: b + 20 }),
  weaken: ({ a, pick }) => ({ call: "cap_weaken", fd: pick(a, null) }),
  lease: ({ a, b, c, at, pick }) => ({
    call: "cap_lease",
    fd: pick(a, null),
    until: b % 3 === 0 ? at + 5 + c * 10 : 0,
    uses: b % 3 === 1 ? (c % 3) + 1 : 0,
    withHolder: b % 2 === 0,
  }),
  delete: ({ a, pick }) => ({ call: "cap_delete", fd: pick(a, null) }),
  revoke: ({ a, b, pick }) => ({ call: "cap_revoke", fd: pick(a, b % 4 === 0 ? "membrane" : null) }),
  create: ({ a, b, pick }) => ({
    call: creations[b % creations.length] ?? "endpoint_create",
    fd: pick(a, "budget"),
  }),
  store: ({ a, b, c, pick }) => ({
    call: "table_store",
    fd: pick(a, "table"),
    index: b % 4,
    stored: pick(c, null),
  }),
  fetch: ({ a, b, pick }) => ({ call: "table_fetch", fd: pick(a, "table"), index: b % 4 }),
  seal: ({ a, b, c, pick }) => ({
    call: "cap_seal",
    fd: pick(a, "brand"),
    sealed: pick(c, null),
    budget: pick(b, "budget"),
  }),
  unseal: ({ a, b, pick }) => ({ call: "cap_unseal", fd: pick(a, "brand"), box: pick(b, "box") }),
  wrap: ({ a, b, c, pick }) => ({
    call: "cap_wrap",
    fd: pick(a, "membrane"),
    wrapped: pick(c, b % 2 === 0 ? "endpoint" : null),
  }),
  send: ({ a, b, pick, given }) => ({
    call: "ipc_send",
    fd: pick(a, "endpoint"),
    mayWait: b !== 9,
    size: 0,
    given: given(),
  }),
  call: ({ a, c, pick, given }) => ({
    call: "ipc_call",
    fd: pick(a, "endpoint"),
    size: 0,
    given: given(),
    capacity: 100,
    slots: c % 3,
  }),
  receive: ({ a, b, c, pick }) => ({
    call: "ipc_receive",
    fd: pick(a, "endpoint"),
    mayWait: b % 4 === 0,
    capacity: 100,
    slots: c % 3,
  }),
  reply: ({ a, pick, given }) => ({ call: "ipc_reply", fd: pick(a, "reply"), size: 0, given: given() }),
  cancel: ({ a, b, pick }) => ({ call: "ipc_cancel_badged", fd: pick(a, "endpoint"), badge: b % 4 }),
  signal: ({ a, pick }) => ({ call: "notification_signal", fd: pick(a, "notification") }),
  take: ({ a, pick }) => ({ call: "notification_poll", fd: pick(a, "notification") }),
  split: ({ a, b, pick }) => ({ call: "budget_split", fd: pick(a, "budget"), sizeBytes: b * 100 }),
  open: ({ a, b, pick }) => opening(pick(a, "file"), b),
  write: ({ a, b, pick }) => ({ call: "fd_write", fd: pick(a, b % 2 === 0 ? "file" : "console"), size: 0 }),
  narrow: ({ a, b, pick, row }) => {
    const fd = pick(a, null);
    const rights = (row(fd)?.rights ?? 0) & (b * 77);
    return { call: "fd_fdstat_set_rights", fd, rights, inheriting: 0, hasUnknown: false };
  },
  renumber: ({ a, b, pick }) => ({ call: "fd_renumber", fd: pick(a, null), to: pick(b, null) }),
  clock: () => ({ call: "clock_time_get", clock: 1 }),
  // Rarely, or nobody is left.
  exit: ({ a, b }) => (a === 3 ? { call: "proc_exit", code: b } : { call: "sched_yield" }),
  // What is done to it, not what it asks: see capability-life.ts.
  kill: () => ({ call: "sched_yield" }),
  wild: ({ a }) => ({ call: "cap_copy", fd: a * 70_000_000 }),
};

/** The request that an operation is, for a process in a state. */
export function requestOf(state: KernelState, pid: number, { what, a, b, c }: Operation): Request {
  const slots = slotsOf(state, pid);
  const pick = (choice: number, kind: ObjectKind | null): number => {
    const fitting = kind === null ? slots : slots.filter(([, row]) => row.object === kind);
    // Now and then something that does not fit, or that is not there.
    if (fitting.length === 0 || choice === 15) return slots[choice % (slots.length + 1)]?.[0] ?? 999;
    return (fitting[choice % fitting.length] as Slot)[0];
  };
  const row = (slot: number): Capability | null => slots.find(([at]) => at === slot)?.[1] ?? null;
  const given = (): readonly Given[] =>
    slots.length === 0 || b % 3 === 0 ? [] : [{ slot: pick(c, null), rights: b % 3 === 1 ? ALL : 5 }];
  return requests[what]({ a, b, c, at: state.at, pick, row, given });
}

const ALL = 2 ** 30 - 1;

const opening = (fd: number, which: number): Request => ({
  call: "path_open",
  fd,
  path: which % 2 === 0 ? "." : `f${which}`,
  follow: true,
  oflags: which % 2 === 0 ? 0 : 1,
  rights: which % 2 === 0 ? 0x4000 | 0x2000 : 0x42,
  inheriting: which % 2 === 0 ? 2 ** 28 - 1 : 0,
  fdflags: 0,
});

function slotsOf(state: KernelState, pid: number): readonly Slot[] {
  const table = peek(state.capabilities.tables, pid);
  return table === null ? [] : [...rowsOf(table.slots)];
}
