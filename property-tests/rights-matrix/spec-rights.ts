/**
 * The rights of WASI preview 1 in the order of their bits, as `typenames.witx` lists them. Written down once more, so that the
 * matrix shares nothing with the kernel that it judges, not even a number.
 */
export const specRights = [
  "fd_datasync",
  "fd_read",
  "fd_seek",
  "fd_fdstat_set_flags",
  "fd_sync",
  "fd_tell",
  "fd_write",
  "fd_advise",
  "fd_allocate",
  "path_create_directory",
  "path_create_file",
  "path_link_source",
  "path_link_target",
  "path_open",
  "fd_readdir",
  "path_readlink",
  "path_rename_source",
  "path_rename_target",
  "path_filestat_get",
  "path_filestat_set_size",
  "path_filestat_set_times",
  "fd_filestat_get",
  "fd_filestat_set_size",
  "fd_filestat_set_times",
  "path_symlink",
  "path_remove_directory",
  "path_unlink_file",
  "poll_fd_readwrite",
  "sock_shutdown",
  "sock_accept",
] as const;

export type SpecRight = (typeof specRights)[number];

export const ALL_SPEC_RIGHTS = 2 ** specRights.length - 1;

export const bitOf = (right: SpecRight): number => 1 << specRights.indexOf(right);

export const bitsOf = (rights: readonly SpecRight[]): number =>
  rights.reduce((bits, right) => bits | bitOf(right), 0);
