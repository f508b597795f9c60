/**
 * One process: an instance of a transformed module, its stack either V8's or written down.
 *
 * It runs until it returns, traps, uses up its ticks, or calls something that says "not now". Then every function
 * on the stack writes its frame and returns, and the process is at rest: it can be written down as an image, and
 * continue here, or from the image in a new instance, in another thread or another process.
 */
import { invariant } from "../../core/assert.ts";
import { BorrowedRegion } from "./borrowed-region.ts";
import { type Entry, type InstanceHost, type RunEnd, SUSPEND } from "./instance-host.ts";
import { InstanceState } from "./instance-state.ts";
import { asWasmFunctions, trapGuest } from "./kernel-functions.ts";
import { hashPages, isPageOf, PAGE_BYTES, rehashPages } from "./page-hash.ts";
import { pageImage } from "./page-image.ts";
import type { PendingCall, ProcessImage, Values } from "./process-image.ts";
import type { SuspendableProgram } from "./suspendable-program.ts";
import { zerosOf } from "./zeros-of.ts";
import { TickBudget } from "./tick-budget.ts";

type WasmFunction = (...args: readonly (number | bigint)[]) => Values;

/** A page of WebAssembly. */
const WASM_PAGE_BYTES = 65_536;

export class SuspendableInstance {
  readonly program: SuspendableProgram;
  readonly memory: WebAssembly.Memory;
  readonly exports: WebAssembly.Exports;
  readonly #host: InstanceHost;
  readonly #region: BorrowedRegion;
  readonly #ticks: TickBudget;
  readonly #functions: readonly (readonly [number, readonly (number | bigint)[]])[];
  readonly #state: InstanceState;
  /** By import: what it gives while the stack is unwound, which nobody looks at. */
  readonly #zeros: readonly Values[];
  /** Of the pages as they were at the last image. */
  #pageHashes: Float64Array;
  #slots: WebAssembly.Table | null = null;
  /** What the table gives, by slot. */
  readonly #rewinds: WasmFunction[] = [];
  /** What runs: -1 before the first. */
  #entry = -1;
  #phase: "at rest" | "running" | "unwinding" | "rewinding" | "ended" = "at rest";
  /** Whether its stack is written down. */
  #hasFrames = false;
  #call: PendingCall | null = null;
  #answer: Values = undefined;
  #thrown: { readonly error: unknown } | null = null;
  #isStackExhausted = false;

