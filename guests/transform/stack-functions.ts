/** Functions of the stack image: what functions that unwind and rewind call, and what the runtime calls. */
import type { AddedFunction, AddedMaker } from "./added-maker.ts";
import { KERNEL } from "./emit-context.ts";
import { PIECE_TAIL } from "./emit-frames.ts";
import { I32, OP } from "./opcode.ts";
import type { WasmWriter } from "./wasm-writer.ts";

export function stackFunctions(make: AddedMaker): AddedFunction[] {
  const store = (body: WasmWriter, back: number, local: number): void => {
    make.fromTop(body, back);
    body.op(OP.localGet, local);
    body.bytes(0x36, 0, 0);
  };
  const load = (body: WasmWriter, back: number): void => {
    make.fromTop(body, back);
    body.bytes(0x28, 0, 0);
  };
  const fillIfEmpty = (body: WasmWriter): void => {
    make.get(body, "top");
    make.get(body, "base");
    body.bytes(OP.i32Eq, OP.if, 0x40);
    make.kernel(body, KERNEL.fill);
    body.byte(OP.end);
  };
  return [
    make.make("reserve", { params: [I32, I32, I32], results: [I32] }, (body) => {
      make.get(body, "top");
      body.op(OP.localGet, 0);
      body.byte(OP.i32Add);
      make.get(body, "limit");
      body.bytes(OP.i32GtU, OP.if, 0x40);
      make.kernel(body, KERNEL.drain);
      body.byte(OP.end);
      make.get(body, "top");
      make.get(body, "top");
      body.op(OP.localGet, 0);
      body.byte(OP.i32Add);
      make.set(body, "top");
      store(body, PIECE_TAIL, 1);
      store(body, 8, 2);
      store(body, 4, 0);
    }),
    make.make("pop", { results: [I32] }, (body) => {
      fillIfEmpty(body);
      load(body, PIECE_TAIL);
      make.set(body, "point");
      make.get(body, "top");
      load(body, 4);
      body.byte(OP.i32Sub);
      make.set(body, "top");
      make.get(body, "top");
    }),
    make.make("topSlot", { results: [I32] }, (body) => {
      fillIfEmpty(body);
      load(body, 8);
    }),
  ];
}

/** What the runtime does between runs: see BorrowedRegion. */
export function controlFunctions(make: AddedMaker): AddedFunction[] {
  return [
    make.make("topOf", { results: [I32] }, (body) => make.get(body, "top")),
    make.make("ticksOf", { results: [I32] }, (body) => make.get(body, "ticks")),
    make.make("setTicks", { params: [I32] }, (body) => {
      body.op(OP.localGet, 0);
      make.set(body, "ticks");
    }),
    make.make("setTop", { params: [I32] }, (body) => {
      body.op(OP.localGet, 0);
      make.set(body, "top");
    }),
    make.make("region", { params: [I32, I32, I32, I32] }, (body) => {
      (["state", "base", "limit", "top"] as const).forEach((name, param) => {
        body.op(OP.localGet, param);
        make.set(body, name);
      });
      body.i32Const(make.numbers.stackBytes);
      make.set(body, "stackLeft");
    }),
  ];
}
