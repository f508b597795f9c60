/**
 * Which right an event exercises: for each type of event one rule, so a type that is new does not compile until it has one. A rule looks
 * at the state before the event. `use` is for what was surely needed, `perhaps` for what may have been.
 */
import {
  budgetRight,
  endpointRight,
  notificationRight,
  contextRight,
  interruptRight,
  processRight,
  timerRight,
  programRight,
  useRight,
} from "../../core/object-rights.ts";
import { right } from "../../core/rights.ts";
import { peek } from "../../core/table.ts";
import { serviceSlot } from "../../reducers/capabilities/address.ts";
import { REALTIME } from "../../reducers/clock/clock-selectors.ts";
import { fdflag } from "../../reducers/decide/open-path.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { linkSource, polled, renameTarget } from "./everywhere.ts";
import { created, derived, ranked, removed, replied, sent } from "./foldos-use-rules.ts";
import { markRefusal } from "./refusal-rules.ts";
import type { UseMarks } from "./use-marks.ts";
import { markAwaited } from "./wait-rules.ts";

type Type = KernelEvent["type"];
type Of<Each extends Type> = Extract<KernelEvent, { readonly type: Each }>;
type Rule<Event> = (ledger: UseMarks, event: Event) => void;

/** Of the machine, of a device, or what any process may be told of itself: no capability is used. */
const nothing = (): void => {};

/** The capability that the event names was used, by these rights. */
const by =
  (rights: number): Rule<{ readonly by: number }> =>
  (ledger, event) =>
    ledger.use(ledger.heldAs(event.by), rights);

const oneOf =
  (rights: number): Rule<{ readonly by: number }> =>
  (ledger, event) =>
    ledger.oneOf(ledger.heldAs(event.by), rights);

/** Done to what a descriptor is of, or to what a path below it leads to: another inode says that it was a path. */
const onInode =
  (own: number, below: number): Rule<{ readonly by: number; readonly inode: number }> =>
  (ledger, event) => {
    const held = ledger.heldAs(event.by);
    if (held?.isDirectory !== true) return ledger.use(held, own);
    if (held.inode !== event.inode) return ledger.use(held, below);
    ledger.oneOf(held, own | below);
  };

const clockRead: Rule<Of<"clock/read" | "clock/resolution-read">> = (ledger, { clock }) =>
  ledger.use(
    ledger.service(clock === REALTIME ? serviceSlot.realtimeClock : serviceSlot.monotonicClock),
    useRight.use,
  );

/** Moving needs one right, and being told where one is needs that or a smaller one. */
const positioned =
  (first: number, other: number): Rule<{ readonly by: number }> =>
  (ledger, event) => {
    const held = ledger.heldAs(event.by);
    ledger.use(held, ((held?.rights ?? 0) & first) === 0 ? other : first);
  };

const opened: Rule<Of<"file/opened">> = (ledger, event) => {
  const held = ledger.heldAs(event.by);
  const transfer = right.fdRead | right.fdWrite;
  // Reading and writing are refused if they are not handed on; all else that is asked for is left out then.
  ledger.use(held, right.pathOpen, event.rights & transfer);
  ledger.handOn(held, { rights: 0, inheriting: event.rights | event.inheriting });
  const inode = peek(ledger.state.files.inodes, event.inode);
  const isDirectory = inode?.kind === fileType.directory;
  // A file may have been opened to be created, or emptied, that was there, or empty; a directory to be read.
  const truncates = inode?.size === 0 ? right.pathFilestatSetSize : 0;
  const syncs = (event.flags & (fdflag.dsync | fdflag.rsync | fdflag.sync)) === 0 ? 0 : SYNCS;
  ledger.perhaps(
    held,
    isDirectory ? 0 : right.pathCreateFile | truncates,
    isDirectory ? right.fdRead | syncs : syncs,
  );
};

const SYNCS = right.fdSync | right.fdDatasync;

