/** Calls as properties draw them: plain data, with descriptors chosen when the call is made from those that are held then. */

/** A descriptor: the nth held one of a kind, in turns; or the number itself. */
export type Pick = readonly ["file" | "directory" | "any" | "number", number];

export interface SubscriptionSpec {
  readonly kind: "clock" | "read" | "write";
  /** A descriptor, or a clock's number. */
  readonly of: Pick;
  readonly nanos: number;
  readonly isAbsolute: boolean;
}

interface Times {
  readonly accessed: number;
  readonly modified: number;
  readonly fstflags: number;
}

export type CallSpec =
  | {
      readonly call: "args_get" | "args_sizes_get" | "environ_get" | "environ_sizes_get" | "sched_yield";
    }
  | { readonly call: "clock_res_get" | "clock_time_get"; readonly clock: number }
  | { readonly call: "random_get"; readonly size: number }
  | { readonly call: "proc_exit" | "proc_raise"; readonly code: number }
  | {
      readonly call: "fd_read" | "fd_write" | "fd_pread" | "fd_pwrite";
      readonly fd: Pick;
      readonly sizes: readonly number[];
      readonly fill: number;
      /** Of pread and pwrite. */
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
      readonly fd: Pick;
    }
  | { readonly call: "fd_prestat_dir_name"; readonly fd: Pick; readonly size: number }
  | {
      readonly call: "fd_advise";
      readonly fd: Pick;
      readonly offset: number;
      readonly size: number;
      readonly advice: number;
    }
  | { readonly call: "fd_allocate"; readonly fd: Pick; readonly offset: number; readonly size: number }
  | { readonly call: "fd_fdstat_set_flags"; readonly fd: Pick; readonly flags: number }
  | {
      readonly call: "fd_fdstat_set_rights";
      readonly fd: Pick;
      readonly rights: number;
      readonly inheriting: number;
    }
  | { readonly call: "fd_filestat_set_size"; readonly fd: Pick; readonly size: number }
  | ({ readonly call: "fd_filestat_set_times"; readonly fd: Pick } & Times)
  | { readonly call: "fd_readdir"; readonly fd: Pick; readonly cookie: number; readonly size: number }
  | { readonly call: "fd_renumber"; readonly fd: Pick; readonly to: Pick }
  | { readonly call: "fd_seek"; readonly fd: Pick; readonly offset: number; readonly whence: number }
  | {
      readonly call: "path_create_directory" | "path_remove_directory" | "path_unlink_file";
      readonly fd: Pick;
      readonly path: string;
    }
  | { readonly call: "path_readlink"; readonly fd: Pick; readonly path: string; readonly size: number }
  | { readonly call: "path_filestat_get"; readonly fd: Pick; readonly path: string; readonly follow: number }
  | ({
      readonly call: "path_filestat_set_times";
      readonly fd: Pick;
      readonly path: string;
      readonly follow: number;
    } & Times)
  | {
      readonly call: "path_link" | "path_rename";
      readonly fd: Pick;
      readonly path: string;
      readonly toFd: Pick;
      readonly toPath: string;
      /** Of path_link. */
      readonly follow: number;
    }
  | { readonly call: "path_symlink"; readonly target: string; readonly fd: Pick; readonly path: string }
  | {
      readonly call: "path_open";
      readonly fd: Pick;
      readonly path: string;
      readonly follow: number;
      readonly oflags: number;
      readonly rights: number;
      readonly inheriting: number;
      readonly fdflags: number;
    }
  | { readonly call: "poll_oneoff"; readonly subscriptions: readonly SubscriptionSpec[] };

export type SpecOf<Call extends CallSpec["call"]> = CallSpec extends infer Each
  ? Each extends { readonly call: infer Calls }
    ? Call extends Calls
      ? Each
      : never
    : never
  : never;

/** What happens to a machine, one after the other. */
export type Step =
  /** The guest makes a call; `spoilt` is the argument that is no pointer, -1 for none. */
  | { readonly do: "call"; readonly call: CallSpec; readonly spoilt: number }
  /** So many bytes arrive at the console; none is the end of input. */
  | { readonly do: "input"; readonly size: number }
  /** What happened so far becomes durable, and its effects are released. */
  | { readonly do: "release" };
