/** WASI preview 1: the path_* calls. */
import { errno } from "../../core/errno.ts";
import { get } from "../../core/table.ts";
import { encodeUtf8, readUtf8 } from "../../core/utf8.ts";
import { MAX_PATH_BYTES } from "../../reducers/decide/resolve-path.ts";
import { CallRefused, type GuestMemory } from "../guest-memory.ts";
import { rightsArgument } from "./descriptor-calls.ts";
import { FILESTAT_BYTES, parseTimes, writeFilestat } from "./filestat.ts";
import { i32, nothing, type RawArguments, type WasiCalls } from "./wasi-call.ts";

/** WASI `lookupflags`. */
const SYMLINK_FOLLOW = 1;

/** A path from pointer and length, two arguments from the index on. */
export function pathArgument(memory: GuestMemory, args: RawArguments, index: number): string {
  const length = i32(args, index + 1);
  const start = memory.within(i32(args, index), length);
  if (length > MAX_PATH_BYTES) throw new CallRefused(errno.nametoolong);
  const text = readUtf8(memory.bytes, start, start + length);
  if (text === null) throw new CallRefused(errno.ilseq);
  return text;
}

function follows(args: RawArguments, index: number): boolean {
  const lookupflags = i32(args, index);
  if (lookupflags > SYMLINK_FOLLOW) throw new CallRefused(errno.inval);
  return lookupflags === SYMLINK_FOLLOW;
}

const onPath = (call: "path_create_directory" | "path_remove_directory" | "path_unlink_file") => ({
  parameters: "iii",
  parse: (memory: GuestMemory, args: RawArguments) => ({
    call,
    fd: i32(args, 0),
    path: pathArgument(memory, args, 1),
  }),
  reply: nothing,
});

export const pathCalls: WasiCalls = {
  path_create_directory: onPath("path_create_directory"),
  path_remove_directory: onPath("path_remove_directory"),
  path_unlink_file: onPath("path_unlink_file"),
  path_filestat_get: {
    parameters: "iiiii",
    parse: (memory, args) => {
      memory.within(i32(args, 4), FILESTAT_BYTES);
      return {
        call: "path_filestat_get",
        fd: i32(args, 0),
        follow: follows(args, 1),
        path: pathArgument(memory, args, 2),
      };
    },
    reply: (memory, args, answer) => {
      if (answer.event.type === "file/examined")
        writeFilestat(memory, i32(args, 4), answer.state, answer.event.inode);
    },
  },
  path_filestat_set_times: {
    parameters: "iiiilli",
    parse: (memory, args) => ({
      call: "path_filestat_set_times",
      fd: i32(args, 0),
      follow: follows(args, 1),
      path: pathArgument(memory, args, 2),
      ...parseTimes(args, 4),
    }),
    reply: nothing,
  },
  path_link: {
    parameters: "iiiiiii",
    parse: (memory, args) => ({
      call: "path_link",
      fd: i32(args, 0),
      follow: follows(args, 1),
      path: pathArgument(memory, args, 2),
      toFd: i32(args, 4),
      toPath: pathArgument(memory, args, 5),
    }),
    reply: nothing,
  },
  path_open: {
    parameters: "iiiiillii",
    parse: (memory, args) => {
      memory.within(i32(args, 8), 4);
      return {
        call: "path_open",
        fd: i32(args, 0),
        follow: follows(args, 1),
        path: pathArgument(memory, args, 2),
        oflags: i32(args, 4),
        rights: rightsArgument(args, 5),
        inheriting: rightsArgument(args, 6),
        fdflags: i32(args, 7),
      };
    },
    reply: (memory, args, answer) => {
      if (answer.event.type === "file/opened") memory.setU32(i32(args, 8), answer.event.slot);
    },
  },
  path_readlink: {
    parameters: "iiiiii",
    parse: (memory, args) => {
      memory.within(i32(args, 3), i32(args, 4));
      memory.within(i32(args, 5), 4);
      return { call: "path_readlink", fd: i32(args, 0), path: pathArgument(memory, args, 1) };
    },
    reply: (memory, args, answer) => {
      if (answer.event.type !== "symlink/read") return;
      const target = encodeUtf8(get(answer.state.files.inodes, answer.event.inode).target).subarray(
        0,
        i32(args, 4),
      );
      memory.bytes.set(target, i32(args, 3));
      memory.setU32(i32(args, 5), target.length);
    },
  },
  path_rename: {
    parameters: "iiiiii",
    parse: (memory, args) => ({
      call: "path_rename",
      fd: i32(args, 0),
      path: pathArgument(memory, args, 1),
      toFd: i32(args, 3),
      toPath: pathArgument(memory, args, 4),
    }),
    reply: nothing,
  },
  path_symlink: {
    parameters: "iiiii",
    parse: (memory, args) => ({
      call: "path_symlink",
      target: pathArgument(memory, args, 0),
      fd: i32(args, 2),
      path: pathArgument(memory, args, 3),
    }),
    reply: nothing,
  },
};
