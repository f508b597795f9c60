/** The functions and globals that the transform adds to the fast module. */
import type { AddedFunctions, AddedGlobals } from "./emit-context.ts";
import { KERNEL } from "./emit-context.ts";
import { PIECE_TAIL } from "./emit-frames.ts";
import type { ModuleShape } from "./module-shape.ts";
import { F32, F64, FUNCREF, I32, I64, OP, V128 } from "./opcode.ts";
import type { Signature } from "./signatures.ts";
import type { Survey } from "./survey-bodies.ts";
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

type OwnGlobal = (typeof OWN_GLOBALS)[number];

export interface Added {
  readonly globals: AddedGlobals;
  readonly functions: readonly AddedFunction[];
  /** Names of all globals, own ones and those that say what segments are dropped. */
  readonly globalNames: readonly string[];
  readonly kernelTable: number;
  readonly referenceTable: number;
}

export function addedCode(shape: ModuleShape, survey: Survey, stackBytes: number): Added {
  const kernelTable = shape.tables.length;
  const referenceTable = kernelTable + 1;
  const globalOf = (name: OwnGlobal): number => shape.globals.length + OWN_GLOBALS.indexOf(name);
  const dropNames = [...droppable(survey)];
  const globalNames = [...OWN_GLOBALS, ...dropNames];
  const make = new Maker(shape, globalOf, { kernelTable, referenceTable, stackBytes });
  const functions = [...make.stackFunctions(), ...make.referenceFunctions(), ...make.globalFunctions()];
  functions.push(...make.segmentFunctions(survey, (name) => shape.globals.length + globalNames.indexOf(name)));
  return {
    globals: {
      state: globalOf("state"),
      ticks: globalOf("ticks"),
      stackLeft: globalOf("stackLeft"),
      point: globalOf("point"),
    },
    functions,
    globalNames,
    kernelTable,
    referenceTable,
  };
}

/** Names of the globals that say whether a segment is dropped. */
function* droppable(survey: Survey): Iterable<string> {
  for (const segment of survey.dataSegments) yield `data${segment}`;
  for (const segment of survey.elementSegments) yield `element${segment}`;
}

/** Numbers of the added functions where the first has the number `first`. */
export function addedFunctions(added: Added, first: number): AddedFunctions {
  const numbers = new Map(added.functions.map(({ name }, place) => [name, first + place]));
  const of = (name: string): number => numbers.get(name) as number;
  const byPrefix = (prefix: string): [string, number][] =>
    [...numbers].flatMap(([name, number]): [string, number][] =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), number]] : [],
    );
  const bySegment = (prefix: string): Map<number, number> =>
    new Map(byPrefix(prefix).map(([segment, number]) => [Number(segment), number]));
  return {
    reserve: of("reserve"),
    pop: of("pop"),
    topSlot: of("topSlot"),
    pushReference: of("pushReference"),
    popReference: of("popReference"),
    memoryInit: bySegment("memoryInit "),
    dataDrop: bySegment("dataDrop "),
    elementDrop: bySegment("elementDrop "),
    tableInit: new Map(byPrefix("tableInit ")),
  };
}

/** By type: the integers that stand for a value, how to get each of them, and how to make it of them. */
const GLOBAL_BITS = new Map([
  [F32, { types: [I32], read: [[0xbc]], write: [OP.localGet, 0, 0xbe] }],
  [F64, { types: [I64], read: [[0xbd]], write: [OP.localGet, 0, 0xbf] }],
  [
    V128,
    {
      types: [I64, I64],
      read: [[0xfd, 29, 0], [0xfd, 29, 1]],
      write: [OP.localGet, 0, 0xfd, 18, OP.localGet, 1, 0xfd, 30, 1],
    },
  ],
]);

interface Numbers {
  readonly kernelTable: number;
  readonly referenceTable: number;
  readonly stackBytes: number;
}

class Maker {
  readonly #shape: ModuleShape;
  readonly #global: (name: OwnGlobal) => number;
  readonly #numbers: Numbers;

  constructor(shape: ModuleShape, global: (name: OwnGlobal) => number, numbers: Numbers) {
    this.#shape = shape;
    this.#global = global;
    this.#numbers = numbers;
  }

