/** Calls that need no right, calls on several descriptors, and calls on what the machine does not have. */
import type { Request, Subscription } from "../../reducers/decide/request.ts";
import { handing, on, type RightsRow, type SceneObject } from "./rights-row.ts";
import { bitsOf, type SpecRight } from "./spec-rights.ts";

const free = (form: string, request: Request): RightsRow => ({
  call: request.call,
  form,
  through: [],
  request: () => request,
});

/** What a process has without a descriptor. A machine may withhold clocks, timers and chance: services.test.ts. */
const freeRows: readonly RightsRow[] = [
  free("", { call: "args_get" }),
  free("", { call: "args_sizes_get" }),
  free("", { call: "environ_get" }),
  free("", { call: "environ_sizes_get" }),
  free("of the wall", { call: "clock_res_get", clock: 0 }),
  free("of the wall", { call: "clock_time_get", clock: 0 }),
  free("", { call: "random_get", size: 8 }),
  free("", { call: "sched_yield" }),
  free("", { call: "proc_exit", code: 1 }),
  free("of SIGABRT", { call: "proc_raise", signal: 6 }),
  free("of a clock", {
    call: "poll_oneoff",
    subscriptions: [{ kind: "clock", clock: 1, timeoutMicros: 0, isAbsolute: false }],
  }),
];

const subscribed = (kind: "read" | "write", ...fds: readonly number[]): Request => ({
  call: "poll_oneoff",
  subscriptions: fds.map((fd): Subscription => ({ kind, fd })),
});

const polling = (kind: "read" | "write", ...objects: readonly SceneObject[]): RightsRow => ({
  call: "poll_oneoff",
  form: `to ${kind} a ${objects.join(" and a ")}`,
  through: objects.map((object) => on(object, `fd_${kind}`, "poll_fd_readwrite")),
  request: (...fds) => subscribed(kind, ...fds),
});

/** poll_fd_readwrite: "if fd_read is set, includes the right to invoke poll_oneoff to subscribe to eventtype::fd_read"; so with write. */
const pollRows: readonly RightsRow[] = [
  ...(["file", "input", "pipe reader", "null"] as const).map((object) => polling("read", object)),
  ...(["file", "output", "pipe writer", "null"] as const).map((object) => polling("write", object)),
  polling("read", "file", "pipe reader"),
  polling("write", "pipe writer", "file"),
];

const narrowing = (
  form: string,
  rights: readonly SpecRight[],
  inheriting: readonly SpecRight[],
): RightsRow => ({
  call: "fd_fdstat_set_rights",
  form,
  through: [handing(on("directory", ...rights), ...inheriting)],
  atOnce: true,
  request: (fd) => ({
    call: "fd_fdstat_set_rights",
    fd: fd as number,
    rights: bitsOf(rights),
    inheriting: bitsOf(inheriting),
    hasUnknown: false,
  }),
});

/** "Can only be used to remove rights, and returns errno::notcapable if called in a way that would attempt to add rights." */
const narrowingRows: readonly RightsRow[] = [
  narrowing("to nothing", [], []),
  narrowing("to some", ["path_open", "fd_readdir"], []),
  narrowing("to some that are handed on", [], ["fd_read", "fd_write"]),
  narrowing("to some of both", ["path_open", "path_unlink_file"], ["fd_read", "path_open"]),
];

const NOTSOCK = 57;

/**
 * There are no sockets to be had, so there is nothing that the rights to accept, receive (fd_read), send (fd_write) and shut down
 * could be of: what any other descriptor answers is ENOTSOCK, with or without them (official suite, sock_shutdown-not_sock).
 */
export const noSockets: readonly RightsRow[] = (
  ["sock_accept", "sock_recv", "sock_send", "sock_shutdown"] as const
).flatMap((call) =>
  (["file", "directory", "input", "pipe reader"] as const).map(
    (object): RightsRow => ({
      call,
      form: `of a ${object}`,
      through: [on(object)],
      always: NOTSOCK,
      request: (fd) => ({ call, fd: fd as number }),
    }),
  ),
);

/**
 * What is asked of path_open beyond fd_read and fd_write, and may not be handed on, is left out of the new descriptor in silence,
 * where the text allows that only for rights "that do not apply to the type of file being opened": Rust's std asks for all rights at
 * once, of read-only directories too, and says of hosts that they "may give us fewer rights silently". Wasmtime does so.
 */
export const otherRightsAreLeftOut: readonly SpecRight[] = [
  "fd_datasync",
  "fd_seek",
  "fd_fdstat_set_flags",
  "fd_sync",
  "fd_tell",
  "fd_advise",
  "fd_allocate",
  "fd_filestat_get",
  "fd_filestat_set_size",
  "fd_filestat_set_times",
  "poll_fd_readwrite",
];

export const otherRows: readonly RightsRow[] = [...freeRows, ...pollRows, ...narrowingRows, ...noSockets];
