/**
 * Makes of a module two that can be suspended: the whole execution written down at any call to the outside and at
 * any tick, and continued, here or elsewhere. docs/decisions/0006 says why it is done so.
 *
 *     read-shape, survey-bodies   sections; who calls whom, where loops are
 *     call-graph, cycle-breakers  which functions can be on a suspended stack; where ticks and stack are counted
 *     read-function, lower-try    a body as flat arrays: ticks added, handlers moved out of their try
 *     live-locals                 what is read after each point
 *     version-writer, emit-*      the body three times: fast, slow, and from each heavy loop on
 *     write-fast-module, write-slow-module
 *
 * The fast version of a function is the source's code. Behind each call that may come back suspended (a point) it
 * asks one global; if that says so, it writes a frame (live locals, operands below the call, the point, its slot)
 * and returns. The slow version reads its frame back and jumps to the point: through the blocks around it, each of
 * which begins with a jump to the items in it. There it calls the function whose frame is next; the last frame
 * ends in the kernel, which gives what the call was answered. From then on it runs like the fast version, until
 * the head of a heavy loop, where it hands its values to the version that begins there.
 *
 * Everything walks in loops over arrays, never down a nesting; what a hostile module could make large is bounded,
 * or refused with its function and its numbers.
 */
import { fail, ok, type Result } from "../../core/result.ts";
import { type ModuleRefusal, ModuleRefused, refuse } from "../module/module-refusal.ts";
import { MAX_PAGES } from "../module/read-limits.ts";
import { type Added, addedCode, addedFunctions } from "./added-code.ts";
import { type CallGraph, callGraph } from "./call-graph.ts";
import type { EmitContext, TracedBody } from "./emit-context.ts";
import { FunctionCode } from "./function-code.ts";
import { type Layout, TRANSFORM_VERSION } from "./layout.ts";
import { type ModuleShape, SECTION } from "./module-shape.ts";
import { readShape } from "./read-shape.ts";
import { FunctionReader } from "./read-function.ts";
import type { Signature } from "./signatures.ts";
import { type Survey, surveyBodies } from "./survey-bodies.ts";
import { type TallBody, VersionWriter } from "./version-writer.ts";
import { WasmWriter } from "./wasm-writer.ts";
import { boundedTables, writeFastModule } from "./write-fast-module.ts";
import { SlowModule } from "./write-slow-module.ts";

export interface TransformOptions {
  /** The most pages of 64 KiB that memory.grow gives. */
  readonly maxPages?: number;
  /** The most entries of a table that declares no maximum. */
  readonly maxTableEntries?: number;
  /** What recursive calls may take of the stack. V8 must have more: see stackCost. */
  readonly stackBytes?: number;
  /** Whether NaNs have the same bits on every processor: see canonical-nans.ts. On, unless it is said. */
  readonly canonicalNans?: boolean;
}

export interface TransformedModule {
  readonly fast: Uint8Array;
  readonly slow: Uint8Array;
  readonly layout: Layout;
}

/** V8 takes modules with 100,000 imports, and as many exports. */
const MAX_CALLED = 90_000;
const DEFAULT_STACK_BYTES = 64 * 1024 * 1024;
const DEFAULT_TABLE_ENTRIES = 1 << 20;

/** The options, with what stands for those that are left out: each of them changes the output. */
export const completeOptions = (options: TransformOptions): Required<TransformOptions> => ({
  maxPages: options.maxPages ?? MAX_PAGES,
  maxTableEntries: options.maxTableEntries ?? DEFAULT_TABLE_ENTRIES,
  stackBytes: options.stackBytes ?? DEFAULT_STACK_BYTES,
  canonicalNans: options.canonicalNans ?? true,
});

/** `traced` is filled for the functions that it has: see traceFrames. */
export function transformModule(
  bytes: Uint8Array,
  options: TransformOptions = {},
  traced: ReadonlyMap<number, TracedBody[]> | null = null,
): Result<TransformedModule, ModuleRefusal> {
  try {
    return ok(transform(bytes, options, traced));
  } catch (error) {
    if (error instanceof ModuleRefused) return fail(error.refusal);
    throw error;
  }
}

