/** Module foldos: the ipc_* calls. */
import { errno } from "../../core/errno.ts";
import { CallRefused } from "../guest-memory.ts";
import { i32, type RawArguments, type WasiCalls } from "../wasi/wasi-call.ts";
import { answersNothing } from "./call-forms.ts";
import { bufferArgument, messageArgument, writeMessage } from "./message-format.ts";

/** The only flag: rather than wait, the call is refused with EAGAIN. */
const NO_WAIT = 1;

function mayWait(args: RawArguments, index: number): boolean {
  const flags = i32(args, index);
  if (flags > NO_WAIT) throw new CallRefused(errno.inval, "unknown-flags");
  return flags !== NO_WAIT;
}

export const messageCalls: WasiCalls = {
  ipc_send: answersNothing("iii", (memory, args) => ({
    call: "ipc_send",
    fd: i32(args, 0),
    mayWait: mayWait(args, 2),
    ...messageArgument(memory, args),
  })),
  ipc_receive: {
    parameters: "iii",
    parse: (memory, args) => ({
      call: "ipc_receive",
      fd: i32(args, 0),
      mayWait: mayWait(args, 2),
      ...bufferArgument(memory, args, 1),
    }),
    reply: (memory, args, answer) => writeMessage(memory, args, 1, answer),
  },
  ipc_call: {
    parameters: "iii",
    parse: (memory, args) => ({
      call: "ipc_call",
      fd: i32(args, 0),
      ...messageArgument(memory, args),
      ...bufferArgument(memory, args, 2),
    }),
    reply: (memory, args, answer) => writeMessage(memory, args, 2, answer),
  },
  ipc_reply: answersNothing("ii", (memory, args) => ({
    call: "ipc_reply",
    fd: i32(args, 0),
    ...messageArgument(memory, args),
  })),
  ipc_cancel_badged: answersNothing("ii", (_, args) => ({
    call: "ipc_cancel_badged",
    fd: i32(args, 0),
    badge: i32(args, 1),
  })),
};
