/** Calls on paths, and what each needs of the directories that it names, by `typenames.witx`. */
import type { Request } from "../../reducers/decide/request.ts";
import { handing, on, type Need, type RightsRow } from "./rights-row.ts";
import { bitsOf, type SpecRight } from "./spec-rights.ts";

type CallAt = Extract<Request, { readonly fd: number; readonly path: string }>;
type Rest<Call> = Call extends CallAt ? Omit<Call, "fd"> : never;

function row(form: string, rest: Rest<CallAt>, ...rights: readonly Need[]): RightsRow {
  return {
    call: rest.call,
    form,
    through: [on("directory", ...rights)],
    request: (fd) => ({ ...rest, fd: fd as number }) as Request,
  };
}

const times = {
  accessedSeconds: 1,
  accessedNanos: 0,
  modifiedSeconds: 1,
  modifiedNanos: 0,
  fstflags: 5,
} as const;

/** Rights that are not the name of their call have one for each directory: "as the source directory", "as the target directory". */
const nameRows: readonly RightsRow[] = [
  row("of a new name", { call: "path_create_directory", path: "new" }, "path_create_directory"),
  row("of a link, followed", { call: "path_filestat_get", path: "l", follow: true }, "path_filestat_get"),
  row("of a link itself", { call: "path_filestat_get", path: "l", follow: false }, "path_filestat_get"),
  row(
    "of a file",
    { call: "path_filestat_set_times", path: "f", follow: true, ...times },
    "path_filestat_set_times",
  ),
  row("of a link", { call: "path_readlink", path: "l" }, "path_readlink"),
  row("of an empty one", { call: "path_remove_directory", path: "d" }, "path_remove_directory"),
  row("of a file", { call: "path_unlink_file", path: "f" }, "path_unlink_file"),
  {
    call: "path_symlink",
    form: "of a new name",
    through: [on("directory", "path_symlink")],
    request: (fd) => ({ call: "path_symlink", target: "f", fd: fd as number, path: "new" }),
  },
  {
    call: "path_link",
    form: "from a directory into another",
    through: [on("directory", "path_link_source"), on("other directory", "path_link_target")],
    request: (fd, toFd) => ({
      call: "path_link",
      fd: fd as number,
      path: "f",
      follow: false,
      toFd: toFd as number,
      toPath: "new",
    }),
  },
  {
    call: "path_rename",
    form: "from a directory into another",
    through: [on("directory", "path_rename_source"), on("other directory", "path_rename_target")],
    request: (fd, toFd) => ({
      call: "path_rename",
      fd: fd as number,
      path: "f",
      toFd: toFd as number,
      toPath: "new",
    }),
  },
];

interface Opening {
  readonly path?: string;
  readonly oflags?: number;
  readonly fdflags?: number;
  readonly asks?: readonly SpecRight[];
}

const creat = { oflags: 1 } as const;
const dsync = 2;
const rsync = 8;
const sync = 16;

function opening(
  form: string,
  { path = "f", oflags = 0, fdflags = 0, asks = [] }: Opening,
  rights: readonly Need[] = [],
  inheriting: readonly Need[] = [],
): RightsRow {
  const rest = { call: "path_open", path, follow: true, oflags, fdflags } as const;
  return {
    call: "path_open",
    form,
    through: [handing(on("directory", "path_open", ...rights), ...inheriting)],
    request: (fd) => ({ ...rest, fd: fd as number, rights: bitsOf(asks), inheriting: 0 }),
  };
}

/**
 * path_create_file: "the right to invoke path_open with oflags::creat"; path_filestat_set_size "with oflags::trunc"; fd_datasync
 * "with fdflags::dsync"; fd_sync "with fdflags::rsync and fdflags::dsync".
 *
 * The inheriting rights are "the maximum set of rights that may be installed on new file descriptors": to ask for fd_read or
 * fd_write beyond them is refused (`otherRightsAreLeftOut` for the rest). The rights to synchronise are those of the new descriptor,
 * so they are looked for there too: uvwasi does so, and so the official suite has it (path_filestat opens with fdflags::sync below a
 * directory that has fd_sync among its inheriting rights alone). That fdflags::sync needs fd_sync, of which the text does not speak,
 * is from uvwasi too.
 */
const openRows: readonly RightsRow[] = [
  opening("of a file", {}),
  opening("of a directory", { path: "d", oflags: 2 }),
  opening("of a new file", { path: "new", ...creat }, ["path_create_file"]),
  opening("of a new file that must be new", { path: "new", oflags: 5 }, ["path_create_file"]),
  opening("with oflags::creat of what is there", creat, ["path_create_file"]),
  opening("with oflags::trunc", { oflags: 8 }, ["path_filestat_set_size"]),
  opening("with both", { oflags: 9 }, ["path_create_file", "path_filestat_set_size"]),
  opening("to read", { asks: ["fd_read"] }, [], ["fd_read"]),
  opening("to write", { asks: ["fd_write"] }, [], ["fd_write"]),
  opening(
    "to read and write a new file",
    { path: "new", ...creat, asks: ["fd_read", "fd_write"] },
    ["path_create_file"],
    ["fd_read", "fd_write"],
  ),
  opening("with fdflags::append and nonblock", { fdflags: 5 }),
  opening("with fdflags::dsync", { fdflags: dsync }, [], [["fd_datasync", "fd_sync"]]),
  opening("with fdflags::rsync", { fdflags: rsync }, [], ["fd_sync"]),
  opening("with fdflags::sync", { fdflags: sync }, [], ["fd_sync"]),
  opening("with fdflags::dsync and rsync", { fdflags: dsync | rsync }, [], ["fd_sync"]),
  opening(
    "to write a new file, synchronised",
    { path: "new", oflags: 9, fdflags: sync | dsync, asks: ["fd_write"] },
    ["path_create_file", "path_filestat_set_size"],
    ["fd_write", "fd_sync"],
  ),
];

export const pathRows: readonly RightsRow[] = [...nameRows, ...openRows];