/** A path that was opened to be emptied, or a descriptor: what is smaller than before was not allocated. */
const resized: Rule<Of<"file/resized">> = (ledger, event) => {
  const held = ledger.heldAs(event.by);
  if (held?.isDirectory === true) return ledger.use(held, right.pathOpen | right.pathFilestatSetSize);
  const shrinks = event.size < (peek(ledger.state.files.inodes, event.inode)?.size ?? 0);
  ledger.oneOf(held, right.fdFilestatSetSize | (shrinks ? 0 : right.fdAllocate));
};

/** Renaming a file to another name of its own changes nothing, and says only that it was looked at. */
const examined: Rule<Of<"file/examined">> = (ledger, event) => {
  const held = ledger.heldAs(event.by);
  if (held?.isDirectory !== true || (held.rights & right.pathRenameSource) === 0)
    return onInode(right.fdFilestatGet, right.pathFilestatGet)(ledger, event);
  const own = held.inode === event.inode ? right.fdFilestatGet : 0;
  ledger.oneOf(held, own | right.pathFilestatGet | right.pathRenameSource);
  ledger.perhapsOfAll(renameTarget);
};

/** Asked of a descriptor that is no file: its flags, its state, or just what it is. */
const capabilityExamined: Rule<Of<"capability/examined">> = (ledger, event) => {
  const held = ledger.heldAs(event.by);
  if (held?.object !== "file") ledger.perhaps(held, right.fdFdstatSetFlags | right.fdFilestatGet);
};

const kept: Rule<{ readonly by: number; readonly rights: number; readonly inheriting: number }> = (
  ledger,
  event,
) => ledger.handOn(ledger.heldAs(event.by), event);

/** It may have ended itself, by a capability. */
const killed: Rule<Of<"process/killed">> = (ledger) => {
  for (const held of ledger.heldTo("process", ledger.pid)) ledger.perhaps(held, processRight.end);
};

const waits: Rule<Of<"process/suspended">> = (ledger, { until, objects }) => {
  if (until > 0) ledger.use(ledger.service(serviceSlot.timers), useRight.use);
  markAwaited(ledger, objects);
};

const blocked: Rule<Of<"process/blocked">> = (ledger, { until }) => {
  if (until > 0) ledger.use(ledger.service(serviceSlot.timers), useRight.use);
  ledger.perhapsOfAll(polled);
};

const answered: Rule<Of<"process/polled">> = (ledger) => {
  ledger.perhaps(ledger.service(serviceSlot.timers), useRight.use);
  ledger.perhapsOfAll(polled);
};

const linked: Rule<Of<"name/linked">> = (ledger, event) => {
  ledger.use(ledger.heldAs(event.by), right.pathLinkTarget);
  ledger.perhapsOfAll(linkSource);
};

const renamed: Rule<Of<"name/renamed">> = (ledger, event) => {
  ledger.use(ledger.heldAs(event.by), right.pathRenameSource);
  ledger.perhapsOfAll(renameTarget);
};

