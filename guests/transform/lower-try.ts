/**
 * Exceptions in the older encoding (try, catch, catch_all, rethrow, delegate). A handler that may be suspended
 * cannot be jumped into: only an exception leads there. So it moves out of its `try`, which keeps handlers that
 * only branch:
 *
 *     block done
 *       block handler 2
 *         block handler 1            its result: what the exception carries
 *           try ... catch a (br handler 1) catch b (br handler 2) end
 *           br done
 *         end
 *         handler 1
 *         br done
 *       end
 *       handler 2
 *     end
 *
 * Where the source rethrows, what the exception carried is kept in locals, and thrown anew. `catch_all` does not
 * tell what it caught; where that is rethrown it becomes one handler for each kind of exception of the module.
 */
import { IMMEDIATE, immediates } from "../module/immediates.ts";
import { refuse } from "../module/module-refusal.ts";
import { numberAt } from "../module/number-end.ts";
import type { CallGraph } from "./call-graph.ts";
import type { FunctionCode } from "./function-code.ts";
import { instructionEnd } from "./instruction-end.ts";
import type { ModuleShape } from "./module-shape.ts";
import { I32, OP } from "./opcode.ts";
import type { Signature } from "./signatures.ts";

/** What is known of a `try` before it is read. */
interface TryPlan {
  /** By handler: the tag, or -1 for catch_all. */
  readonly tags: number[];
  /** By handler: whether something rethrows what it caught. */
  readonly rethrows: boolean[];
  /** Whether a handler holds a point. */
  suspends: boolean;
}

/** A lowered `try` that is being read. */
interface OpenTry {
  readonly plan: TryPlan;
  readonly done: number;
  readonly block: number;
  /** The blocks that its handlers follow. */
  readonly landings: readonly number[];
  /** Where a handler keeps what it caught: by tag the locals, and one for the tag itself. */
  kept: {
    readonly tag: number;
    readonly values: Map<number, readonly number[]>;
    readonly kind: number;
  } | null;
  next: number;
}

/** More kinds of exceptions than a program has that rethrows out of catch_all. */
const MAX_TAGS = 64;

export class TryLowering {
  readonly #shape: ModuleShape;
  readonly #graph: CallGraph;
  readonly #code: FunctionCode;
  readonly #plans = new Map<number, TryPlan>();
  readonly #open = new Map<number, OpenTry>();

  constructor(shape: ModuleShape, graph: CallGraph, code: FunctionCode) {
    this.#shape = shape;
    this.#graph = graph;
    this.#code = code;
  }

  /** Looks at every `try` of a body. */
  plan(start: number, end: number, index: number): void {
    const { bytes } = this.#shape;
    const open: { plan: TryPlan | null; pointsBefore: number }[] = [{ plan: null, pointsBefore: 0 }];
    const body = { start, end, index };
    let points = 0;
    let at = start;
    const leaveHandler = (): void => {
      const top = open.at(-1);
      if (top?.plan !== null && top !== undefined && top.plan.tags.length > 0 && points > top.pointsBefore)
        top.plan.suspends = true;
    };
    while (at < end) {
      const place = at;
      const opcode = bytes[place] as number;
      const operand = numberAt(bytes, place + 1);
      if (opcode === OP.try) {
        const plan = { tags: [], rethrows: [], suspends: false };
        this.#plans.set(place, plan);
        open.push({ plan, pointsBefore: 0 });
      } else if (immediates[opcode] === IMMEDIATE.block) open.push({ plan: null, pointsBefore: 0 });
      if (opcode === OP.loop || this.#mayBePoint(opcode, operand)) points += 1;
      const top = open.at(-1);
      if (opcode === OP.catch || opcode === OP.catchAll) {
        leaveHandler();
        top?.plan?.tags.push(opcode === OP.catch ? operand : -1);
        top?.plan?.rethrows.push(false);
        if (top !== undefined) top.pointsBefore = points;
      } else if (opcode === OP.rethrow) {
        const rethrows = open.at(-1 - operand)?.plan?.rethrows;
        if (rethrows !== undefined) rethrows[rethrows.length - 1] = true;
      } else if (opcode === OP.end || opcode === OP.delegate) {
        leaveHandler();
        open.pop();
      }
      at = instructionEnd(bytes, place, body);
    }
  }

  #mayBePoint(opcode: number, operand: number): boolean {
    if (opcode === OP.call) return this.#graph.suspendable[operand] === 1;
    if (opcode !== OP.callIndirect) return false;
    return this.#graph.suspendsIndirect(this.#shape.signatures.at(operand) as Signature);
  }

