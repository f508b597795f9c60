import { encodeU32 } from "../../guests/module/encode-u32.ts";
import {
  exportOf,
  importOf,
  moduleOf,
  program,
  section,
  vector,
} from "../../guests/module/module-builder.ts";

/** Programs that no compiler writes, or that want what Foldos does not give, byte by byte. */

const WASI = "wasi_snapshot_preview1";
const I32 = 0x7f;
const I64 = 0x7e;

/** A program that is whole and does nothing. */
export const idle = program();

/** It imports one function, of type () -> nothing, and never calls it. */
export const importing = (module: string, name: string): Uint8Array =>
  program({ imports: [importOf(module, name, 0, 0)] });

/** Its memory is shared between threads. */
export const threaded = program({ memory: [1, 3, 1, 2] });

/** Its memory is counted with 64 bits. */
export const wide = program({ memory: [1, 4, 1] });

/** i32x4.relaxed_trunc_f32x4_s, whose result is the processor's choice. */
export const relaxed = program({
  code: [0xfd, 12, ...Array<number>(16).fill(0), 0xfd, 0x81, 2, 0x1a],
});

/** An empty component of preview 2. */
export const component = new Uint8Array([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]);

/** A library: it has a memory and no `_start`. */
export const library = program({ exports: [exportOf("memory", 2, 0)] });

/** Its `_start` is sound to a reader, and V8 finds that it adds nothing to nothing. */
export const illTyped = program({ code: [0x6a, 0x1a] });

/**
 * Opens a file that it makes in its first directory until it is refused, and ends with the errno. The name of the file is
 * at 0, and its descriptor goes to 16.
 */
export const greedy = ((): Uint8Array => {
  const types = [
    [0x60, 9, I32, I32, I32, I32, I32, I64, I64, I32, I32, 1, I32],
    [0x60, 1, I32, 0],
  ];
  const number = (value: number): readonly number[] => [0x41, ...encodeU32(value)];
  // path_open(3, no links, "x", creat, no rights, none inherited, no flags, &fd)
  const open = [3, 0, 0, 1, 1].flatMap(number).concat(0x42, 0, 0x42, 0, number(0), number(16), 0x10, 0);
  // loop: errno = path_open(...); repeat if it is 0; proc_exit(errno)
  const code = [0x03, 0x40].concat(open, [0x22, 0, 0x45, 0x0d, 0, 0x0b, 0x20, 0, 0x10, 1]);
  return program({
    types,
    imports: [importOf(WASI, "path_open", 0, 1), importOf(WASI, "proc_exit", 0, 2)],
    locals: [1, 1, I32],
    code,
    tail: section(11, vector([0, 0x41, 0, 0x0b, 1, 0x78])),
  });
})();

/** A module of nothing but its header. */
export const empty = moduleOf();
