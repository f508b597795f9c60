/** Small programs that take turns: what they do is drawn, and how they end follows from what they read. */
import { encodeU32 } from "../../guests/module/encode-u32.ts";
import { importOf, program } from "../../guests/module/module-builder.ts";

/** Pipes are by their ids, from 1 on; a program has the end of pipe N that it uses in slot N + 2. */
export type ProgramStep =
  | { readonly kind: "spin"; readonly count: number }
  | { readonly kind: "yield" }
  | { readonly kind: "sleep"; readonly micros: number }
  | { readonly kind: "write"; readonly pipe: number; readonly size: number }
  /** Reads until it has so many bytes, or comes to the end. */
  | { readonly kind: "read"; readonly pipe: number; readonly size: number };

export interface TurnProgram {
  readonly steps: readonly ProgramStep[];
  /** Its exit code; one more if it came to an end of what it read. */
  readonly code: number;
}

export const slotOf = (pipe: number): number => pipe + 2;

/** Where its memory has what: one buffer's place and size, a count, a subscription, an event, bytes. */
const at = { buffer: 0, size: 4, count: 8, subscription: 1024, event: 1104, bytes: 4096 } as const;
const call = { write: 0, read: 1, poll: 2, yield: 3, exit: 4 } as const;
const local = { left: 0, read: 1, hasEnded: 2 } as const;
const MONOTONIC = 1;
const NANOS = 1000;

/** A signed LEB128 of a number from 0 on. */
function signed(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 64; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}

const constant = (value: number): readonly number[] => [0x41, ...signed(value)];
const store = (address: number, value: readonly number[]): readonly number[] => [
  ...constant(address),
  ...value,
  0x36,
  2,
  0,
];
const get = (index: number): readonly number[] => [0x20, index];
const called = (index: number, ...args: readonly number[]): readonly number[] => [
  ...args.flatMap(constant),
  0x10,
  index,
];
const DROP = 0x1a;

function codeOf(step: ProgramStep): readonly number[] {
  switch (step.kind) {
    case "spin":
      return [constant(step.count), [0x21, local.left, 0x03, 0x40], countDown([0x41, 1]), [0x0b]].flat();
    case "yield":
      return [...called(call.yield), DROP];
    case "sleep": {
      const { subscription } = at;
      const timeout = [...constant(subscription + 24), 0x42, ...signed(step.micros * NANOS), 0x37, 3, 0];
      const clock = store(subscription + 16, constant(MONOTONIC));
      return [...clock, ...timeout, ...called(call.poll, subscription, at.event, 1, at.count), DROP];
    }
    case "write":
      return [
        ...store(at.bytes, constant(step.size * 8 + step.pipe)),
        ...store(at.buffer, constant(at.bytes)),
        ...store(at.size, constant(step.size)),
        ...called(call.write, slotOf(step.pipe), at.buffer, 1, at.count),
        DROP,
      ];
    case "read":
      return reading(step);
  }
}

/** Goes back to the head of the loop around it as long as something is left. */
const countDown = (by: readonly number[]): readonly number[] => [
  ...get(local.left),
  ...by,
  0x6b,
  0x22,
  local.left,
  0x0d,
  0,
];

const reading = ({ pipe, size }: { readonly pipe: number; readonly size: number }): readonly number[] =>
  [
    constant(size),
    [0x21, local.left, 0x02, 0x40, 0x03, 0x40],
    store(at.buffer, constant(at.bytes)),
    store(at.size, get(local.left)),
    called(call.read, slotOf(pipe), at.buffer, 1, at.count),
    [0x0d, 1],
    [...constant(at.count), 0x28, 2, 0, 0x22, local.read, 0x45],
    [0x04, 0x40, ...constant(1), 0x21, local.hasEnded, 0x0c, 2, 0x0b],
    countDown(get(local.read)),
    [0x0b, 0x0b],
  ].flat();

/** The program as a WebAssembly module. */
export function moduleOfProgram({ steps, code }: TurnProgram): Uint8Array {
  const names = ["fd_write", "fd_read", "poll_oneoff", "sched_yield", "proc_exit"];
  const types = [1, 1, 1, 2, 3];
  const i32 = 0x7f;
  return program({
    types: [
      [0x60, 4, i32, i32, i32, i32, 1, i32],
      [0x60, 0, 1, i32],
      [0x60, 1, i32, 0],
    ],
    imports: names.map((name, index) =>
      importOf("wasi_snapshot_preview1", name, 0, ...encodeU32(types[index] as number)),
    ),
    locals: [1, 3, i32],
    code: [...steps.flatMap(codeOf), ...constant(code), ...get(local.hasEnded), 0x6a, 0x10, call.exit],
  });
}