  #make(
    name: string,
    type: { params?: readonly number[]; results?: readonly number[]; locals?: number },
    write: (body: WasmWriter) => void,
  ): AddedFunction {
    const body = new WasmWriter(64);
    if (type.locals === undefined) body.byte(0);
    else body.bytes(1, type.locals, I32);
    write(body);
    body.byte(OP.end);
    return { name, signature: this.#shape.signatures.of(type.params ?? [], type.results ?? []), body };
  }

  #get(body: WasmWriter, name: OwnGlobal): void {
    body.op(OP.globalGet, this.#global(name));
  }

  #set(body: WasmWriter, name: OwnGlobal): void {
    body.op(OP.globalSet, this.#global(name));
  }

  #kernel(body: WasmWriter, place: number): void {
    const { signatures } = this.#shape;
    body.i32Const(place);
    body.op(OP.callIndirect, signatures.numberOf(signatures.empty));
    body.u32(this.#numbers.kernelTable);
  }

  /** top -= or += something, or a number below top. */
  #fromTop(body: WasmWriter, back: number): void {
    this.#get(body, "top");
    body.i32Const(back);
    body.byte(OP.i32Sub);
  }

  stackFunctions(): AddedFunction[] {
    const store = (body: WasmWriter, back: number, local: number): void => {
      this.#fromTop(body, back);
      body.op(OP.localGet, local);
      body.bytes(0x36, 0, 0);
    };
    const load = (body: WasmWriter, back: number): void => {
      this.#fromTop(body, back);
      body.bytes(0x28, 0, 0);
    };
    const fillIfEmpty = (body: WasmWriter): void => {
      this.#get(body, "top");
      this.#get(body, "base");
      body.bytes(OP.i32Eq, OP.if, 0x40);
      this.#kernel(body, KERNEL.fill);
      body.byte(OP.end);
    };
    return [
      this.#make("reserve", { params: [I32, I32, I32], results: [I32] }, (body) => {
        this.#get(body, "top");
        body.op(OP.localGet, 0);
        body.byte(OP.i32Add);
        this.#get(body, "limit");
        body.bytes(OP.i32GtU, OP.if, 0x40);
        this.#kernel(body, KERNEL.drain);
        body.byte(OP.end);
        this.#get(body, "top");
        this.#get(body, "top");
        body.op(OP.localGet, 0);
        body.byte(OP.i32Add);
        this.#set(body, "top");
        store(body, PIECE_TAIL, 1);
        store(body, 8, 2);
        store(body, 4, 0);
      }),
      this.#make("pop", { results: [I32] }, (body) => {
        fillIfEmpty(body);
        load(body, PIECE_TAIL);
        this.#set(body, "point");
        this.#get(body, "top");
        load(body, 4);
        body.byte(OP.i32Sub);
        this.#set(body, "top");
        this.#get(body, "top");
      }),
      this.#make("topSlot", { results: [I32] }, (body) => {
        fillIfEmpty(body);
        load(body, 8);
      }),
      this.#make("topOf", { results: [I32] }, (body) => this.#get(body, "top")),
      this.#make("ticksOf", { results: [I32] }, (body) => this.#get(body, "ticks")),
      this.#make("setTicks", { params: [I32] }, (body) => {
        body.op(OP.localGet, 0);
        this.#set(body, "ticks");
      }),
      this.#make("setTop", { params: [I32] }, (body) => {
        body.op(OP.localGet, 0);
        this.#set(body, "top");
      }),
      this.#make("region", { params: [I32, I32, I32, I32] }, (body) => {
        (["state", "base", "limit", "top"] as const).forEach((name, param) => {
          body.op(OP.localGet, param);
          this.#set(body, name);
        });
        body.i32Const(this.#numbers.stackBytes);
        this.#set(body, "stackLeft");
      }),
    ];
  }

  /** Function references that frames hold: a table of their own, used as a stack. */
  referenceFunctions(): AddedFunction[] {
    const { referenceTable } = this.#numbers;
    return [
      this.#make("pushReference", { params: [FUNCREF] }, (body) => {
        this.#get(body, "references");
        body.bytes(0xfc, 16);
        body.u32(referenceTable);
        body.bytes(OP.i32Eq, OP.if, 0x40, OP.refNull, FUNCREF);
        body.i32Const(64);
        body.bytes(0xfc, 15);
        body.u32(referenceTable);
        body.bytes(OP.drop, OP.end);
        this.#get(body, "references");
        body.op(OP.localGet, 0);
        body.op(OP.tableSet, referenceTable);
        this.#get(body, "references");
        body.bytes(OP.i32Const, 1, OP.i32Add);
        this.#set(body, "references");
      }),
      this.#make("popReference", { results: [FUNCREF] }, (body) => {
        this.#get(body, "references");
        body.bytes(OP.i32Const, 1, OP.i32Sub);
        this.#set(body, "references");
        this.#get(body, "references");
        body.op(OP.tableGet, referenceTable);
      }),
    ];
  }

  /** Bits of globals that JavaScript would not give exactly: a NaN has many, and a vector has no number. */
  globalFunctions(): AddedFunction[] {
    return this.#shape.globals.flatMap(({ type, isMutable }, index) => {
      const bits = isMutable ? GLOBAL_BITS.get(type) : undefined;
      if (bits === undefined) return [];
      const { types, read, write } = bits;
      return [
        this.#make(`bits ${index}`, { results: types }, (body) => {
          for (const part of read) {
            body.op(OP.globalGet, index);
            body.bytes(...part);
          }
        }),
        this.#make(`setBits ${index}`, { params: types }, (body) => {
          body.bytes(...write);
          body.op(OP.globalSet, index);
        }),
      ];
    });
  }

  /** Segments belong to this module's instance: the slow module reaches them through these. */
  segmentFunctions(survey: Survey, flagOf: (name: string) => number): AddedFunction[] {
    const params = [I32, I32, I32];
    const operands = (body: WasmWriter): void => body.bytes(OP.localGet, 0, OP.localGet, 1, OP.localGet, 2, 0xfc);
    const drop = (name: string, flag: string, opcode: number, segment: number): AddedFunction =>
      this.#make(name, {}, (body) => {
        body.bytes(0xfc, opcode);
        body.u32(segment);
        body.i32Const(1);
        body.op(OP.globalSet, flagOf(flag));
      });
    return [
      ...[...survey.dataSegments].flatMap((segment) => [
        this.#make(`memoryInit ${segment}`, { params }, (body) => {
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
        this.#make(`tableInit ${key}`, { params }, (body) => {
          operands(body);
          body.byte(12);
          for (const number of key.split(" ")) body.u32(Number(number));
        }),
      ),
    ];
  }
}
