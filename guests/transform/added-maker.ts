import { OP, I32 } from "./opcode.ts";
import type { ModuleShape } from "./module-shape.ts";
import type { Signature } from "./signatures.ts";
import { WasmWriter } from "./wasm-writer.ts";

/** A function or global of the transform's own, and the name under which it is exported. */
export interface AddedFunction {
  readonly name: string;
  readonly signature: Signature;
  readonly body: WasmWriter;
}

/** All of type i32 and variable, behind those of the source. */
export const OWN_GLOBALS = [
  "state",
  "ticks",
  "stackLeft",
  "point",
  "top",
  "base",
  "limit",
  "references",
] as const;

export type OwnGlobal = (typeof OWN_GLOBALS)[number];

/** Makes functions of the transform's own. */
interface AddedNumbers {
  readonly kernelTable: number;
  readonly referenceTable: number;
  readonly stackBytes: number;
}

export class AddedMaker {
  readonly shape: ModuleShape;
  readonly #global: (name: OwnGlobal) => number;
  readonly numbers: AddedNumbers;

  constructor(shape: ModuleShape, global: (name: OwnGlobal) => number, numbers: AddedNumbers) {
    this.shape = shape;
    this.#global = global;
    this.numbers = numbers;
  }

  make(
    name: string,
    type: { params?: readonly number[]; results?: readonly number[]; locals?: number },
    write: (body: WasmWriter) => void,
  ): AddedFunction {
    const body = new WasmWriter(64);
    if (type.locals === undefined) body.byte(0);
    else body.bytes(1, type.locals, I32);
    write(body);
    body.byte(OP.end);
    return { name, signature: this.shape.signatures.of(type.params ?? [], type.results ?? []), body };
  }

  get(body: WasmWriter, name: OwnGlobal): void {
    body.op(OP.globalGet, this.#global(name));
  }

  set(body: WasmWriter, name: OwnGlobal): void {
    body.op(OP.globalSet, this.#global(name));
  }

  kernel(body: WasmWriter, place: number): void {
    const { signatures } = this.shape;
    body.i32Const(place);
    body.op(OP.callIndirect, signatures.numberOf(signatures.empty));
    body.u32(this.numbers.kernelTable);
  }

  /** top -= or += something, or a number below top. */
  fromTop(body: WasmWriter, back: number): void {
    this.get(body, "top");
    body.i32Const(back);
    body.byte(OP.i32Sub);
  }
}
