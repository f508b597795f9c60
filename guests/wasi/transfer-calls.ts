/** WASI preview 1: fd_read, fd_write, fd_pread, fd_pwrite. */
import { get } from "../../core/table.ts";
import { contentRuns } from "../../reducers/files/file-selectors.ts";
import type { GuestMemory } from "../guest-memory.ts";
import { scatter, totalSize } from "./transfers.ts";
import { type Answer, i32, type RawArguments, u64, type WasiCalls } from "./wasi-call.ts";

/** The pointer to the iovecs is the second argument of all four. */
export const IOVECS_ARGUMENT = 1;

function judged(memory: GuestMemory, args: RawArguments, countArgument: number): number {
  memory.within(i32(args, countArgument), 4);
  return totalSize(memory, i32(args, IOVECS_ARGUMENT), i32(args, IOVECS_ARGUMENT + 1));
}

const writeReply = (countArgument: number) => (memory: GuestMemory, args: RawArguments, answer: Answer) => {
  if ("length" in answer.event) memory.setU32(i32(args, countArgument), answer.event.length);
};

const readReply = (countArgument: number) => (memory: GuestMemory, args: RawArguments, answer: Answer) => {
  if (!("length" in answer.event)) return;
  scatter(memory, i32(args, IOVECS_ARGUMENT), runsOf(answer), answer.bytes);
  memory.setU32(i32(args, countArgument), answer.event.length);
};

function runsOf({ event, state }: Answer): readonly number[] {
  switch (event.type) {
    case "file/read":
    case "file/read-at":
      return contentRuns(
        get(state.files.inodes, get(state.files.opens, event.open).inode),
        event.offset,
        event.length,
      );
    case "console/read":
    case "pipe/read":
      return [event.position, event.length];
    default:
      return [];
  }
}

export const transferCalls: WasiCalls = {
  fd_read: {
    parameters: "iiii",
    parse: (memory, args) => ({ call: "fd_read", fd: i32(args, 0), size: judged(memory, args, 3) }),
    reply: readReply(3),
  },
  fd_write: {
    parameters: "iiii",
    parse: (memory, args) => ({ call: "fd_write", fd: i32(args, 0), size: judged(memory, args, 3) }),
    reply: writeReply(3),
  },
  fd_pread: {
    parameters: "iiili",
    parse: (memory, args) => ({
      call: "fd_pread",
      fd: i32(args, 0),
      size: judged(memory, args, 4),
      offset: u64(args, 3),
    }),
    reply: readReply(4),
  },
  fd_pwrite: {
    parameters: "iiili",
    parse: (memory, args) => ({
      call: "fd_pwrite",
      fd: i32(args, 0),
      size: judged(memory, args, 4),
      offset: u64(args, 3),
    }),
    reply: writeReply(4),
  },
};
