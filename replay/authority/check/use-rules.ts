/**
 * Which event needs which right, after the specification of WASI preview 1 and docs/capabilities.md, as one table. An alternative is a
 * set of rights that is enough if it is held whole; where there are several, an event does not say by which call it came about.
 */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import type { HeldRow } from "./held-slots.ts";
import { bits, objectBits } from "./wasi-bits.ts";

type Type = KernelEvent["type"];
type Of<Each extends Type> = Extract<KernelEvent, { readonly type: Each }>;

/** What the checker knows beside the capability that is used. */
export interface Known {
  /** Where an open file stands; null if that is not known. */
  positionOf(open: number): number | null;
  /** How long a file is; null if that is not known. */
  sizeOf(inode: number): number | null;
}

export interface UseRule<Event> {
  /** Kinds of objects that it can be done to; null: any. */
  readonly kinds: readonly string[] | null;
  readonly needs: (event: Event, row: HeldRow, known: Known) => readonly number[];
  /** The field that says again what the capability is of. */
  readonly names?: keyof Event & string;
  /** Rights that some capability of the process must have beside it: events name one of two. */
  readonly also?: number;
  /** Held among the services of a process, and not in a slot that it can name. */
  readonly isService?: true;
  /** What an event says that the capability says, too; null if it does. */
  readonly denies?: (event: Event, row: HeldRow) => string | null;
}

type Rule<Event> =
  /** A capability is named, and used. */
  | { readonly by: "capability"; readonly use: UseRule<Event> }
  /** Changes who holds what: see slot-changes.ts. */
  | { readonly by: "slots" }
  /** Of the machine itself, of a device, or what any process may do and be told of itself. */
  | { readonly by: "nobody"; readonly why: "outside" | "machine" | "itself" };

const only =
  (...sets: readonly number[]) =>
  (): readonly number[] =>
    sets;
const used = <Event>(
  kinds: readonly string[] | null,
  needs: UseRule<Event>["needs"],
  more: Partial<UseRule<Event>> = {},
): Rule<Event> => ({ by: "capability", use: { kinds, needs, ...more } });

const file = ["file"] as const;
const outside = { by: "nobody", why: "outside" } as const;
const machine = { by: "nobody", why: "machine" } as const;
const itself = { by: "nobody", why: "itself" } as const;
const slots = { by: "slots" } as const;

const isOwn = (event: { readonly inode: number }, row: HeldRow): boolean => event.inode === row.inode;

/** "rights::fd_seek implies rights::fd_tell": who may only tell moves nothing. */
function toSeek(event: Of<"file/seeked">, _: HeldRow, known: Known): readonly number[] {
  const position = known.positionOf(event.open);
  const stays = position === null || position === event.offset;
  return stays ? [bits("fd_seek"), bits("fd_tell")] : [bits("fd_seek")];
}

function toResize(event: Of<"file/resized">, row: HeldRow, known: Known): readonly number[] {
  // By opening: the answer is the opening, which follows.
  if (event.call < 0) return event.size === 0 ? [bits("path_open", "path_filestat_set_size")] : [];
  const size = known.sizeOf(event.inode);
  const grows = size === null || event.size >= size;
  if (!isOwn(event, row)) return [];
  return grows ? [bits("fd_filestat_set_size"), bits("fd_allocate")] : [bits("fd_filestat_set_size")];
}

const toExamine = (event: Of<"file/examined">, row: HeldRow): readonly number[] =>
  isOwn(event, row)
    ? [bits("fd_filestat_get"), bits("path_filestat_get")]
    : // Renaming a file to another name of its own changes nothing, and says so.
      [bits("path_filestat_get"), bits("path_rename_source")];

const toSetTimes = (event: Of<"file/times-set">, row: HeldRow): readonly number[] =>
  isOwn(event, row)
    ? [bits("fd_filestat_set_times"), bits("path_filestat_set_times")]
    : [bits("path_filestat_set_times")];

const toCreate = ({ object }: Of<"object/created">): readonly number[] =>
  object === "budget" ? [objectBits.budget.split] : [objectBits.budget.spend];

/** One capability for the clock on the wall, one for all others. */
const clockRead = used<{ readonly clock: number }>(["clock"], only(objectBits.use), {
  isService: true,
  denies: ({ clock }, { target }) =>
    (clock === 0) === (target === 0) ? null : `clock ${target} tells nothing of clock ${clock}`,
});

const { endpoint, reply, notification, process, program, interrupt, context, timer } = objectBits;

