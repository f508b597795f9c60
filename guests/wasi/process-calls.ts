/** WASI preview 1: arguments, environment, clocks, random numbers, the process itself, and sockets, of which there are none. */
import { get } from "../../core/table.ts";
import { encodeUtf8, utf8Length } from "../../core/utf8.ts";
import { REALTIME, RESOLUTION_NANOS, wallAt } from "../../reducers/clock/clock-selectors.ts";
import type { Process } from "../../reducers/processes/process-state.ts";
import type { GuestMemory } from "../guest-memory.ts";
import { type Answer, i32, nothing, type RawArguments, type WasiCall, type WasiCalls } from "./wasi-call.ts";

type ListOf = (process: Process) => readonly string[];
type ListCall = "args_get" | "args_sizes_get" | "environ_get" | "environ_sizes_get";

const args_: ListOf = (process) => process.args;
const environment: ListOf = (process) => process.environment;

const listOf = (answer: Answer, list: ListOf): readonly string[] =>
  list(get(answer.state.processes.rows, answer.pid));

const sizesCall = (call: ListCall, list: ListOf): WasiCall => ({
  parameters: "ii",
  parse: (memory, args) => {
    memory.within(i32(args, 0), 4);
    memory.within(i32(args, 1), 4);
    return { call };
  },
  reply: (memory, args, answer) => {
    const texts = listOf(answer, list);
    memory.setU32(i32(args, 0), texts.length);
    memory.setU32(
      i32(args, 1),
      texts.reduce((sum, text) => sum + utf8Length(text) + 1, 0),
    );
  },
});

/** The guest says where, but not how much room there is: what does not fit into its memory is refused by the writes. */
const textsCall = (call: ListCall, list: ListOf): WasiCall => ({
  parameters: "ii",
  parse: (memory, args) => {
    memory.within(i32(args, 0), 0);
    memory.within(i32(args, 1), 0);
    return { call };
  },
  reply: (memory, args, answer) => writeTexts(memory, i32(args, 0), i32(args, 1), listOf(answer, list)),
});

function writeTexts(memory: GuestMemory, pointers: number, buffer: number, texts: readonly string[]): void {
  memory.within(pointers, texts.length * 4);
  let at = buffer;
  texts.forEach((text, index) => {
    const bytes = encodeUtf8(text);
    memory.within(at, bytes.length + 1);
    memory.setU32(pointers + index * 4, at);
    memory.bytes.set(bytes, at);
    memory.bytes[at + bytes.length] = 0;
    at += bytes.length + 1;
  });
}

/** Nanoseconds since 1970 for the wall clock, since the first boot for all others. */
function writeClock(memory: GuestMemory, args: RawArguments, answer: Answer): void {
  const { event, state } = answer;
  const micros = i32(args, 0) === REALTIME ? wallAt(state.clock, event.at) : event.at;
  const low = (micros % 2 ** 22) * 1000;
  const high = Math.floor(micros / 2 ** 22) * 1000;
  // micros * 1000 = high * 2^22 + low, put together without leaving the safe integers.
  const lowWord = (high % 2 ** 10) * 2 ** 22 + low;
  memory.setU32(i32(args, 2), lowWord % 2 ** 32);
  memory.setU32(i32(args, 2) + 4, Math.floor(high / 2 ** 10) + Math.floor(lowWord / 2 ** 32));
}

const socketCall = (
  call: "sock_accept" | "sock_recv" | "sock_send" | "sock_shutdown",
  parameters: string,
): WasiCall => ({
  parameters,
  parse: (_, args) => ({ call, fd: i32(args, 0) }),
  reply: nothing,
});

export const processCalls: WasiCalls = {
  args_get: textsCall("args_get", args_),
  args_sizes_get: sizesCall("args_sizes_get", args_),
  environ_get: textsCall("environ_get", environment),
  environ_sizes_get: sizesCall("environ_sizes_get", environment),
  clock_res_get: {
    parameters: "ii",
    parse: (memory, args) => {
      memory.within(i32(args, 1), 8);
      return { call: "clock_res_get", clock: i32(args, 0) };
    },
    reply: (memory, args) => memory.setU64(i32(args, 1), RESOLUTION_NANOS),
  },
  clock_time_get: {
    parameters: "ili",
    parse: (memory, args) => {
      memory.within(i32(args, 2), 8);
      return { call: "clock_time_get", clock: i32(args, 0) };
    },
    reply: writeClock,
  },
  random_get: {
    parameters: "ii",
    parse: (memory, args) => {
      memory.within(i32(args, 0), i32(args, 1));
      return { call: "random_get", size: i32(args, 1) };
    },
    reply: (memory, args, { event, bytes }) => {
      if (event.type === "entropy/drawn")
        bytes.copyTo(memory.bytes, i32(args, 0), event.position, event.length);
    },
  },
  sched_yield: { parameters: "", parse: () => ({ call: "sched_yield" }), reply: nothing },
  proc_exit: {
    parameters: "i",
    parse: (_, args) => ({ call: "proc_exit", code: i32(args, 0) }),
    reply: nothing,
  },
  proc_raise: {
    parameters: "i",
    parse: (_, args) => ({ call: "proc_raise", signal: i32(args, 0) }),
    reply: nothing,
  },
  sock_accept: socketCall("sock_accept", "iii"),
  sock_recv: socketCall("sock_recv", "iiiiii"),
  sock_send: socketCall("sock_send", "iiiii"),
  sock_shutdown: socketCall("sock_shutdown", "ii"),
};
