/** Statements: control of every kind, stores, calls, exceptions. */
import { writeSegmentStatement, writeStoreStatement } from "./generated-segments.ts";
import type { GeneratedCode, Label } from "./generated-code.ts";
import { type FunctionType, GLOBALS, T, TAGS } from "./generated-world.ts";

export class GeneratedStatements {
  readonly #code: GeneratedCode;

  constructor(code: GeneratedCode) {
    this.#code = code;
  }

  write(): void {
    const code = this.#code;
    code.depth += 1;
    const choice = code.isTired ? code.choices.below(4) : code.choices.below(30);
    if (choice <= 1) this.#assign();
    else if (choice === 2) writeStoreStatement(code);
    else if (choice === 3) code.out.bytes(0x10, 0);
    else if (choice <= 5) this.#branchOut();
    else if (choice <= 8) this.#loop();
    else if (choice <= 10) this.#if();
    else if (choice <= 12) this.#blockWithParams();
    else if (choice <= 15) this.#try();
    else if (choice === 16 || choice === 20 || choice === 21) this.#throw();
    else if (choice === 17) this.#leave();
    else if (choice === 18 || choice === 22) this.#branchTable();
    else if (choice === 19 || choice === 23) writeSegmentStatement(code);
    else this.#call();
    code.depth -= 1;
  }

  #statements(most: number): void {
    for (let count = 1 + this.#code.choices.below(most); count > 0; count -= 1) this.write();
  }