  constructor(program: SuspendableProgram, host: InstanceHost, entry: Entry = { name: "_start", args: [] }) {
    this.program = program;
    this.#host = host;
    const { layout } = program;
    const imports: Record<string, Record<string, WasmFunction>> = {};
    layout.imports.forEach(({ module, name }, index) => {
      const functions = (imports[module] ??= {});
      functions[name] ??= (...args) => this.#called(index, args);
    });
    this.exports = new WebAssembly.Instance(program.fast, imports).exports;
    this.memory = this.exports["memory"] as WebAssembly.Memory;
    this.#ticks = new TickBudget(
      this.exports["ticksOf"] as unknown as () => number,
      this.exports["setTicks"] as unknown as (ticks: number) => void,
    );
    this.#region = new BorrowedRegion(this.memory, {
      setRegion: this.exports["region"] as unknown as (...args: number[]) => void,
      top: this.exports["topOf"] as unknown as () => number,
      setTop: this.exports["setTop"] as unknown as (top: number) => void,
    });
    const main = layout.exports[entry.name];
    invariant(main !== undefined, "a process has a function to run");
    this.#functions = [
      ...(layout.start === null ? [] : [[layout.start, []] as const]),
      [main, entry.args] as const,
    ];
    this.#pageHashes = program.freshPages(this.memory);
    this.#state = new InstanceState(this.exports, layout);
    this.#zeros = layout.imports.map(({ results }) => zerosOf(results));
    this.#connectKernel();
    (this.exports["region"] as unknown as WasmFunction)(0, 0, 0, 0);
  }

  #connectKernel(): void {
    const table = this.exports[`t${this.program.layout.tables.length}`] as WebAssembly.Table;
    const functions = [
      () => this.#preempted(),
      () => this.#region.drain(),
      () => this.#region.fill(),
      () => {
        this.#isStackExhausted = true;
      },
    ];
    asWasmFunctions(functions).forEach((one, place) => table.set(place, one));
  }

  /** Ticks that are used so far: what was paid at loops and calls, the same however often it was suspended. */
  get ticksUsed(): number {
    return this.#ticks.used;
  }

  /** Ticks that it may use before it is pre-empted; below 0 if it has paid for more than it had. */
  get ticksLeft(): number {
    return this.#ticks.left;
  }

  /** The call that waits for an answer. */
  get pendingCall(): PendingCall | null {
    return this.#call;
  }

  /** What the waiting call gives. The process goes on at the next run. */
  answer(values: Values): void {
    invariant(this.#call !== null, "a process that is answered has asked");
    this.#answer = values;
    this.#call = null;
  }

  /** Gives it so many ticks more, for the next run, or for this one where its ticks are used up. */
  grant(ticks: number): void {
    this.#ticks.grant(ticks);
  }

  /** Leaves it so many ticks, whatever it had; how many that was. */
  hold(ticks: number): number {
    return this.#ticks.hold(ticks);
  }

  /** Its frames, innermost first, at rest. */
  stackImage(): Uint8Array {
    return this.#hasFrames ? this.#region.stackImage() : new Uint8Array(0);
  }

  /** Runs with so many ticks more. Infinity: until it waits or ends. */
  run(ticks: number): RunEnd {
    invariant(
      this.#phase === "at rest" && this.#call === null,
      "a process that runs is neither running nor waiting",
    );
    if (ticks > 0) this.#ticks.grant(ticks);
    try {
      for (;;) {
        const values = this.#hasFrames ? this.#continue() : this.#enter();
        if (this.#phase === ("unwinding" as string)) return this.#rest();
        if (this.#entry === this.#functions.length - 1) return this.#end({ kind: "returned", values });
      }
    } catch (error) {
      const end = { kind: "trapped", error, isStackExhausted: this.#isStackExhausted } as const;
      this.#end(end);
      if (this.#thrown !== null) throw this.#thrown.error;
      return end;
    }
  }

  #end(end: RunEnd): RunEnd {
    this.#phase = "ended";
    return end;
  }

  #enter(): Values {
    this.#entry += 1;
    const [index, args] = this.#functions[this.#entry] as readonly [number, readonly (number | bigint)[]];
    this.#phase = "running";
    return (this.exports[`f${index}`] as unknown as WasmFunction)(...args);
  }

  #continue(): Values {
    this.#slots ??= this.#instantiateSlow();
    this.#hasFrames = false;
    this.#phase = "rewinding";
    const slot = this.#region.beginRewind();
    const rewind = (this.#rewinds[slot] ??= this.#slots.get(slot) as WasmFunction);
    return rewind();
  }

  #instantiateSlow(): WebAssembly.Table {
    const imports: WebAssembly.Imports = { fast: { ...this.exports } };
    const fast = imports["fast"] as Record<string, WebAssembly.ImportValue>;
    const leaves = this.program.layout.leafCount;
    for (let leaf = 0; leaf < leaves; leaf += 1) fast[`answer${leaf}`] = () => this.#rewound();
    return new WebAssembly.Instance(this.program.slow, imports).exports["slots"] as WebAssembly.Table;
  }

  /** The innermost frame is reached: what it has waited for. */
  #rewound(): Values {
    this.#region.endRewind();
    this.#phase = "running";
    const values = this.#answer;
    this.#answer = undefined;
    return values;
  }

  #unwind(leafSlot: number): void {
    this.#phase = "unwinding";
    this.#region.beginUnwind(leafSlot);
  }

  #rest(): RunEnd {
    this.#region.endUnwind();
    this.#hasFrames = true;
    this.#phase = "at rest";
    return this.#call === null ? { kind: "preempted" } : { kind: "waiting", call: this.#call };
  }

  #called(index: number, args: readonly (number | bigint)[]): Values {
    let values: Values | typeof SUSPEND;
    try {
      values = this.#host.call(index, args);
    } catch (error) {
      this.#thrown = { error };
      return trapGuest();
    }
    if (values !== SUSPEND) return values;
    this.#call = { index, args };
    this.#unwind((this.program.layout.imports[index] as { slot: number }).slot);
    return this.#zeros[index];
  }

  #preempted(): void {
    if (this.#ticks.handOn()) return;
    const more = this.#refilled();
    if (more > 0 && this.#ticks.grant(more)) return;
    this.#unwind(this.program.layout.preemptSlot);
  }

  #refilled(): number {
    try {
      return this.#host.refill?.() ?? 0;
    } catch (error) {
      this.#thrown = { error };
      return trapGuest();
    }
  }

  /**
   * The process as it is, at rest. Of its pages those that have changed since the last image, or since the start.
   */
  image(): ProcessImage {
    invariant(this.#phase === "at rest", "a process whose image is taken is at rest");
    const { hashes, changed } = hashPages(this.memory, this.#pageHashes);
    this.#pageHashes = hashes;
    const fresh = this.program.freshPages(this.memory);
    const isFresh = (page: number): boolean => isPageOf(fresh, page, hashes[page] as number);
    const waiting = this.#call === null ? "preempted" : "waiting";
    return {
      version: this.program.layout.version,
      entry: this.#entry,
      status: this.#hasFrames ? waiting : "ready",
      stack: this.stackImage(),
      references: this.#state.references(),
      call: this.#call,
      answer: this.#answer,
      ticksLeft: this.#ticks.left,
      ticksUsed: this.ticksUsed,
      memoryPages: this.memory.buffer.byteLength / WASM_PAGE_BYTES,
      pages: changed.filter((page) => !isFresh(page)).map((page) => pageImage(this.memory, page)),
      freshPages: changed.filter(isFresh),
      globals: this.#state.globals(),
      globalReferences: this.#state.globalReferences(),
      dropped: this.#state.dropped(),
      tables: this.#state.tables(),
    };
  }

  /** A new instance that goes on where the image was taken. The image is a whole one: see combineImages. */
  static restore(
    program: SuspendableProgram,
    image: ProcessImage,
    init: { readonly host: InstanceHost; readonly entry?: Entry },
  ): SuspendableInstance {
    invariant(
      image.version === program.layout.version,
      "an image is restored by the code that it was made with",
    );
    const process = new SuspendableInstance(program, init.host, init.entry);
    process.#restore(image);
    return process;
  }

  #restore(image: ProcessImage): void {
    const missing = image.memoryPages - this.memory.buffer.byteLength / WASM_PAGE_BYTES;
    if (missing > 0) this.memory.grow(missing);
    const bytes = new Uint8Array(this.memory.buffer);
    for (const { index, bytes: page } of image.pages) bytes.set(page, index * PAGE_BYTES);
    const pages = image.pages.map(({ index }) => index);
    this.#pageHashes = rehashPages(this.memory, this.#pageHashes, pages);
    this.#state.drop(image.dropped);
    this.#state.setGlobals(image);
    this.#state.setTables(image.tables);
    this.#state.setReferences(image.references);
    this.#entry = image.entry;
    this.#hasFrames = image.status !== "ready";
    this.#region.setStackImage(image.stack);
    this.#call = image.call;
    this.#answer = image.answer;
    this.#ticks.restore(image);
  }
}
