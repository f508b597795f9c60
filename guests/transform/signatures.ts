import type { WasmWriter } from "./wasm-writer.ts";

/** The type of a function or a block, one object for equal ones of a module. */
export interface Signature {
  readonly params: readonly number[];
  readonly results: readonly number[];
  /** Equal for equal types: the same text in every module. */
  readonly key: string;
}

/** The types of a module: those that it has, by their numbers, and those that the transform adds behind them. */
export class Signatures {
  readonly #byKey = new Map<string, Signature>();
  readonly #numbers = new Map<Signature, number>();
  readonly #list: Signature[] = [];
  readonly empty: Signature;

  constructor() {
    this.empty = this.of([], []);
  }

  /** The one object for this type, which has a number only if it was declared or is asked for it. */
  of(params: readonly number[], results: readonly number[]): Signature {
    const key = `${params.join()}>${results.join()}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const signature = { params, results, key };
    this.#byKey.set(key, signature);
    return signature;
  }

  /** The next entry of the type section, which may repeat an earlier one. */
  declare(params: readonly number[], results: readonly number[]): void {
    const signature = this.of(params, results);
    if (!this.#numbers.has(signature)) this.#numbers.set(signature, this.#list.length);
    this.#list.push(signature);
  }

  at(number: number): Signature | undefined {
    return this.#list[number];
  }

  /** A number for the type, added if there is none. */
  numberOf(signature: Signature): number {
    const known = this.#numbers.get(signature);
    if (known !== undefined) return known;
    this.#numbers.set(signature, this.#list.length);
    this.#list.push(signature);
    return this.#list.length - 1;
  }

  get count(): number {
    return this.#list.length;
  }

  write(writer: WasmWriter): void {
    writer.u32(this.#list.length);
    for (const { params, results } of this.#list) {
      writer.byte(0x60);
      writer.u32(params.length);
      writer.bytes(...params);
      writer.u32(results.length);
      writer.bytes(...results);
    }
  }
}
