/**
 * What a refused call may have needed. Which right was missing is in the log, but not how far the call came: `ENOENT` for a path says
 * that the directory might be searched. So every right that the function may look at counts as perhaps needed.
 */
import { useRight } from "../../core/object-rights.ts";
import { right } from "../../core/rights.ts";
import { serviceSlot } from "../../reducers/capabilities/address.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { callName } from "../../guests/call-table.ts";
import { anything, linkBoth, polled, renameBoth } from "./everywhere.ts";
import { foldosRefusals } from "./foldos-refusals.ts";
import type { UseMarks } from "./use-marks.ts";

type Refused = Extract<KernelEvent, { type: "process/refused" }>;

const none = 0;

/** Rights that a function looks at, of the descriptor that it is called with. */
const onDescriptor: Readonly<Record<string, number>> = {
  args_get: none,
  args_sizes_get: none,
  environ_get: none,
  environ_sizes_get: none,
  fd_advise: right.fdAdvise,
  fd_allocate: right.fdAllocate,
  fd_close: none,
  fd_datasync: right.fdDatasync | right.fdSync,
  fd_fdstat_get: none,
  fd_fdstat_set_flags: right.fdFdstatSetFlags,
  fd_filestat_get: right.fdFilestatGet,
  fd_filestat_set_size: right.fdFilestatSetSize,
  fd_filestat_set_times: right.fdFilestatSetTimes,
  fd_pread: right.fdRead | right.fdSeek,
  fd_prestat_get: none,
  fd_prestat_dir_name: none,
  fd_pwrite: right.fdWrite | right.fdSeek,
  fd_read: right.fdRead,
  fd_readdir: right.fdReaddir,
  fd_renumber: none,
  fd_seek: right.fdSeek | right.fdTell,
  fd_sync: right.fdSync,
  fd_tell: right.fdTell | right.fdSeek,
  fd_write: right.fdWrite,
  path_create_directory: right.pathCreateDirectory,
  path_filestat_get: right.pathFilestatGet,
  path_filestat_set_times: right.pathFilestatSetTimes,
  path_open: right.pathOpen | right.pathCreateFile | right.pathFilestatSetSize,
  path_readlink: right.pathReadlink,
  path_remove_directory: right.pathRemoveDirectory,
  path_symlink: right.pathSymlink,
  path_unlink_file: right.pathUnlinkFile,
  proc_exit: none,
  proc_raise: none,
  sched_yield: none,
  sock_accept: right.sockAccept,
  sock_recv: right.fdRead,
  sock_send: right.fdWrite,
  sock_shutdown: right.sockShutdown,
};

/** Rights that must be handed on to what is opened. */
const handedOn: Readonly<Record<string, number>> = {
  path_open: right.fdRead | right.fdWrite | right.fdSync | right.fdDatasync,
};

/** Functions that name two descriptors, or none. */
const wide: Readonly<Record<string, (ledger: UseMarks) => void>> = {
  path_link: (ledger) => ledger.perhapsOfAll(linkBoth),
  path_rename: (ledger) => ledger.perhapsOfAll(renameBoth),
  poll_oneoff: (ledger) => {
    ledger.perhapsOfAll(polled);
    ledger.perhaps(ledger.service(serviceSlot.timers), useRight.use);
  },
  clock_time_get: readsClock,
  clock_res_get: readsClock,
  random_get: (ledger) => ledger.perhaps(ledger.service(serviceSlot.entropy), useRight.use),
};

function readsClock(ledger: UseMarks): void {
  ledger.perhaps(ledger.service(serviceSlot.realtimeClock), useRight.use);
  ledger.perhaps(ledger.service(serviceSlot.monotonicClock), useRight.use);
}

/** Asks for rights to be kept: which, the log does not say. */
const NARROWING = "fd_fdstat_set_rights";

export function markRefusal(ledger: UseMarks, event: Refused): void {
  const name = callName(event.function);
  const special = Object.hasOwn(wide, name) ? wide[name] : undefined;
  if (special !== undefined) return special(ledger);
  if (Object.hasOwn(foldosRefusals, name))
    return ledger.perhapsOfAll(foldosRefusals[name as keyof typeof foldosRefusals]);
  const held = ledger.inSlot(event.slot);
  if (name === NARROWING) return ledger.perhaps(held, held?.rights ?? 0, held?.inheriting ?? 0);
  // A function that only a newer Foldos has.
  if (!Object.hasOwn(onDescriptor, name)) return ledger.perhapsOfAll(anything);
  ledger.perhaps(held, onDescriptor[name] ?? 0, handedOn[name] ?? 0);
}
