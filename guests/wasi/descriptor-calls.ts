/** WASI preview 1: the fd_* calls but those that move bytes. */
import { invariant } from "../../core/assert.ts";
import { errno } from "../../core/errno.ts";
import { allRights } from "../../core/rights.ts";
import { get } from "../../core/table.ts";
import { utf8Length, writeUtf8 } from "../../core/utf8.ts";
import { capabilityIn } from "../../reducers/capabilities/capability-selectors.ts";
import type { Capability } from "../../reducers/capabilities/capability-state.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { CallRefused, type GuestMemory } from "../guest-memory.ts";
import { FILESTAT_BYTES, parseTimes, writeFilestat, writeFilestatOfStream } from "./filestat.ts";
import { readdirReply } from "./readdir.ts";
import { type Answer, i32, nothing, s64, u64, type RawArguments, type WasiCalls } from "./wasi-call.ts";

const FDSTAT_BYTES = 24;
const PRESTAT_BYTES = 8;

const held = (answer: Answer, fd: number): Capability => {
  const capability = capabilityIn(answer.state.capabilities, answer.pid, fd);
  invariant(capability !== null, "what was examined is held");
  return capability;
};

/** WASI `filetype` of what a capability is of: a console is a character device if it is a terminal, and what holds nothing always is. */
function fileTypeOf(state: KernelState, capability: Capability): number {
  if (capability.object === "file")
    return get(state.files.inodes, get(state.files.opens, capability.target).inode).kind;
  if (capability.object === "null") return fileType.characterDevice;
  if (capability.object !== "console") return fileType.unknown;
  const { inputIsTerminal, outputIsTerminal, errorIsTerminal } = state.console;
  const isTerminal = [inputIsTerminal, outputIsTerminal, errorIsTerminal][capability.target];
  return isTerminal === true ? fileType.characterDevice : fileType.unknown;
}

function writeFdstat(memory: GuestMemory, args: RawArguments, answer: Answer): void {
  const capability = held(answer, i32(args, 0));
  const pointer = i32(args, 1);
  const isFile = capability.object === "file";
  memory.bytes.fill(0, pointer, pointer + FDSTAT_BYTES);
  memory.bytes[pointer] = fileTypeOf(answer.state, capability);
  memory.view.setUint16(
    pointer + 2,
    isFile ? get(answer.state.files.opens, capability.target).flags : 0,
    true,
  );
  memory.setU64(pointer + 8, capability.rights);
  memory.setU64(pointer + 16, capability.inheriting);
}

const onlyFd = (call: "fd_close" | "fd_datasync" | "fd_sync") => ({
  parameters: "i",
  parse: (_: GuestMemory, args: RawArguments) => ({ call, fd: i32(args, 0) }),
  reply: nothing,
});

/** Whether a set of rights has bits that are none. */
export const hasUnknownRights = (args: RawArguments, index: number): boolean =>
  (args[index] as bigint) >> 30n !== 0n;

/** A set of rights: bits that are no right of preview 1 are left out. */
export const rightsArgument = (args: RawArguments, index: number): number =>
  Number((args[index] as bigint) & BigInt(allRights));