const rules: { readonly [Each in Type]: Rule<Of<Each>> } = {
  "machine/powered-on": nothing,
  "machine/powered-off": nothing,
  "clock/read": clockRead,
  "clock/resolution-read": clockRead,
  "process/started": nothing,
  "process/exited": nothing,
  "process/trapped": nothing,
  "process/killed": killed,
  "process/refused": markRefusal,
  "process/yielded": nothing,
  "process/arguments-read": nothing,
  "process/blocked": blocked,
  "process/polled": answered,
  "program/admitted": nothing,
  "process/spawned": by(programRight.spawn),
  "process/awaited": by(processRight.examine),
  "process/ended": by(processRight.end),
  "capability/granted": nothing,
  "capability/closed": nothing,
  "capability/moved": nothing,
  "capability/narrowed": kept,
  "capability/examined": capabilityExamined,
  "capability/derived": derived,
  "capability/carried": kept,
  "capability/removed": removed,
  "capability/used": nothing,
  "object/created": created,
  "object/destroyed": nothing,
  "budget/examined": by(budgetRight.examine),
  "ipc/sent": sent,
  "ipc/received": by(endpointRight.receive),
  "ipc/replied": replied,
  "ipc/answered": nothing,
  "ipc/delivered": nothing,
  "notification/signalled": by(notificationRight.signal),
  "notification/taken": by(notificationRight.wait),
  "interrupt/attached": nothing,
  "interrupt/raised": nothing,
  "interrupt/acknowledged": by(interruptRight.handle),
  "interrupt/bound": by(interruptRight.handle),
  "timer/armed": by(timerRight.arm),
  "timer/disarmed": by(timerRight.arm),
  "timer/fired": nothing,
  "context/configured": by(contextRight.configure),
  "context/lent": nothing,
  "context/returned": nothing,
  "context/exhausted": nothing,
  "context/refilled": nothing,
  "process/ranked": nothing,
  "process/prioritized": nothing,
  "priority/changed": ranked,
  "entropy/drawn": (ledger) => ledger.use(ledger.service(serviceSlot.entropy), useRight.use),
  "console/attached": nothing,
  "console/input-arrived": nothing,
  "console/input-ended": nothing,
  "console/read": by(right.fdRead),
  "console/written": by(right.fdWrite),
  "console/output-closed": nothing,
  "pipe/created": nothing,
  "pipe/sized": nothing,
  "pipe/reserved": nothing,
  "pipe/written": by(right.fdWrite),
  "pipe/read": by(right.fdRead),
  "null/read": by(right.fdRead),
  "null/written": by(right.fdWrite),
  "host/mounted": nothing,
  "host/directory-listed": nothing,
  "host/node-examined": nothing,
  "host/node-vanished": nothing,
  "host/content-read": nothing,
  "host/read-failed": nothing,
  "host/effect-failed": nothing,
  "file/read": by(right.fdRead),
  "file/written": by(right.fdWrite),
  "file/read-at": by(right.fdRead | right.fdSeek),
  "file/written-at": by(right.fdWrite | right.fdSeek),
  "file/opened": opened,
  "file/seeked": positioned(right.fdSeek, right.fdTell),
  "file/created": by(right.pathOpen | right.pathCreateFile),
  "file/resized": resized,
  "file/times-set": onInode(right.fdFilestatSetTimes, right.pathFilestatSetTimes),
  "file/flags-set": by(right.fdFdstatSetFlags),
  "file/examined": examined,
  "file/position-told": positioned(right.fdTell, right.fdSeek),
  "file/synced": oneOf(SYNCS),
  "file/advised": by(right.fdAdvise),
  "file/chunk-consolidated": nothing,
  "directory/created": by(right.pathCreateDirectory),
  "directory/removed": by(right.pathRemoveDirectory),
  "directory/read": by(right.fdReaddir),
  "symlink/created": by(right.pathSymlink),
  "symlink/read": by(right.pathReadlink),
  "name/linked": linked,
  "name/unlinked": by(right.pathUnlinkFile),
  "name/renamed": renamed,
  "file/preopened": nothing,
  "scheduler/configured": nothing,
  "process/scheduled": nothing,
  "process/preempted": nothing,
  "process/suspended": waits,
  "process/woken": nothing,
  "process/accounted": nothing,
  "process/limited": nothing,
  "scheduler/partitioned": nothing,
  "process/assigned": nothing,
  "domain/entered": nothing,
  "domain/idled": nothing,
};

/** Marks what an event needed of a process's capabilities. */
export function markUse(ledger: UseMarks, event: KernelEvent): void {
  // Who starts another process hands on what that is said to have inherited.
  if (event.pid !== ledger.pid && event.type !== "capability/derived") return;
  (rules[event.type] as Rule<KernelEvent>)(ledger, event);
}
