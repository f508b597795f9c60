/**
 * Perl 5 as a command. `@6over3/zeroperl-ts` has it as a library: memory and functions, for a host in JavaScript to
 * call. This adds the function that a WASI program begins with,
 *
 *     _start: _initialize(); zeroperl_init_with_args(count, words); zeroperl_flush(); proc_exit(what the first gave)
 *
 * with the words (`perl SCRIPT ARGS`) written down in it: the library imports no args_get, and another import would
 * give every function another number. Its one import that is not WASI, functions of the host that a script may call,
 * becomes a WASI function of the same type. No script reaches it: there is none that the host has registered.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { numberAt, numberEnd } from "../../guests/module/number-end.ts";
import { SECTION } from "../../guests/transform/module-shape.ts";
import { readShape } from "../../guests/transform/read-shape.ts";
import { WasmWriter } from "../../guests/transform/wasm-writer.ts";

const LIBRARY = createRequire(import.meta.url).resolve("@6over3/zeroperl-ts/zeroperl.wasm");
const HEADER_BYTES = 8;
const [FUNCTION, MEMORY] = [0, 2];
const [I32, END, CALL, DROP, LOCAL_GET, LOCAL_SET, I32_ADD] = [0x7f, 0x0b, 0x10, 0x1a, 0x20, 0x21, 0x6a];
const [I32_STORE, I32_STORE8] = [0x36, 0x3a];
const POINTER_BYTES = 4;

type Shape = ReturnType<typeof readShape>;

/** The module of `perl SCRIPT ARGS`. */
export function perlProgram(args: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(readFileSync(LIBRARY));
  const shape = readShape(bytes);
  const added: Record<number, (content: WasmWriter) => void> = {
    [SECTION.import]: (content) => writeImports(content, shape),
    [SECTION.function]: (content) =>
      writeLonger(content, shape, SECTION.function, () =>
        content.u32(shape.signatures.numberOf(shape.signatures.empty)),
      ),
    [SECTION.export]: (content) => {
      content.u32(2);
      content.name("memory");
      content.op(MEMORY, 0);
      content.name("_start");
      content.op(FUNCTION, shape.functions.length);
    },
    [SECTION.code]: (content) =>
      writeLonger(content, shape, SECTION.code, () => content.sized(startOf(shape, ["perl", ...args]))),
  };
  const module = new WasmWriter(bytes.length + 65_536);
  module.all(bytes.subarray(0, HEADER_BYTES));
  for (const [id, { start, end }] of shape.sections) {
    const content = new WasmWriter();
    const write = added[id];
    if (write === undefined) content.all(bytes.subarray(start, end));
    else write(content);
    module.section(id, content);
  }
  return module.written();
}

/** The section's entries, and one more. */
function writeLonger(content: WasmWriter, { bytes, sections }: Shape, id: number, write: () => void): void {
  const { start, end } = sections.get(id) as { start: number; end: number };
  content.u32(numberAt(bytes, start) + 1);
  content.all(bytes.subarray(numberEnd(bytes, start, 5), end));
  write();
}

function writeImports(content: WasmWriter, { imports, signatures }: Shape): void {
  content.u32(imports.length);
  for (const { module, name, signature } of imports) {
    const isHost = module === "env" && name === "call_host_function";
    content.name(isHost ? "wasi_snapshot_preview1" : module);
    content.name(isHost ? "fd_prestat_dir_name" : name);
    content.op(FUNCTION, signatures.numberOf(signature));
  }
}

/** The body of `_start`: one local for where the words are, and one for what Perl gives. */
function startOf(shape: Shape, words: readonly string[]): WasmWriter {
  const code = new WasmWriter();
  const exported = (name: string): number => indexOf(shape.exports.find((one) => one.name === name)?.index);
  const imported = (name: string): number => indexOf(shape.imports.findIndex((one) => one.name === name));
  const texts = words.map((word) => Buffer.from(`${word}\0`));
  let size = words.length * POINTER_BYTES;
  const places = texts.map((text) => (size += text.length) - text.length);
  code.bytes(1, 2, I32);
  code.op(CALL, exported("_initialize"));
  code.i32Const(size);
  code.op(CALL, exported("malloc"));
  code.op(LOCAL_SET, 0);
  texts.forEach((text, word) => {
    const place = places[word] as number;
    text.forEach((value, at) => {
      code.op(LOCAL_GET, 0);
      code.i32Const(value);
      storeAt(code, I32_STORE8, place + at);
    });
    code.op(LOCAL_GET, 0);
    code.op(LOCAL_GET, 0);
    code.i32Const(place);
    code.byte(I32_ADD);
    storeAt(code, I32_STORE, word * POINTER_BYTES);
  });
  code.i32Const(words.length);
  code.op(LOCAL_GET, 0);
  code.op(CALL, exported("zeroperl_init_with_args"));
  code.op(LOCAL_SET, 1);
  code.op(CALL, exported("zeroperl_flush"));
  code.byte(DROP);
  code.op(LOCAL_GET, 1);
  code.op(CALL, imported("proc_exit"));
  code.byte(END);
  return code;
}

function storeAt(code: WasmWriter, opcode: number, offset: number): void {
  code.op(opcode, 0);
  code.u32(offset);
}

function indexOf(found: number | undefined): number {
  if (found === undefined || found < 0) throw new Error("zeroperl.wasm is not the library that it was");
  return found;
}