  /** The `try` at this place: the block that a branch to it leaves. */
  open(place: number, signature: Signature): number {
    const code = this.#code;
    const plan = this.#plans.get(place) as TryPlan;
    if (!plan.suspends) return code.openBlock(OP.try, signature);
    const { signatures } = this.#shape;
    const done = code.openBlock(OP.block, signature);
    const landings = plan.tags.map((tag) => this.#payload(tag));
    const blocks: number[] = [];
    for (const payload of [...landings].reverse())
      blocks.unshift(code.openBlock(OP.block, signatures.of(signature.params, payload)));
    const block = code.openBlock(OP.try, signature);
    this.#open.set(done, { plan, done, block, landings: blocks, kept: null, next: 0 });
    return done;
  }

  #payload(tag: number): readonly number[] {
    return tag === -1 ? [] : (this.#shape.tags[tag] as Signature).params;
  }

  isLowered(label: number): boolean {
    return this.#open.has(label);
  }

  /** What `delegate` to this label reaches: the `try` itself, while its body is read. */
  handlerOf(label: number): number {
    const open = this.#open.get(label);
    return open !== undefined && open.next === 0 ? open.block : label;
  }

  /** The next handler of the `try` begins. */
  handler(label: number, tag: number, isReachable: boolean): void {
    const code = this.#code;
    const open = this.#open.get(label);
    if (open === undefined) {
      code.add(tag === -1 ? OP.catchAll : OP.catch, tag);
      return;
    }
    if (open.next === 0) this.#leaveBody(open);
    else if (isReachable) code.add(OP.br, open.done);
    code.closeBlock();
    if (open.plan.rethrows[open.next] === true) this.#keep(open, tag);
    else open.kept = null;
    open.next += 1;
  }

  /** The handlers that remain in the `try`: they branch to those of the source. */
  #leaveBody(open: OpenTry): void {
    const code = this.#code;
    open.plan.tags.forEach((tag, handler) => {
      const landing = open.landings[handler] as number;
      if (tag === -1 && open.plan.rethrows[handler] === true) this.#catchEach(open, landing);
      code.add(tag === -1 ? OP.catchAll : OP.catch, tag);
      code.add(OP.br, landing);
    });
    code.closeBlock();
    code.add(OP.br, open.done);
  }

  #catchEach(open: OpenTry, landing: number): void {
    const code = this.#code;
    const { tags } = this.#shape;
    if (tags.length > MAX_TAGS)
      refuse(
        code.offset,
        `it has ${tags.length} kinds of exceptions, and ${MAX_TAGS} can be`,
        "Use fewer tags.",
      );
    const values = new Map<number, readonly number[]>();
    const kind = code.addLocal(I32);
    tags.forEach(({ params }, tag) => {
      const locals = params.map((type) => code.addLocal(type));
      values.set(tag, locals);
      code.add(OP.catch, tag);
      for (const local of [...locals].reverse()) code.add(OP.localSet, local);
      code.add(OP.constant, tag);
      code.add(OP.localSet, kind);
      code.add(OP.br, landing);
    });
    this.#keptByAll.set(open, { tag: -1, values, kind });
  }

  readonly #keptByAll = new WeakMap<OpenTry, NonNullable<OpenTry["kept"]>>();

  /** What the exception carries stands on the operand stack: it goes into locals too. */
  #keep(open: OpenTry, tag: number): void {
    const code = this.#code;
    if (tag === -1) {
      open.kept = this.#keptByAll.get(open) ?? null;
      return;
    }
    const locals = this.#payload(tag).map((type) => code.addLocal(type));
    for (const local of [...locals].reverse()) code.add(OP.localSet, local);
    for (const local of locals) code.add(OP.localGet, local);
    open.kept = { tag, values: new Map([[tag, locals]]), kind: -1 };
  }

  /** Throws again what the handler of this `try` has caught. */
  rethrow(label: number): void {
    const code = this.#code;
    const kept = this.#open.get(label)?.kept;
    if (kept === undefined || kept === null) {
      code.add(OP.rethrow, label);
      return;
    }
    for (const [tag, locals] of kept.values) {
      if (kept.tag === -1) {
        code.add(OP.localGet, kept.kind);
        code.add(OP.constant, tag);
        code.add(OP.equal, 0);
        code.openBlock(OP.if, this.#shape.signatures.empty);
      }
      for (const local of locals) code.add(OP.localGet, local);
      code.add(OP.throw, tag);
      if (kept.tag === -1) code.closeBlock();
    }
    if (kept.tag === -1) code.add(OP.unreachable, 0);
  }

  close(label: number): void {
    this.#open.delete(label);
    this.#code.closeBlock();
  }
}
