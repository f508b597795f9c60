/**
 * Rights as WASI preview 1 numbers them (typenames.witx, `$rights`), and those of kernel objects as docs/capabilities.md does: written
 * out once more, because a checker that took the kernel's own table would believe its mistakes.
 */
const order = [
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

export type WasiRight = (typeof order)[number];

/** The set of the rights with these names. */
export const bits = (...names: readonly WasiRight[]): number =>
  names.reduce((set, name) => set | (1 << order.indexOf(name)), 0);

/** The names of the rights in a set, as the specification spells them. */
export const bitNames = (set: number): readonly WasiRight[] =>
  order.filter((_, place) => (set & (1 << place)) !== 0);

export const objectBits = {
  endpoint: { send: 1, receive: 2, grant: 4, grantReply: 8 },
  notification: { signal: 1, wait: 2 },
  reply: { reply: 1, grant: 4 },
  process: { examine: 1, end: 2, schedule: 4 },
  program: { spawn: 1 },
  interrupt: { handle: 1 },
  context: { bind: 1, configure: 2 },
  timer: { arm: 1 },
  budget: { spend: 1, split: 2, examine: 4 },
  table: { fetch: 1, store: 2 },
  brand: { seal: 1, unseal: 2 },
  membrane: { wrap: 1, revoke: 2 },
  use: 1,
} as const;

/** What is left of the rights of a weak capability: to look, and to change nothing. */
const weakBits: Readonly<Record<string, number>> = {
  clock: objectBits.use,
  entropy: objectBits.use,
  timers: objectBits.use,
  console: bits("fd_filestat_get", "poll_fd_readwrite"),
  "pipe-reader": bits("fd_filestat_get", "poll_fd_readwrite"),
  "pipe-writer": bits("fd_filestat_get", "poll_fd_readwrite"),
  process: objectBits.process.examine,
  budget: objectBits.budget.examine,
  table: objectBits.table.fetch,
};
const wasiKinds: ReadonlySet<string> = new Set(["file", "console", "pipe-reader", "pipe-writer", "null"]);
const weakWasi = bits(
  "fd_read",
  "fd_seek",
  "fd_tell",
  "fd_advise",
  "path_open",
  "fd_readdir",
  "path_readlink",
  "path_filestat_get",
  "fd_filestat_get",
  "poll_fd_readwrite",
);

export const weakBitsOf = (object: string): number =>
  weakBits[object] ?? (wasiKinds.has(object) ? weakWasi : 0);

/** The names of the rights in a set, of a capability to such an object. */
export function bitWords(object: string, set: number): readonly string[] {
  if (wasiKinds.has(object)) return bitNames(set);
  const own = (objectBits as Readonly<Record<string, number | Readonly<Record<string, number>>>>)[object];
  const named = typeof own === "object" ? own : { use: objectBits.use };
  return Object.entries(named).flatMap(([name, bit]) => ((set & bit) === 0 ? [] : [name]));
}
