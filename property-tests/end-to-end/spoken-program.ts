/** A program that is made here, byte by byte, so that all that can be seen of it is known. */
import {
  exportOf,
  importOf,
  moduleOf,
  namesOf,
  section,
  vector,
} from "../../guests/module/module-builder.ts";

export const TEXT = "known text\n";
export const TEXT_AT = 64;
/** How often it prints. */
export const PRINTS = 5;
/** Turns of a loop between two prints. */
export const TURNS = 200;
const IOVEC_AT = 16;
const COUNT_AT = 8;
const WRITE = [1, IOVEC_AT, COUNT_AT] as const;

const I32 = 0x7f;
const CONST = 0x41;
const GET = 0x20;
const SET = 0x21;
const TEE = 0x22;
const ADD = 0x6a;

/** Counts turns down from TURNS; numbers of two bytes are written as they have to be. */
const spin = [CONST, 0xc8, 0x01, SET, 1, 0x03, 0x40, GET, 1, CONST, 0x7f, ADD, TEE, 1, 0x0d, 0, 0x0b];

/** Stores its number at 0, prints, and turns; five times. */
const inner = [
  [0x03, 0x40, CONST, 0, GET, 0, 0x36, 2, 0],
  [CONST, WRITE[0], CONST, WRITE[1], CONST, 1, CONST, WRITE[2], 0x10, 0, 0x1a],
  spin,
  [GET, 0, CONST, 1, ADD, TEE, 0, CONST, PRINTS, 0x49, 0x0d, 0, 0x0b],
].flat();

const body = (locals: readonly number[], code: readonly number[]): readonly number[] => [
  locals.length + code.length + 1,
  ...locals,
  ...code,
  0x0b,
];

const active = (at: number, bytes: Uint8Array): readonly number[] => [
  0,
  ...(at < 64 ? [CONST, at] : [CONST, at | 0x80, 0]),
  0x0b,
  bytes.length,
  ...bytes,
];

/** `_start` calls `outer`, which calls `inner`, which does all. */
export const spokenProgram = (): Uint8Array =>
  moduleOf(
    section(1, vector([0x60, 0, 0], [0x60, 4, I32, I32, I32, I32, 1, I32])),
    section(2, vector(importOf("wasi_snapshot_preview1", "fd_write", 0, 1))),
    section(3, [3, 0, 0, 0]),
    section(5, [1, 0, 1]),
    section(7, vector(exportOf("_start", 0, 1), exportOf("memory", 2, 0))),
    section(10, vector(body([0], [0x10, 2]), body([0], [0x10, 3]), body([1, 2, I32], inner))),
    section(
      11,
      vector(
        active(IOVEC_AT, new Uint8Array(Uint32Array.of(TEXT_AT, TEXT.length).buffer)),
        active(TEXT_AT, new TextEncoder().encode(TEXT)),
      ),
    ),
    namesOf([1, "_start"], [2, "outer"], [3, "inner"]),
  );

/** What its memory has behind each print, where nobody but this process runs it. */
export function memoryBehindPrints(): readonly Buffer[] {
  const seen: Buffer[] = [];
  const write = (): number => {
    const view = new DataView(memory.buffer);
    view.setUint32(COUNT_AT, TEXT.length, true);
    seen.push(Buffer.from(memory.buffer.slice(0)));
    return 0;
  };
  const imports = { wasi_snapshot_preview1: { fd_write: write } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(spokenProgram())), imports);
  const memory = exports["memory"] as WebAssembly.Memory;
  (exports["_start"] as () => void)();
  return seen;
}
