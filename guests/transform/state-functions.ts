/** Functions for what an instance holds beside its stack and memory: references in frames, globals, segments. */
import type { AddedFunction, AddedMaker } from "./added-maker.ts";
import { F32, F64, FUNCREF, I32, I64, OP, V128 } from "./opcode.ts";
import type { Survey } from "./survey-bodies.ts";
import type { WasmWriter } from "./wasm-writer.ts";

/** By type: the integers that stand for a value, how to get each of them, and how to make it of them. */
const GLOBAL_BITS = new Map([
  [F32, { types: [I32], read: [[0xbc]], write: [OP.localGet, 0, 0xbe] }],
  [F64, { types: [I64], read: [[0xbd]], write: [OP.localGet, 0, 0xbf] }],
  [
    V128,
    {
      types: [I64, I64],
      read: [
        [0xfd, 29, 0],
        [0xfd, 29, 1],
      ],
      write: [OP.localGet, 0, 0xfd, 18, OP.localGet, 1, 0xfd, 30, 1],
    },
  ],
]);

/** Function references that frames hold: a table of their own, used as a stack. */
export function referenceFunctions(make: AddedMaker): AddedFunction[] {
  const { referenceTable } = make.numbers;
  return [
    make.make("pushReference", { params: [FUNCREF] }, (body) => {
      make.get(body, "references");
      body.bytes(0xfc, 16);
      body.u32(referenceTable);
      body.bytes(OP.i32Eq, OP.if, 0x40, OP.refNull, FUNCREF);
      body.i32Const(64);
      body.bytes(0xfc, 15);
      body.u32(referenceTable);
      body.bytes(OP.drop, OP.end);
      make.get(body, "references");
      body.op(OP.localGet, 0);
      body.op(OP.tableSet, referenceTable);
      make.get(body, "references");
      body.bytes(OP.i32Const, 1, OP.i32Add);
      make.set(body, "references");
    }),
    make.make("popReference", { results: [FUNCREF] }, (body) => {
      make.get(body, "references");
      body.bytes(OP.i32Const, 1, OP.i32Sub);
      make.set(body, "references");
      make.get(body, "references");
      body.op(OP.tableGet, referenceTable);
    }),
  ];
}

/** Bits of globals that JavaScript would not give exactly: a NaN has many, and a vector has no number. */
export function globalFunctions(make: AddedMaker): AddedFunction[] {
  return make.shape.globals.flatMap(({ type, isMutable }, index) => {
    const bits = isMutable ? GLOBAL_BITS.get(type) : undefined;
    if (bits === undefined) return [];
    const { types, read, write } = bits;
    return [
      make.make(`bits ${index}`, { results: types }, (body) => {
        for (const part of read) {
          body.op(OP.globalGet, index);
          body.bytes(...part);
        }
      }),
      make.make(`setBits ${index}`, { params: types }, (body) => {
        body.bytes(...write);
        body.op(OP.globalSet, index);
      }),
    ];
  });
}

/** Segments belong to this module's instance: the slow module reaches them through these. */
export function segmentFunctions(
  make: AddedMaker,
  survey: Survey,
  flagOf: (name: string) => number,
): AddedFunction[] {
  const params = [I32, I32, I32];
  const operands = (body: WasmWriter): void =>
    body.bytes(OP.localGet, 0, OP.localGet, 1, OP.localGet, 2, 0xfc);
  const drop = (name: string, flag: string, opcode: number, segment: number): AddedFunction =>
    make.make(name, {}, (body) => {
      body.bytes(0xfc, opcode);
      body.u32(segment);
      body.i32Const(1);
      body.op(OP.globalSet, flagOf(flag));
    });
  return [
    ...[...survey.dataSegments].flatMap((segment) => [
      make.make(`memoryInit ${segment}`, { params }, (body) => {
        operands(body);
        body.byte(8);
        body.u32(segment);
        body.byte(0);
      }),
      drop(`dataDrop ${segment}`, `data${segment}`, 9, segment),
    ]),
    ...[...survey.elementSegments].map((segment) =>
      drop(`elementDrop ${segment}`, `element${segment}`, 13, segment),
    ),
    ...[...survey.tableInits].map((key) =>
      make.make(`tableInit ${key}`, { params }, (body) => {
        operands(body);
        body.byte(12);
        for (const number of key.split(" ")) body.u32(Number(number));
      }),
    ),
  ];
}
