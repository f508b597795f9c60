/** Small programs that use some of what they are granted: streams, one directory, one end of a pipe, clocks, timers, chance. */
import { encodeU32 } from "../../guests/module/encode-u32.ts";
import { importOf, program } from "../../guests/module/module-builder.ts";

export type GrantedStep =
  | { readonly kind: "yield" }
  | { readonly kind: "sleep"; readonly micros: number }
  | { readonly kind: "clock"; readonly clock: 0 | 1 }
  | { readonly kind: "draw"; readonly size: number }
  | { readonly kind: "print"; readonly stream: 1 | 2; readonly size: number }
  /** Opens a file of the directory, which is made where there is none, and writes to it or reads. */
  | { readonly kind: "write" | "read"; readonly file: number; readonly size: number }
  | { readonly kind: "pass" | "hear"; readonly size: number };

export const DIRECTORY_SLOT = 3;
export const PIPE_SLOT = 10;

/** Where its memory has what: one buffer's place and size, results, a subscription, an event, a file's name, bytes. */
const at = {
  buffer: 0,
  size: 4,
  result: 8,
  opened: 16,
  subscription: 1024,
  event: 1104,
  name: 2048,
  bytes: 4096,
} as const;
const i32 = 0x7f;
const i64 = 0x7e;
const NANOS = 1000;
const CREATE = 1;
/** Nothing is asked for in vain: only what is then done. */
const right = { fd_read: 2, fd_write: 64 } as const;

/** All imports, by the type that each is of. */
const imported = [
  ["fd_write", [i32, i32, i32, i32]],
  ["fd_read", [i32, i32, i32, i32]],
  ["poll_oneoff", [i32, i32, i32, i32]],
  ["sched_yield", []],
  ["clock_time_get", [i32, i64, i32]],
  ["random_get", [i32, i32]],
  ["path_open", [i32, i32, i32, i32, i32, i64, i64, i32, i32]],
  ["fd_close", [i32]],
] as const;
type Imported = (typeof imported)[number][0];

type Code = readonly number[];

/** A signed LEB128 of a number from 0 on. */
function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 64; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}

const word = (value: number): Code => [0x41, ...signed(value)];
const long = (value: number): Code => [0x42, ...signed(value)];
const load = (address: number): Code => [...word(address), 0x28, 2, 0];
const store = (address: number, value: number): Code => [...word(address), ...word(value), 0x36, 2, 0];
const storeLong = (address: number, value: number): Code => [...word(address), ...long(value), 0x37, 3, 0];
/** Calls it, and drops what it says. */
const called = (name: Imported, ...args: readonly Code[]): Code => [
  ...args.flat(),
  0x10,
  imported.findIndex(([one]) => one === name),
  0x1a,
];

const transfer = (call: "fd_write" | "fd_read", fd: Code, size: number): Code => [
  ...store(at.buffer, at.bytes),
  ...store(at.size, size),
  ...called(call, fd, word(at.buffer), word(1), word(at.result)),
];

/** Two characters: `f0` to `f9`. */
const nameOf = (file: number): number => 0x66 + (0x30 + (file % 10)) * 256;

const NO_FILE = 999;

const filing = (call: "fd_write" | "fd_read", file: number, size: number): Code => [
  ...store(at.name, nameOf(file)),
  ...store(at.opened, NO_FILE),
  ...called(
    "path_open",
    word(DIRECTORY_SLOT),
    word(0),
    word(at.name),
    word(2),
    word(call === "fd_write" ? CREATE : 0),
    long(right[call]),
    long(0),
    word(0),
    word(at.opened),
  ),
  ...transfer(call, load(at.opened), size),
  ...called("fd_close", load(at.opened)),
];

function codeOf(step: GrantedStep): Code {
  switch (step.kind) {
    case "yield":
      return called("sched_yield");
    case "sleep":
      return [
        ...store(at.subscription + 16, 1),
        ...storeLong(at.subscription + 24, step.micros * NANOS),
        ...called("poll_oneoff", word(at.subscription), word(at.event), word(1), word(at.result)),
      ];
    case "clock":
      return called("clock_time_get", word(step.clock), long(0), word(at.result));
    case "draw":
      return called("random_get", word(at.bytes), word(step.size));
    case "print":
      return transfer("fd_write", word(step.stream), step.size);
    case "write":
      return filing("fd_write", step.file, step.size);
    case "read":
      return filing("fd_read", step.file, step.size);
    case "pass":
      return transfer("fd_write", word(PIPE_SLOT), step.size);
    case "hear":
      return transfer("fd_read", word(PIPE_SLOT), step.size);
  }
}

/** The program as a WebAssembly module. */
export const moduleOfSteps = (steps: readonly GrantedStep[]): Uint8Array =>
  program({
    types: imported.map(([, types]) => [0x60, types.length, ...types, 1, i32]),
    imports: imported.map(([name], index) =>
      importOf("wasi_snapshot_preview1", name, 0, ...encodeU32(index + 1)),
    ),
    code: steps.flatMap(codeOf),
  });
