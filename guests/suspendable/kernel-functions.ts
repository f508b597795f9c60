import { WasmWriter } from "../transform/wasm-writer.ts";

/** A module that exports the functions () -> () that it imports: as functions of WebAssembly they go into tables. */
function passOnModule(count: number): Uint8Array {
  const module = new WasmWriter(256);
  const section = (id: number, write: (writer: WasmWriter) => void): void => {
    const content = new WasmWriter(64);
    write(content);
    module.section(id, content);
  };
  const each = (writer: WasmWriter, write: (index: number) => void): void => {
    writer.u32(count);
    for (let index = 0; index < count; index += 1) write(index);
  };
  module.bytes(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  section(1, (writer) => writer.bytes(1, 0x60, 0, 0));
  section(2, (writer) =>
    each(writer, (index) => {
      writer.name("k");
      writer.name(`${index}`);
      writer.bytes(0, 0);
    }),
  );
  section(7, (writer) =>
    each(writer, (index) => {
      writer.name(`${index}`);
      writer.byte(0);
      writer.u32(index);
    }),
  );
  return module.written().slice();
}

let compiled: WebAssembly.Module | null = null;

/** The functions as functions of WebAssembly. */
export function asWasmFunctions(functions: readonly (() => void)[]): readonly unknown[] {
  compiled ??= new WebAssembly.Module(passOnModule(4));
  const imports = Object.fromEntries(functions.map((one, index) => [`${index}`, one]));
  const { exports } = new WebAssembly.Instance(compiled, { k: imports });
  return functions.map((_, index) => exports[`${index}`]);
}

/** A module whose only function traps: no handler of a guest catches a trap, as it would a JavaScript exception. */
const TRAP_MODULE = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 0x74, 0, 0, 10, 5, 1, 3, 0, 0,
  0x0b,
]);

let trap: (() => never) | null = null;

/** Ends whatever guest is on the stack. */
export function trapGuest(): never {
  trap ??= new WebAssembly.Instance(new WebAssembly.Module(TRAP_MODULE)).exports[
    "t"
  ] as unknown as () => never;
  return trap();
}
