/**
 * Calls on a descriptor, and what each needs by `typenames.witx`, whose words on a right stand where they say more than that it
 * is "the right to invoke" the call of that name.
 */
import type { Request } from "../../reducers/decide/request.ts";
import { on, type Need, type RightsRow, type SceneObject } from "./rights-row.ts";

type CallOn = Extract<Request, { readonly fd: number }>;
/** A call's arguments but for its descriptor. */
type Rest<Call> = Call extends CallOn ? Omit<Call, "fd"> : never;

function row(form: SceneObject, rest: Rest<CallOn>, ...rights: readonly Need[]): RightsRow {
  return {
    call: rest.call,
    form: `of a ${form}`,
    through: [on(form, ...rights)],
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

const everyObject = [
  "file",
  "directory",
  "input",
  "output",
  "pipe reader",
  "pipe writer",
  "null",
] as const satisfies readonly SceneObject[];

/** "If fd_seek is set, includes the right to invoke fd_pread", and fd_pwrite. */
const transferRows: readonly RightsRow[] = [
  ...(["file", "input", "pipe reader", "null"] as const).map((object) =>
    row(object, { call: "fd_read", size: 4 }, "fd_read"),
  ),
  ...(["file", "output", "pipe writer", "null"] as const).map((object) =>
    row(object, { call: "fd_write", size: 4 }, "fd_write"),
  ),
  row("file", { call: "fd_pread", size: 4, offset: 2 }, "fd_read", "fd_seek"),
  row("file", { call: "fd_pwrite", size: 4, offset: 2 }, "fd_write", "fd_seek"),
];

const seeking = (form: string, offset: number, whence: number, need: Need): RightsRow => ({
  ...row("file", { call: "fd_seek", offset, whence }, need),
  form,
});

/** fd_seek "implies fd_tell", which is the right "to invoke fd_seek in such a way that the file offset remains unaltered". */
const placeRows: readonly RightsRow[] = [
  seeking("from the start", 3, 0, "fd_seek"),
  seeking("from where it is", 1, 1, "fd_seek"),
  seeking("to the end", 0, 2, "fd_seek"),
  seeking("to where it is", 0, 1, ["fd_tell", "fd_seek"]),
  row("file", { call: "fd_tell" }, ["fd_tell", "fd_seek"]),
];

/** There is no fd_sync of what is no file; everything has flags, which of a console or a pipe are kept by nobody. */
const attributeRows: readonly RightsRow[] = [
  row("file", { call: "fd_advise", offset: 0, size: 4, advice: 0 }, "fd_advise"),
  row("file", { call: "fd_allocate", offset: 0, size: 20 }, "fd_allocate"),
  row("file", { call: "fd_filestat_set_size", size: 5 }, "fd_filestat_set_size"),
  row("directory", { call: "fd_readdir", cookie: 0 }, "fd_readdir"),
  ...(["file", "directory"] as const).flatMap((object) => [
    row(object, { call: "fd_datasync" }, "fd_datasync"),
    row(object, { call: "fd_sync" }, "fd_sync"),
    row(object, { call: "fd_filestat_set_times", ...times }, "fd_filestat_set_times"),
  ]),
  ...everyObject.flatMap((object) => [
    row(object, { call: "fd_filestat_get" }, "fd_filestat_get"),
    row(object, { call: "fd_fdstat_set_flags", flags: 1 }, "fd_fdstat_set_flags"),
  ]),
];

/** What anybody may do who has the descriptor: look at its rights and name, give it up, put it elsewhere. */
const freeRows: readonly RightsRow[] = [
  ...everyObject.flatMap((object) => [
    row(object, { call: "fd_fdstat_get" }),
    row(object, { call: "fd_close" }),
  ]),
  row("directory", { call: "fd_prestat_get" }),
  row("directory", { call: "fd_prestat_dir_name", size: 64 }),
  {
    call: "fd_renumber",
    form: "of a file to a directory",
    through: [on("file"), on("directory")],
    request: (fd, to) => ({ call: "fd_renumber", fd: fd as number, to: to as number }),
  },
];

export const descriptorRows: readonly RightsRow[] = [
  ...transferRows,
  ...placeRows,
  ...attributeRows,
  ...freeRows,
];