function transform(
  bytes: Uint8Array,
  options: TransformOptions,
  traced: EmitContext["traced"],
): TransformedModule {
  if (!WebAssembly.validate(bytes))
    refuse(0, "the module is not valid", "Build it again. (wasm-tools validate says what is wrong.)");
  const shape = readShape(bytes);
  const { memory } = shape;
  if (memory === null || memory.min === 0)
    return refuse(
      shape.sections.get(SECTION.memory)?.start ?? 0,
      "its memory is empty at the start",
      "Give it a page of memory: -Wl,--initial-memory=65536.",
    );
  if (memory.min > (options.maxPages ?? MAX_PAGES))
    return refuse(
      shape.sections.get(SECTION.memory)?.start ?? 0,
      `it needs ${memory.min} pages of memory to start, and may have ${options.maxPages}`,
      "Give it more memory, or build it with less: -Wl,--initial-memory=BYTES.",
    );
  const survey = surveyBodies(shape);
  const complete = completeOptions(options);
  const maxPages = Math.min(memory.max ?? MAX_PAGES, complete.maxPages);
  const settings: Settings = { ...complete, maxPages, traced };
  for (;;) {
    for (const bodies of traced?.values() ?? []) bodies.length = 0;
    const { module, tall } = write(shape, survey, settings);
    if (tall.length === 0) return validated(module);
    // Their frames are larger than was thought, which is known only now. No compiler writes such functions.
    for (const { body, height } of tall) survey.localCounts.set(body, survey.localCounts.at(body) + height);
  }
}

/** Both parts are compiled lazily, unseen, from here on: see compileValidated. */
function validated(module: TransformedModule): TransformedModule {
  if (WebAssembly.validate(module.fast) && WebAssembly.validate(module.slow)) return module;
  throw new Error("the transform made a module that is not valid: a fault of Foldos, please report it");
}

interface Settings extends Required<TransformOptions> {
  readonly traced: EmitContext["traced"];
}

interface Written {
  readonly module: TransformedModule;
  /** Functions with more operands than locals tell. */
  readonly tall: readonly TallBody[];
}

function write(shape: ModuleShape, survey: Survey, settings: Settings): Written {
  const graph = callGraph(shape, survey);
  const added = addedCode(shape, survey, settings.stackBytes);
  const leaves = leavesOf(shape);
  const called = calledFunctions(shape, survey, graph);
  if (called.size > MAX_CALLED)
    refuse(
      0,
      `it calls ${called.size} functions, and ${MAX_CALLED} can be`,
      "Build it with fewer functions.",
    );
  const slow = new SlowModule(shape, added, { functions: called, referenced: survey.referenced, leaves });
  const { bodies, tall } = writeBodies({ shape, survey, graph, added, slow, settings });
  const slowBytes = slow.write(settings);
  const referenced = [...new Set([...shape.referenced, ...survey.referenced])].sort((a, b) => a - b);
  const layout = layoutOf({ shape, survey, slow, leaves, referenced, settings });
  const exported = new Set([...referenced, ...Object.values(layout.exports), ...called]);
  if (shape.start !== null) exported.add(shape.start);
  const fast = writeFastModule({ shape, added, bodies, ...settings, exportedFunctions: exported });
  return { module: { fast, slow: slowBytes, layout }, tall };
}

/** Types of results that the kernel answers with: none for a pre-emption, and those of imports. */
const leavesOf = (shape: ModuleShape): readonly Signature[] => [
  ...new Set([
    shape.signatures.empty,
    ...shape.imports.map(({ signature }) => shape.signatures.of([], signature.results)),
  ]),
];

