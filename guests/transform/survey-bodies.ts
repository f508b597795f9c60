/**
 * The first walk over all function bodies: who calls whom, where loops are, what touches tables and segments.
 * Nothing of a body is kept but that. The walk refuses what it does not know, as skimInstructions does, so that
 * no later pass meets it.
 */
import type { ByteRange } from "../module/judged-module.ts";

import { IMMEDIATE, immediates } from "../module/immediates.ts";
import { numberAt, numberEnd } from "../module/number-end.ts";
import { computesFloat } from "./canonical-nans.ts";
import { CallsInLoops } from "./calls-in-loops.ts";
import { instructionEnd } from "./instruction-end.ts";
import { IntList } from "./int-list.ts";
import type { ModuleShape } from "./module-shape.ts";
import { OP } from "./opcode.ts";

/** What the bodies do, by the number of the body (functions without the imported ones). */
export interface Survey {
  /** Body b calls the functions calls[callStarts[b]] up to calls[callStarts[b + 1]]. */
  readonly calls: IntList;
  readonly callStarts: IntList;
  /** The same for indirect calls: numbers of types. */
  readonly indirect: IntList;
  readonly indirectStarts: IntList;
  readonly loopCounts: IntList;
  /** Body b has the loops from loopStarts[b] on, in the order of the source: 1 for those that hold a call. */
  readonly loopStarts: IntList;
  readonly loopsWithCalls: IntList;
  readonly instructionCounts: IntList;
  /** Parameters too. */
  readonly localCounts: IntList;
  readonly hasTry: Uint8Array;
  /** Functions that ref.func names. */
  readonly referenced: Set<number>;
  /** Segments that memory.init, data.drop, table.init and elem.drop name. */
  readonly dataSegments: Set<number>;
  readonly elementSegments: Set<number>;
  /** Segment and table of each table.init: see tableInitKey. */
  readonly tableInits: Set<string>;
  /** By body: 1 if it drops a segment. */
  readonly drops: Uint8Array;
  /** By body: 1 if it computes floats. */
  readonly floats: Uint8Array;
  writesTables: boolean;
}

export function surveyBodies(shape: ModuleShape): Survey {
  const survey: Survey = {
    calls: new IntList(1024),
    callStarts: new IntList(1024),
    indirect: new IntList(1024),
    indirectStarts: new IntList(1024),
    loopCounts: new IntList(1024),
    loopStarts: new IntList(1024),
    loopsWithCalls: new IntList(1024),
    instructionCounts: new IntList(1024),
    localCounts: new IntList(1024),
    hasTry: new Uint8Array(shape.bodies.length),
    referenced: new Set(),
    dataSegments: new Set(),
    elementSegments: new Set(),
    tableInits: new Set(),
    drops: new Uint8Array(shape.bodies.length),
    floats: new Uint8Array(shape.bodies.length),
    writesTables: false,
  };
  shape.bodies.forEach((range, body) => {
    survey.callStarts.push(survey.calls.length);
    survey.indirectStarts.push(survey.indirect.length);
    surveyBody(survey, shape, range, body);
  });
  survey.callStarts.push(survey.calls.length);
  survey.indirectStarts.push(survey.indirect.length);
  return survey;
}

function surveyBody(survey: Survey, shape: ModuleShape, range: ByteRange, body: number): void {
  const { bytes } = shape;
  const index = shape.imports.length + body;
  const skimmed = { start: range.start, end: range.end, index };
  const [codeStart, locals] = skimLocals(bytes, range.start);
  const nest = new CallsInLoops(survey.loopsWithCalls);
  survey.loopStarts.push(survey.loopsWithCalls.length);
  let at = codeStart;
  let count = 0;
  while (at < range.end) {
    const place = at;
    const opcode = bytes[place] as number;
    count += 1;
    nest.note(opcode);
    if (computesFloat(opcode) || opcode === 0xfd) survey.floats[body] = 1;
    if (opcode === OP.try) survey.hasTry[body] = 1;
    else if (opcode === OP.callIndirect || opcode === OP.returnCallIndirect)
      survey.indirect.push(numberAt(bytes, place + 1));
    else if (opcode === 0xfc) noteBulk(survey, bytes, place, body);
    else if (immediates[opcode] === IMMEDIATE.index) noteIndex(survey, opcode, numberAt(bytes, place + 1));
    at = instructionEnd(bytes, place, skimmed);
  }
  survey.loopCounts.push(survey.loopsWithCalls.length - survey.loopStarts.last);
  survey.instructionCounts.push(count);
  survey.localCounts.push(locals + (shape.functions[index]?.params.length ?? 0));
}

function noteIndex(survey: Survey, opcode: number, index: number): void {
  if (opcode === OP.call || opcode === OP.returnCall) survey.calls.push(index);
  else if (opcode === OP.refFunc) survey.referenced.add(index);
  else if (opcode === OP.tableSet) survey.writesTables = true;
}

function noteBulk(survey: Survey, bytes: Uint8Array, place: number, body: number): void {
  const opcode = OP.bulk + numberAt(bytes, place + 1);
  const segment = numberAt(bytes, numberEnd(bytes, place + 1, 5));
  if (opcode === OP.memoryInit || opcode === OP.dataDrop) survey.dataSegments.add(segment);
  if (opcode === OP.tableInit || opcode === OP.elemDrop) survey.elementSegments.add(segment);
  if (opcode === OP.tableInit) survey.tableInits.add(tableInitKey(bytes, place));
  if (opcode === OP.dataDrop || opcode === OP.elemDrop) survey.drops[body] = 1;
  const writes = [OP.tableInit, OP.tableCopy, OP.tableGrow, OP.tableFill] as readonly number[];
  if (writes.includes(opcode)) survey.writesTables = true;
}

/** The two numbers of a table.init as text. */
export function tableInitKey(bytes: Uint8Array, place: number): string {
  const at = numberEnd(bytes, place + 1, 5);
  return `${numberAt(bytes, at)} ${numberAt(bytes, numberEnd(bytes, at, 5))}`;
}

/** Where a body's instructions begin, and how many locals it declares. */
function skimLocals(bytes: Uint8Array, start: number): [number, number] {
  let at = numberEnd(bytes, start, 5);
  let count = 0;
  for (let group = numberAt(bytes, start); group > 0; group -= 1) {
    count += numberAt(bytes, at);
    at = numberEnd(bytes, at, 5) + 1;
  }
  return [at, count];
}