  #within(label: Omit<Label, "isHandler">, write: (label: Label) => void): void {
    const full = { ...label, isHandler: false };
    this.#code.labels.push(full);
    write(full);
    this.#code.labels.pop();
  }

  #assign(): void {
    const code = this.#code;
    const type = code.choices.one(GLOBALS);
    code.expression(type);
    if (code.choices.below(3) > 0) return code.out.op(0x21, code.localOf(type));
    const some = GLOBALS.flatMap((one, index) => (one === type && index > 0 ? [index] : []));
    code.out.op(0x24, code.choices.one(some));
  }

  #call(): void {
    const code = this.#code;
    const index = code.choices.below(code.functions.length);
    const { params, results } = code.functions[index] as FunctionType;
    code.expressions(params);
    code.callTo(index);
    for (const result of [...results].reverse()) code.out.op(0x21, code.localOf(result));
  }

  /** A branch on a condition: its values are dropped again where it is not taken. */
  #branchOut(): void {
    const code = this.#code;
    const depth = code.choices.below(code.labels.length);
    const { types } = code.labels[code.labels.length - 1 - depth] as Label;
    code.expressions(types);
    code.expression(T.i32);
    code.out.op(0x0d, depth);
    for (const _ of types) code.out.byte(0x1a);
  }

  #branchTable(): void {
    const code = this.#code;
    const { out } = code;
    const count = 1 + code.choices.below(3);
    for (let block = 0; block < count; block += 1) {
      out.bytes(0x02, 0x40);
      code.labels.push({ types: [], isLoop: false, isHandler: false });
    }
    code.expression(T.i32);
    // To one of these blocks, or to any other that a branch needs no values for.
    const far = this.#farLabels();
    out.bytes(0x41, 3, 0x71, 0x0e, count);
    for (let block = 0; block < count; block += 1)
      out.u32(code.choices.below(3) === 0 ? code.choices.one(far) : block);
    out.u32(code.choices.one(far));
    for (let block = 0; block < count; block += 1) {
      out.byte(0x0b);
      code.labels.pop();
      this.write();
    }
  }

  /** A loop without calls that a jump table repeats or leaves, perhaps by more than itself. */
  #quietLoop(): void {
    const code = this.#code;
    const { out } = code;
    const counter = code.addLocal(T.i32);
    out.bytes(0x41, 1 + code.choices.below(8));
    out.op(0x21, counter);
    out.bytes(0x03, 0x40);
    this.#within({ types: [], isLoop: true }, () => {
      code.work();
      out.op(0x20, counter);
      out.bytes(0x41, 1, 0x6b);
      out.op(0x22, counter);
      out.bytes(0x41, 0, 0x48, 0x45);
      this.#when(() => {
        const far = this.#farLabels();
        out.op(0x20, counter);
        out.bytes(0x41, 3, 0x71, 0x0e, 3);
        for (const depth of [1, code.choices.one(far), 1, 1]) out.u32(depth);
      });
      out.byte(0x0b);
    });
  }

  /** Labels that a branch needs no values for, as depths. */
  #farLabels(): readonly number[] {
    const { labels } = this.#code;
    return labels.flatMap(({ types }, at) => (types.length === 0 ? [labels.length - 1 - at] : []));
  }

  #loop(): void {
    const code = this.#code;
    if (code.choices.below(3) === 0) return this.#quietLoop();
    const { out } = code;
    const counter = code.addLocal(T.i32);
    const params = code.choices.below(3) === 0 ? [code.choices.one(GLOBALS)] : [];
    out.bytes(0x41, 1 + code.choices.below(4));
    out.op(0x21, counter);
    code.expressions(params);
    out.byte(0x03);
    code.blockType(params, params);
    this.#within({ types: params, isLoop: true }, () => {
      const kept = params.map((type) => code.localOf(type));
      for (const local of kept) out.op(0x21, local);
      code.work();
      this.#statements(3);
      code.expressions(params);
      out.op(0x20, counter);
      out.bytes(0x41, 1, 0x6b);
      out.op(0x22, counter);
      out.bytes(0x0d, 0, 0x0b);
    });
    for (const type of params) out.op(0x21, code.localOf(type));
  }

  #if(): void {
    const code = this.#code;
    const { out } = code;
    const params = code.choices.below(4) === 0 ? [code.choices.one(GLOBALS)] : [];
    code.expressions(params);
    code.expression(T.i32);
    out.byte(0x04);
    code.blockType(params, []);
    this.#within({ types: [], isLoop: false }, () => {
      for (const type of params) out.op(0x21, code.localOf(type));
      this.#statements(2);
      if (params.length > 0 || code.choices.below(2) === 0) {
        out.byte(0x05);
        for (const type of params) out.op(0x21, code.localOf(type));
        this.#statements(2);
      }
      out.byte(0x0b);
    });
  }

  /** A block that takes a value, with another below it that waits. */
  #blockWithParams(): void {
    const code = this.#code;
    const { out } = code;
    const [below, param, result] = [
      code.choices.one(GLOBALS),
      code.choices.one(GLOBALS),
      code.choices.one(GLOBALS),
    ];
    code.expressions([below, param]);
    out.byte(0x02);
    code.blockType([param], [result]);
    this.#within({ types: [result], isLoop: false }, () => {
      if (code.choices.below(2) === 0) this.#statements(2);
      out.op(0x21, code.localOf(param));
      this.#statements(2);
      code.expression(result);
      out.byte(0x0b);
    });
    out.op(0x21, code.localOf(result));
    out.op(0x21, code.localOf(below));
  }

  valueOfBlock(type: number): void {
    const code = this.#code;
    const { out } = code;
    const isIf = code.choices.below(2) === 0;
    if (isIf) code.expression(T.i32);
    out.bytes(isIf ? 0x04 : 0x02, type);
    this.#within({ types: [type], isLoop: false }, () => {
      this.#statements(2);
      code.expression(type);
      if (isIf) {
        out.byte(0x05);
        code.expression(type);
      }
      out.byte(0x0b);
    });
  }

  #try(): void {
    const code = this.#code;
    const { out, choices } = code;
    const types = choices.below(3) === 0 ? [choices.one(GLOBALS)] : [];
    out.byte(0x06);
    code.blockType([], types);
    this.#within({ types, isLoop: false }, (label) => {
      this.#statements(3);
      code.expressions(types);
      if (choices.below(5) === 0) {
        out.op(0x18, choices.below(code.labels.length - 1));
        return;
      }
      label.isHandler = true;
      for (const [tag, carried] of TAGS.entries()) {
        if (choices.below(2) === 0) continue;
        out.op(0x07, tag);
        for (const type of [...carried].reverse()) out.op(0x21, code.localOf(type));
        this.#handler(types);
      }
      if (choices.below(2) === 0) {
        out.byte(0x19);
        this.#handler(types);
      }
      out.byte(0x0b);
    });
    for (const type of types) out.op(0x21, code.localOf(type));
  }

  #handler(types: readonly number[]): void {
    const code = this.#code;
    if (code.choices.below(2) === 0) code.out.bytes(0x10, 0);
    this.#statements(3);
    if (code.choices.below(2) === 0) {
      const handlers = code.labels.flatMap(({ isHandler }, at) =>
        isHandler ? [code.labels.length - 1 - at] : [],
      );
      this.#condition();
      code.out.bytes(0x04, 0x40, 0x09);
      code.out.u32(1 + code.choices.one(handlers));
      code.out.byte(0x0b);
    }
    code.expressions(types);
  }

  #throw(): void {
    const code = this.#code;
    const tag = code.choices.below(TAGS.length);
    this.#condition();
    this.#when(() => {
      code.expressions(TAGS[tag] as readonly number[]);
      code.out.op(0x08, tag);
    });
  }

  /** Returns, or calls another in its own place. */
  #leave(): void {
    const code = this.#code;
    code.expression(T.i32);
    this.#when(() => this.#leaveNow());
  }

  #leaveNow(): void {
    const code = this.#code;
    const able = code.functions.flatMap(({ results }, index) =>
      results.join() === code.type.results.join() ? [index] : [],
    );
    if (able.length > 0 && code.choices.below(2) === 0) {
      const index = code.choices.one(able);
      code.expressions((code.functions[index] as FunctionType).params);
      code.callTo(index, true);
    } else {
      code.expressions(code.type.results);
      code.out.byte(0x0f);
    }
  }

  /** Often true: what it guards is rare enough. */
  #condition(): void {
    if (this.#code.choices.below(2) === 0) this.#code.out.bytes(0x41, 1);
    else this.#code.expression(T.i32);
  }

  /** Behind a condition: an `if` without results. */
  #when(write: () => void): void {
    this.#code.out.bytes(0x04, 0x40);
    this.#within({ types: [], isLoop: false }, write);
    this.#code.out.byte(0x0b);
  }
}