export const descriptorCalls: WasiCalls = {
  fd_advise: {
    parameters: "illi",
    parse: (_, args) => ({
      call: "fd_advise",
      fd: i32(args, 0),
      offset: u64(args, 1),
      size: u64(args, 2),
      advice: i32(args, 3),
    }),
    reply: nothing,
  },
  fd_allocate: {
    parameters: "ill",
    parse: (_, args) => ({ call: "fd_allocate", fd: i32(args, 0), offset: u64(args, 1), size: u64(args, 2) }),
    reply: nothing,
  },
  fd_close: onlyFd("fd_close"),
  fd_datasync: onlyFd("fd_datasync"),
  fd_sync: onlyFd("fd_sync"),
  fd_fdstat_get: {
    parameters: "ii",
    parse: (memory, args) => {
      memory.within(i32(args, 1), FDSTAT_BYTES);
      return { call: "fd_fdstat_get", fd: i32(args, 0) };
    },
    reply: writeFdstat,
  },
  fd_fdstat_set_flags: {
    parameters: "ii",
    parse: (_, args) => ({ call: "fd_fdstat_set_flags", fd: i32(args, 0), flags: i32(args, 1) }),
    reply: nothing,
  },
  fd_fdstat_set_rights: {
    parameters: "ill",
    parse: (_, args) => ({
      call: "fd_fdstat_set_rights",
      fd: i32(args, 0),
      rights: rightsArgument(args, 1),
      inheriting: rightsArgument(args, 2),
      hasUnknown: hasUnknownRights(args, 1) || hasUnknownRights(args, 2),
    }),
    reply: nothing,
  },
  fd_filestat_get: {
    parameters: "ii",
    parse: (memory, args) => {
      memory.within(i32(args, 1), FILESTAT_BYTES);
      return { call: "fd_filestat_get", fd: i32(args, 0) };
    },
    reply: (memory, args, answer) => {
      if (answer.event.type === "file/examined")
        writeFilestat(memory, i32(args, 1), answer.state, answer.event.inode);
      else writeFilestatOfStream(memory, i32(args, 1), fileTypeOf(answer.state, held(answer, i32(args, 0))));
    },
  },
  fd_filestat_set_size: {
    parameters: "il",
    parse: (_, args) => ({ call: "fd_filestat_set_size", fd: i32(args, 0), size: u64(args, 1) }),
    reply: nothing,
  },
  fd_filestat_set_times: {
    parameters: "illi",
    parse: (_, args) => ({ call: "fd_filestat_set_times", fd: i32(args, 0), ...parseTimes(args, 1) }),
    reply: nothing,
  },
  fd_prestat_get: {
    parameters: "ii",
    parse: (memory, args) => {
      memory.within(i32(args, 1), PRESTAT_BYTES);
      return { call: "fd_prestat_get", fd: i32(args, 0) };
    },
    reply: (memory, args, answer) => {
      memory.setU32(i32(args, 1), 0);
      memory.setU32(i32(args, 1) + 4, utf8Length(held(answer, i32(args, 0)).label));
    },
  },
  fd_prestat_dir_name: {
    parameters: "iii",
    parse: (memory, args) => {
      memory.within(i32(args, 1), i32(args, 2));
      return { call: "fd_prestat_dir_name", fd: i32(args, 0), size: i32(args, 2) };
    },
    reply: (memory, args, answer) => {
      writeUtf8(held(answer, i32(args, 0)).label, memory.bytes, i32(args, 1));
    },
  },
  fd_readdir: {
    parameters: "iiili",
    parse: (memory, args) => {
      memory.within(i32(args, 1), i32(args, 2));
      memory.within(i32(args, 4), 4);
      return { call: "fd_readdir", fd: i32(args, 0), cookie: u64(args, 3) };
    },
    reply: readdirReply,
  },
  fd_renumber: {
    parameters: "ii",
    parse: (_, args) => ({ call: "fd_renumber", fd: i32(args, 0), to: i32(args, 1) }),
    reply: nothing,
  },
  fd_seek: {
    parameters: "ilii",
    parse: (memory, args) => {
      memory.within(i32(args, 3), 8);
      return { call: "fd_seek", fd: i32(args, 0), offset: s64(args, 1), whence: i32(args, 2) };
    },
    reply: (memory, args, answer) => {
      if (answer.event.type === "file/seeked") memory.setU64(i32(args, 3), answer.event.offset);
    },
  },
  fd_tell: {
    parameters: "ii",
    parse: (memory, args) => {
      memory.within(i32(args, 1), 8);
      return { call: "fd_tell", fd: i32(args, 0) };
    },
    reply: (memory, args, answer) => {
      if (answer.event.type !== "file/position-told") throw new CallRefused(errno.badf);
      memory.setU64(i32(args, 1), get(answer.state.files.opens, answer.event.open).position);
    },
  },
};
