/** Requests made of numbers: each call of WASI that capabilities matter to, and those of `foldos`. */
import { allRightsOf } from "../../core/object-rights.ts";
import { capabilityIn } from "../../reducers/capabilities/capability-selectors.ts";
import type { Request } from "../../reducers/decide/request.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { AuthorityStep } from "./authority-machine.ts";

interface Numbers {
  readonly fd: number;
  readonly toFd: number;
  readonly path: string;
  readonly toPath: string;
  readonly mask: number;
  readonly one: number;
  readonly other: number;
}

const SLOTS = 16;
const paths = ["a", "b", "d", "d/a", "d/e", "link", ".", "none/x"];
const times = { accessedSeconds: 1, accessedNanos: 0, modifiedSeconds: 2, modifiedNanos: 0 };

const wasi: readonly ((numbers: Numbers) => Request)[] = [
  ({ fd, one }) => ({ call: "fd_read", fd, size: one }),
  ({ fd, one }) => ({ call: "fd_write", fd, size: one }),
  ({ fd, one, other }) => ({ call: "fd_pread", fd, size: one, offset: other }),
  ({ fd, one, other }) => ({ call: "fd_pwrite", fd, size: one, offset: other }),
  ({ fd, one, other }) => ({ call: "fd_seek", fd, offset: one % 3, whence: other % 4 }),
  ({ fd }) => ({ call: "fd_tell", fd }),
  ({ fd }) => ({ call: "fd_sync", fd }),
  ({ fd }) => ({ call: "fd_datasync", fd }),
  ({ fd }) => ({ call: "fd_close", fd }),
  ({ fd }) => ({ call: "fd_fdstat_get", fd }),
  ({ fd }) => ({ call: "fd_filestat_get", fd }),
  ({ fd, one }) => ({ call: "fd_filestat_set_size", fd, size: one }),
  ({ fd, one, other }) => ({ call: "fd_allocate", fd, offset: one, size: other }),
  ({ fd, one }) => ({ call: "fd_advise", fd, offset: 0, size: 0, advice: one % 7 }),
  ({ fd, one }) => ({ call: "fd_fdstat_set_flags", fd, flags: one % 33 }),
  ({ fd, mask }) => ({ call: "fd_fdstat_set_rights", fd, rights: mask, inheriting: mask, hasUnknown: false }),
  ({ fd, one }) => ({ call: "fd_filestat_set_times", fd, fstflags: one % 16, ...times }),
  ({ fd }) => ({ call: "fd_readdir", fd, cookie: 0 }),
  ({ fd, toFd }) => ({ call: "fd_renumber", fd, to: toFd }),
  ({ fd, path }) => ({ call: "path_create_directory", fd, path }),
  ({ fd, path }) => ({ call: "path_remove_directory", fd, path }),
  ({ fd, path }) => ({ call: "path_unlink_file", fd, path }),
  ({ fd, path }) => ({ call: "path_readlink", fd, path }),
  ({ fd, path }) => ({ call: "path_filestat_get", fd, path, follow: true }),
  ({ fd, path, one }) => ({
    call: "path_filestat_set_times",
    fd,
    path,
    follow: true,
    fstflags: one % 16,
    ...times,
  }),
  ({ fd, path, toFd, toPath }) => ({ call: "path_link", fd, path, follow: false, toFd, toPath }),
  ({ fd, path, toFd, toPath }) => ({ call: "path_rename", fd, path, toFd, toPath }),
  ({ fd, path, toPath }) => ({ call: "path_symlink", target: toPath, fd, path }),
  (numbers) => pathOpen(numbers, 0),
  (numbers) => pathOpen(numbers, 1),
  (numbers) => pathOpen(numbers, 1),
  (numbers) => pathOpen(numbers, 2),
  (numbers) => pathOpen(numbers, numbers.one % 16),
  ({ one }) => ({ call: "clock_time_get", clock: one % 5 }),
  ({ one }) => ({ call: "clock_res_get", clock: one % 5 }),
  ({ one }) => ({ call: "random_get", size: one }),
  ({ fd, one }) => ({ call: "poll_oneoff", subscriptions: [polled(fd, one)] }),
];

function pathOpen({ fd, path, mask, other }: Numbers, oflags: number): Request {
  return {
    call: "path_open",
    fd,
    path,
    follow: true,
    oflags,
    rights: mask,
    inheriting: mask,
    fdflags: other % 33,
  };
}

const polled = (fd: number, one: number) =>
  one % 3 === 0
    ? ({ kind: "clock", clock: 1, timeoutMicros: one, isAbsolute: false } as const)
    : ({ kind: one % 3 === 1 ? "read" : "write", fd } as const);