/** Functions that suspendable ones call or refer to. */
function calledFunctions(shape: ModuleShape, survey: Survey, graph: CallGraph): Set<number> {
  const called = new Set<number>(survey.referenced);
  for (let body = 0; body < shape.bodies.length; body += 1) {
    if (graph.suspendable[shape.imports.length + body] !== 1) continue;
    const end = survey.callStarts.at(body + 1);
    for (let call = survey.callStarts.at(body); call < end; call += 1) called.add(survey.calls.at(call));
  }
  return called;
}

interface Parts {
  readonly shape: ModuleShape;
  readonly survey: Survey;
  readonly graph: CallGraph;
  readonly added: Added;
  readonly slow: SlowModule;
  readonly settings: Settings;
}

interface Bodies {
  readonly bodies: WasmWriter;
  readonly tall: readonly TallBody[];
}

function writeBodies({ shape, survey, graph, added, slow, settings }: Parts): Bodies {
  const { canonicalNans } = settings;
  const context: EmitContext = {
    shape,
    graph,
    globals: added.globals,
    kernelTable: added.kernelTable,
    slotTable: added.referenceTable + 1,
    fast: { functionAt: (original) => original, added: addedFunctions(added, shape.functions.length) },
    slow,
    canonicalNans,
    traced: settings.traced,
  };
  const code = new FunctionCode();
  const reader = new FunctionReader({ shape, survey }, graph, code);
  const writer = new VersionWriter(context, survey, slow);
  const bodies = new WasmWriter(shape.bytes.length);
  shape.bodies.forEach(({ start, end }, body) => {
    const index = shape.imports.length + body;
    const isRewritten = survey.drops[body] === 1 || (canonicalNans && survey.floats[body] === 1);
    if (graph.suspendable[index] === 1 || isRewritten) {
      reader.read(body, survey.hasTry[body] === 1);
      bodies.sized(
        writer.write(code, {
          index,
          hasTry: survey.hasTry[body] === 1,
          instructionCount: survey.instructionCounts.at(body),
        }),
      );
      return;
    }
    bodies.u32(end - start);
    bodies.all(shape.bytes.subarray(start, end));
  });
  return { bodies, tall: writer.tall };
}

function layoutOf(parts: {
  readonly shape: ModuleShape;
  readonly survey: Survey;
  readonly slow: SlowModule;
  readonly leaves: readonly Signature[];
  readonly referenced: readonly number[];
  readonly settings: Settings;
}): Layout {
  const { shape, survey, slow, leaves, referenced, settings } = parts;
  const exports = shape.exports.flatMap(({ name, kind, index }) =>
    kind === 0 ? [[name, index] as const] : [],
  );
  const slotOf = (signature: Signature): number => leaves.indexOf(shape.signatures.of([], signature.results));
  const segments = [
    ...[...survey.dataSegments].map((segment) => ({ flag: `data${segment}`, drop: `dataDrop ${segment}` })),
    ...[...survey.elementSegments].map((segment) => ({
      flag: `element${segment}`,
      drop: `elementDrop ${segment}`,
    })),
  ];
  return {
    version: TRANSFORM_VERSION,
    imports: shape.imports.map(({ module, name, signature }) => ({
      module,
      name,
      slot: slotOf(signature),
      params: signature.params,
      results: signature.results,
    })),
    leafCount: leaves.length,
    frames: slow.frames,
    exports: Object.fromEntries(exports),
    start: shape.start,
    slots: slow.slots,
    slowFunctions: slow.sources,
    reentries: slow.reentries,
    slowImports: slow.firstOwn,
    preemptSlot: 0,
    globals: shape.globals.flatMap(({ type, isMutable }, index) => (isMutable ? [{ index, type }] : [])),
    drops: segments,
    tables: boundedTables(shape, settings.maxTableEntries),
    writesTables: survey.writesTables,
    referenced,
    memory: { minPages: shape.memory?.min ?? 0, maxPages: settings.maxPages },
    stackBytes: settings.stackBytes,
    canonicalNans: settings.canonicalNans,
  };
}