export const useRules: { readonly [Each in Type]: Rule<Of<Each>> } = {
  "machine/powered-on": outside,
  "machine/powered-off": outside,
  "clock/read": clockRead,
  "clock/resolution-read": clockRead,
  "process/started": machine,
  "process/exited": itself,
  "process/trapped": itself,
  "process/killed": itself,
  "process/refused": itself,
  "process/yielded": itself,
  "process/arguments-read": itself,
  "process/blocked": itself,
  "process/polled": itself,
  "program/admitted": machine,
  "process/spawned": used(["program"], only(program.spawn)),
  "process/awaited": used(["process"], only(process.examine), { names: "child" }),
  "process/ended": used(["process"], only(process.end), { names: "child" }),
  "capability/granted": slots,
  "capability/closed": slots,
  "capability/moved": slots,
  "capability/narrowed": slots,
  "capability/examined": slots,
  "capability/derived": slots,
  "capability/carried": slots,
  "capability/removed": slots,
  "capability/used": slots,
  "object/created": used(["budget"], toCreate, { names: "budget" }),
  "object/destroyed": machine,
  "budget/examined": used(["budget"], only(objectBits.budget.examine), { names: "budget" }),
  "ipc/sent": used(["endpoint"], only(endpoint.send), { names: "endpoint" }),
  "ipc/received": used(["endpoint"], only(endpoint.receive), { names: "endpoint" }),
  "ipc/replied": used(["reply"], only(reply.reply), { names: "caller" }),
  "ipc/answered": itself,
  "ipc/delivered": itself,
  "notification/signalled": used(["notification"], only(notification.signal), {
    names: "notification",
    denies: ({ bits: set }, { badge }) => (set === badge ? null : `it signals ${badge}, and not ${set}`),
  }),
  "notification/taken": used(["notification"], only(notification.wait), { names: "notification" }),
  "entropy/drawn": used(["entropy"], only(objectBits.use), { isService: true }),
  "console/attached": machine,
  "console/input-arrived": outside,
  "console/input-ended": outside,
  "console/read": used(["console"], only(bits("fd_read"))),
  "console/written": used(["console"], only(bits("fd_write")), { names: "stream" }),
  "console/output-closed": outside,
  "pipe/created": machine,
  "pipe/sized": machine,
  "pipe/reserved": machine,
  "pipe/written": used(["pipe-writer"], only(bits("fd_write")), { names: "pipe" }),
  "pipe/read": used(["pipe-reader"], only(bits("fd_read")), { names: "pipe" }),
  "null/read": used(["null"], only(bits("fd_read"))),
  "null/written": used(["null"], only(bits("fd_write"))),
  "host/mounted": machine,
  "host/directory-listed": outside,
  "host/node-examined": outside,
  "host/node-vanished": outside,
  "host/content-read": outside,
  "host/read-failed": outside,
  "host/effect-failed": outside,
  "file/read": used(file, only(bits("fd_read")), { names: "open" }),
  "file/written": used(file, only(bits("fd_write")), { names: "open" }),
  "file/read-at": used(file, only(bits("fd_read", "fd_seek")), { names: "open" }),
  "file/written-at": used(file, only(bits("fd_write", "fd_seek")), { names: "open" }),
  "file/opened": used(file, only(bits("path_open"))),
  "file/seeked": used(file, toSeek, { names: "open" }),
  "file/created": used(file, only(bits("path_open", "path_create_file"))),
  "file/resized": used(file, toResize),
  "file/times-set": used(file, toSetTimes),
  "file/flags-set": used(file, only(bits("fd_fdstat_set_flags")), { names: "open" }),
  "file/examined": used(file, toExamine),
  "file/position-told": used(file, only(bits("fd_tell"), bits("fd_seek")), { names: "open" }),
  "file/synced": used(file, only(bits("fd_sync"), bits("fd_datasync")), { names: "open" }),
  "file/advised": used(file, only(bits("fd_advise")), { names: "open" }),
  "file/chunk-consolidated": machine,
  "directory/created": used(file, only(bits("path_create_directory"))),
  "directory/removed": used(file, only(bits("path_remove_directory"))),
  "directory/read": used(file, only(bits("fd_readdir")), { names: "open" }),
  "symlink/created": used(file, only(bits("path_symlink"))),
  "symlink/read": used(file, only(bits("path_readlink"))),
  "name/linked": used(file, only(bits("path_link_target")), { also: bits("path_link_source") }),
  "name/unlinked": used(file, only(bits("path_unlink_file"))),
  "name/renamed": used(file, only(bits("path_rename_source")), { also: bits("path_rename_target") }),
  "file/preopened": machine,
  "scheduler/configured": machine,
  "process/scheduled": machine,
  "process/preempted": machine,
  "process/suspended": machine,
  "process/woken": machine,
  "process/accounted": machine,
  "process/limited": machine,
  "scheduler/partitioned": machine,
  "process/assigned": machine,
  "domain/entered": machine,
  "domain/idled": machine,
  "interrupt/attached": machine,
  "interrupt/raised": outside,
  "interrupt/acknowledged": used(["interrupt"], only(interrupt.handle), { names: "line" }),
  "interrupt/bound": used(["interrupt"], only(interrupt.handle), { names: "line" }),
  "timer/armed": used(["timer"], only(timer.arm), { names: "timer" }),
  "timer/disarmed": used(["timer"], only(timer.arm), { names: "timer" }),
  "timer/fired": outside,
  "context/configured": used(["context"], only(context.configure), { names: "context" }),
  "context/lent": machine,
  "context/returned": machine,
  "context/exhausted": machine,
  "context/refilled": machine,
  "process/ranked": machine,
  "process/prioritized": machine,
  "priority/changed": used(["process"], only(process.schedule), { names: "process" }),
};

/** The rule of an event, for whoever asks by its type. */
export const ruleOf = (event: KernelEvent): Rule<KernelEvent> =>
  useRules[event.type] as unknown as Rule<KernelEvent>;