const given = ({ toFd, mask, one }: Numbers) => (one % 2 === 0 ? [] : [{ slot: toFd, rights: mask }]);

const foldos: readonly ((numbers: Numbers) => Request)[] = [
  ({ fd }) => ({ call: "cap_copy", fd }),
  ({ fd }) => ({ call: "cap_weaken", fd }),
  ({ fd }) => ({ call: "cap_revoke", fd }),
  ({ fd }) => ({ call: "cap_examine", fd }),
  ({ fd, mask, one }) => ({ call: "cap_mint", fd, ...minted(mask, one) }),
  ({ fd, mask, one }) => ({ call: "cap_mutate", fd, ...minted(mask, one) }),
  ({ fd, one }) => ({ call: "cap_lease", fd, until: 0, uses: one % 4, withHolder: one % 2 === 0 }),
  ({ fd, toFd }) => ({ call: "cap_move", fd, to: toFd }),
  () => ({ call: "table_create", fd: 4 }),
  () => ({ call: "brand_create", fd: 4 }),
  () => ({ call: "membrane_create", fd: 4 }),
  () => ({ call: "endpoint_create", fd: 4 }),
  () => ({ call: "notification_create", fd: 4 }),
  ({ fd, one }) => ({ call: "table_fetch", fd, index: one % 4 }),
  ({ fd, toFd, one }) => ({ call: "table_store", fd, index: one % 4, stored: toFd }),
  ({ fd, toFd }) => ({ call: "cap_seal", fd, sealed: toFd, budget: 4 }),
  ({ fd, toFd }) => ({ call: "cap_unseal", fd, box: toFd }),
  ({ fd, toFd }) => ({ call: "cap_wrap", fd, wrapped: toFd }),
  ({ fd }) => ({ call: "notification_signal", fd }),
  ({ fd }) => ({ call: "notification_poll", fd }),
  (numbers) => ({ call: "ipc_send", fd: numbers.fd, mayWait: true, size: 1, given: given(numbers) }),
  (numbers) => ({ call: "ipc_call", fd: numbers.fd, size: 1, given: given(numbers), capacity: 9, slots: 2 }),
  ({ fd }) => ({ call: "ipc_receive", fd, mayWait: false, capacity: 9, slots: 2 }),
  (numbers) => ({ call: "ipc_reply", fd: numbers.fd, size: 1, given: given(numbers) }),
  ({ fd, one }) => ({ call: "ipc_cancel_badged", fd, badge: one % 3 }),
  ({ fd }) => ({ call: "budget_examine", fd }),
  ({ fd, one }) => ({ call: "budget_split", fd, sizeBytes: one * 10 }),
];

const minted = (mask: number, one: number) => ({
  rights: mask,
  inheriting: mask,
  hasUnknown: false,
  badge: one % 3,
});

/** Two requests of three are made through a slot that holds something of the right kind, so that most are not refused for that. */
export function requestOf(state: KernelState, { pid, call, one, other, mask }: AuthorityStep): Request {
  const calls = call % 2 === 0 ? wasi : foldos;
  const make = calls[Math.floor(call / 2) % calls.length] as (numbers: Numbers) => Request;
  const wanted = slotFor(state, pid, { start: one % SLOTS, make });
  const held = capabilityIn(state.capabilities, pid, wanted);
  return make({
    fd: wanted,
    toFd: other % SLOTS,
    path: paths[other % paths.length] as string,
    toPath: paths[one % paths.length] as string,
    mask: held === null ? mask : mask & (held.object === "file" ? -1 : allRightsOf(held.object)),
    one,
    other,
  });
}

const NOTHING: Numbers = { fd: 0, toFd: 0, path: "", toPath: "", mask: 0, one: 0, other: 0 };

const kinds: Readonly<Record<string, readonly string[]>> = {
  path: ["file"],
  table: ["table"],
  cap_seal: ["brand"],
  cap_unseal: ["brand"],
  cap_wrap: ["membrane"],
  notification: ["notification"],
  ipc_reply: ["reply"],
  ipc: ["endpoint"],
  budget: ["budget"],
};

/** The first slot from a place on that holds what the call is for; the place itself if there is none. */
function slotFor(
  state: KernelState,
  pid: number,
  { start, make }: { readonly start: number; readonly make: (numbers: Numbers) => Request },
): number {
  const { call } = make(NOTHING);
  const fitting = kinds[call] ?? kinds[call.split("_")[0] as string];
  if (fitting === undefined) return start;
  for (let step = 0; step < SLOTS; step += 1) {
    const slot = (start + step) % SLOTS;
    if (fitting.includes(capabilityIn(state.capabilities, pid, slot)?.object ?? "")) return slot;
  }
  return start;
}
