/**
 * What a guest can ask, judged and typed: the calls of WASI preview 1 as they are after their bytes were parsed. Offsets and
 * sizes are safe integers (what lies beyond is clamped to the largest), rights are sets of 30 bits, paths are text. What is asked beside
 * WASI is in foldos-request.ts.
 */
import type { FoldosRequest } from "./foldos-request.ts";

export interface TimesRequest {
  /** 64-bit nanoseconds in two parts. */
  readonly accessedSeconds: number;
  readonly accessedNanos: number;
  readonly modifiedSeconds: number;
  readonly modifiedNanos: number;
  /** WASI `fstflags`: 1 set atime, 2 atime now, 4 set mtime, 8 mtime now. */
  readonly fstflags: number;
}

export type Subscription =
  | {
      readonly kind: "clock";
      readonly clock: number;
      readonly timeoutMicros: number;
      readonly isAbsolute: boolean;
    }
  | { readonly kind: "read" | "write"; readonly fd: number };

export type Request =
  | FoldosRequest
  | { readonly call: "args_get" | "args_sizes_get" | "environ_get" | "environ_sizes_get" | "sched_yield" }
  | { readonly call: "clock_res_get" | "clock_time_get"; readonly clock: number }
  | { readonly call: "random_get"; readonly size: number }
  | { readonly call: "proc_exit"; readonly code: number }
  | { readonly call: "proc_raise"; readonly signal: number }
  | { readonly call: "fd_read" | "fd_write"; readonly fd: number; readonly size: number }
  | {
      readonly call: "fd_pread" | "fd_pwrite";
      readonly fd: number;
      readonly size: number;
      readonly offset: number;
    }
  | {
      readonly call:
        | "fd_close"
        | "fd_datasync"
        | "fd_sync"
        | "fd_fdstat_get"
        | "fd_filestat_get"
        | "fd_prestat_get"
        | "fd_tell"
        | "sock_accept"
        | "sock_recv"
        | "sock_send"
        | "sock_shutdown";
      readonly fd: number;
    }
  | { readonly call: "fd_prestat_dir_name"; readonly fd: number; readonly size: number }
  | {
      readonly call: "fd_advise";
      readonly fd: number;
      readonly offset: number;
      readonly size: number;
      readonly advice: number;
    }
  | { readonly call: "fd_allocate"; readonly fd: number; readonly offset: number; readonly size: number }
  | { readonly call: "fd_fdstat_set_flags"; readonly fd: number; readonly flags: number }
  | {
      readonly call: "fd_fdstat_set_rights";
      readonly fd: number;
      readonly rights: number;
      readonly inheriting: number;
      /** Whether bits were asked for that are no right of preview 1. */
      readonly hasUnknown: boolean;
    }
  | { readonly call: "fd_filestat_set_size"; readonly fd: number; readonly size: number }
  | ({ readonly call: "fd_filestat_set_times"; readonly fd: number } & TimesRequest)
  | { readonly call: "fd_readdir"; readonly fd: number; readonly cookie: number }
  | { readonly call: "fd_renumber"; readonly fd: number; readonly to: number }
  | { readonly call: "fd_seek"; readonly fd: number; readonly offset: number; readonly whence: number }
  | {
      readonly call: "path_create_directory" | "path_remove_directory" | "path_unlink_file";
      readonly fd: number;
      readonly path: string;
    }
  | { readonly call: "path_readlink"; readonly fd: number; readonly path: string }
  | {
      readonly call: "path_filestat_get";
      readonly fd: number;
      readonly path: string;
      readonly follow: boolean;
    }
  | ({
      readonly call: "path_filestat_set_times";
      readonly fd: number;
      readonly path: string;
      readonly follow: boolean;
    } & TimesRequest)
  | {
      readonly call: "path_link";
      readonly fd: number;
      readonly path: string;
      readonly follow: boolean;
      readonly toFd: number;
      readonly toPath: string;
    }
  | {
      readonly call: "path_rename";
      readonly fd: number;
      readonly path: string;
      readonly toFd: number;
      readonly toPath: string;
    }
  | { readonly call: "path_symlink"; readonly target: string; readonly fd: number; readonly path: string }
  | {
      readonly call: "path_open";
      readonly fd: number;
      readonly path: string;
      readonly follow: boolean;
      /** WASI `oflags`: 1 create, 2 directory, 4 exclusive, 8 truncate. */
      readonly oflags: number;
      readonly rights: number;
      readonly inheriting: number;
      readonly fdflags: number;
    }
  | { readonly call: "poll_oneoff"; readonly subscriptions: readonly Subscription[] };

type CallName = Request["call"];
export type RequestOf<Call extends CallName> = Request extends infer Each
  ? Each extends { readonly call: infer Calls }
    ? Call extends Calls
      ? Each
      : never
    : never
  : never;
