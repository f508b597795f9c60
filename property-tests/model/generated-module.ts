/**
 * A valid module out of a list of choices, that ends: everything that can be on a stack that is suspended. What it
 * computes is seen in its memory, its globals, its results and its calls to the outside.
 */
import { WasmWriter } from "../../guests/transform/wasm-writer.ts";
import { DrawnChoices } from "./drawn-choices.ts";
import { GeneratedCode } from "./generated-code.ts";
import { type FunctionType, GLOBALS, OUTSIDE, T, TABLE_SIZE, TAGS, TypeList } from "./generated-world.ts";

/** What a module may do: loops and calls. */
const WORK = 150;

const ALL_TYPES = [T.i32, T.i64, T.i32, T.f64, T.v128, T.i32, T.f32, T.funcref, T.externref] as const;

function drawnType(choices: DrawnChoices): FunctionType {
  const types = (most: number): number[] =>
    Array.from({ length: choices.below(most + 1) }, () => choices.one(ALL_TYPES));
  // Few types of results, so that tail calls and indirect calls find somebody.
  const results = choices.one([[], [T.i32], [T.i32], types(3)]);
  return { params: types(3), results };
}

interface GeneratedModule {
  readonly bytes: Uint8Array;
  readonly functions: readonly FunctionType[];
}

/** The function `run` takes nothing and gives an i32. */
export function generatedModule(bytes: Uint8Array): GeneratedModule {
  const choices = new DrawnChoices(bytes);
  const functions: FunctionType[] = [...OUTSIDE, { params: [], results: [T.i32] }];
  for (let more = 1 + choices.below(4); more > 0; more -= 1) functions.push(drawnType(choices));
  const types = new TypeList();
  const own = functions.slice(OUTSIDE.length);
  const bodies = own.map((type) => new GeneratedCode(choices, types, { functions, type }).body());
  return { bytes: assemble(types, functions, bodies), functions };
}

function assemble(
  types: TypeList,
  functions: readonly FunctionType[],
  bodies: readonly WasmWriter[],
): Uint8Array {
  const module = new WasmWriter(4096);
  const own = functions.slice(OUTSIDE.length);
  const numbers = functions.map(({ params, results }) => types.numberOf(params, results));
  const tagNumbers = TAGS.map((params) => types.numberOf(params, []));
  const list = <Item>(
    id: number,
    items: readonly Item[],
    write: (w: WasmWriter, item: Item, at: number) => void,
  ): void => {
    const content = new WasmWriter();
    content.u32(items.length);
    items.forEach((item, at) => write(content, item, at));
    module.section(id, content);
  };
  module.bytes(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  list(1, types.list, (w, { params, results }) => {
    w.byte(0x60);
    w.u32(params.length);
    w.bytes(...params);
    w.u32(results.length);
    w.bytes(...results);
  });
  list(2, OUTSIDE, (w, _, at) => {
    w.name("outside");
    w.name(`${at}`);
    w.bytes(0, numbers[at] as number);
  });
  list(3, own, (w, _, at) => w.u32(numbers[OUTSIDE.length + at] as number));
  list(4, [T.funcref, T.externref], (w, type) => w.bytes(type, 0, TABLE_SIZE));
  list(5, [1], (w) => w.bytes(1, 1, 3));
  list(13, tagNumbers, (w, number) => w.bytes(0, number));
  list(6, GLOBALS, writeGlobal);
  list(7, ["run", "memory", ...GLOBALS.keys()], (w, name) => {
    w.name(`${name}`);
    if (name === "run") w.bytes(0, OUTSIDE.length);
    else if (name === "memory") w.bytes(2, 0);
    else w.bytes(3, name as number);
  });
  const members = Array.from({ length: TABLE_SIZE - 2 }, (_, at) => at % functions.length);
  list(9, [0, 1], (w, kind) => {
    if (kind === 0) w.bytes(0, 0x41, 0, 0x0b, members.length, ...members);
    else w.bytes(1, 0, functions.length, ...functions.keys());
  });
  module.bytes(12, 1, 1); // one segment of data
  list(10, bodies, (w, body) => w.sized(body));
  list(11, [0], (w) => w.bytes(1, 8, 1, 2, 3, 4, 5, 6, 7, 8));
  return module.written().slice();
}

function writeGlobal(writer: WasmWriter, type: number, index: number): void {
  writer.bytes(type, 1);
  if (type === T.i32) writer.i32Const(index === 0 ? WORK : 7);
  else if (type === T.i64) writer.bytes(0x42, 9);
  else if (type === T.f32) writer.bytes(0x43, 0, 0, 0x80, 0x3f);
  else if (type === T.f64) writer.bytes(0x44, 0, 0, 0, 0, 0, 0, 0, 0x40);
  else if (type === T.v128) writer.bytes(0xfd, 12, ...Array.from({ length: 16 }, (_, lane) => lane));
  else writer.bytes(0xd0, type);
  writer.byte(0x0b);
}
