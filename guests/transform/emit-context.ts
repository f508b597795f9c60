import type { IntList } from "./int-list.ts";
import type { CallGraph } from "./call-graph.ts";
import type { ModuleShape } from "./module-shape.ts";

/** Numbers of what the transform adds to the fast module; the slow one imports all of it under the same numbers. */
export interface AddedGlobals {
  /** 0, or 1 while the stack is being unwound. */
  readonly state: number;
  /** Ticks that are left; below 1 the process is pre-empted at the next check. */
  readonly ticks: number;
  /** Bytes of stack that calls may still take. */
  readonly stackLeft: number;
  /** The point of the frame that was popped last. */
  readonly point: number;
}

/** Functions that the transform adds: their numbers in the module that is written. */
export interface AddedFunctions {
  /** (size, point, slot) -> address of a piece of frame. */
  readonly reserve: number;
  /** () -> address of the piece that is taken off the stack image. */
  readonly pop: number;
  /** () -> slot of the frame on top of the stack image. */
  readonly topSlot: number;
  readonly pushReference: number;
  readonly popReference: number;
  /** By segment: what stands in for memory.init, data.drop, table.init and elem.drop. */
  readonly memoryInit: ReadonlyMap<number, number>;
  readonly dataDrop: ReadonlyMap<number, number>;
  readonly tableInit: ReadonlyMap<string, number>;
  readonly elementDrop: ReadonlyMap<number, number>;
}

export type Version = "fast" | "slow" | "reentry";

/** One of the two modules that are written. */
export interface ModuleTarget {
  readonly functionAt: (original: number) => number;
  readonly added: AddedFunctions;
}

/** What all functions of a module share while they are written. */
export interface EmitContext {
  readonly shape: ModuleShape;
  readonly graph: CallGraph;
  readonly globals: AddedGlobals;
  /** The number of the table through which the kernel is called. */
  readonly kernelTable: number;
  /** The number of the slow module's table of functions by slot. */
  readonly slotTable: number;
  readonly fast: ModuleTarget;
  readonly slow: ModuleTarget;
  readonly canonicalNans: boolean;
  /** Functions whose instructions are traced back to the source, and where that is noted. Most often nobody asks. */
  readonly traced: ReadonlyMap<number, TracedBody[]> | null;
}

/** One version of a function: which of its bytes come from where. */
export interface TracedBody {
  readonly isSlow: boolean;
  /** Its number in the module that it is in. */
  readonly functionIndex: number;
  /** Pairs in ascending order: an offset in the body, and the offset in the source's file. */
  readonly places: IntList;
  /** Bytes of the body before the offsets begin. */
  readonly headBytes: number;
  /** What frames hold, by point. */
  readonly points: ReadonlyMap<number, TracedPoint>;
}

/** A place where a function may be suspended. */
export interface TracedPoint {
  /** Of the instruction in the source's file; 0 at its beginning. */
  readonly offset: number;
  /** What its frame keeps, in this order: a local, or -1 for an operand, and its type. */
  readonly kept: readonly (readonly [number, number])[];
}

/** Places in the kernel's table: functions () -> (). */
export const KERNEL = { preempt: 0, drain: 1, fill: 2, overflow: 3 } as const;
export const KERNEL_SIZE = 4;

/** One function while its versions are written. */
export interface FunctionPlan {
  /** Its number in the source. */
  readonly index: number;
  /** Its number among the functions that can be on a stack image. */
  readonly slot: number;
  /** What a call of it takes of the stack, or 0 if it is not part of a cycle of calls. */
  readonly stackCost: number;
  readonly hasTry: boolean;
  readonly results: readonly number[];
  /** By local: 1 if the bits of what it holds do not matter. */
  readonly numberLocals: Uint8Array;
  /** Loops at whose heads a slow frame is handed over, with their functions' numbers in the slow module. */
  readonly handovers: Map<number, Handover>;
}

/** What crosses from a slow frame to the version that begins at a loop's head. */
export interface Handover {
  readonly functionIndex: number;
  /** Set while the slow version is written: locals, then values on the operand stack as (height, type). */
  locals: readonly number[];
  operands: readonly (readonly [number, number])[];
}
