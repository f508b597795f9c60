import type { ByteRange } from "./judged-module.ts";
import { refuseDamaged } from "./module-refusal.ts";
import type { Limits } from "./read-limits.ts";
import { valueTypeName } from "./value-types.ts";
import type { WasmReader } from "./wasm-reader.ts";

/**
 * An export that decides whether the module is a program: which kind of thing it is, its number, where it is
 * said.
 */
interface KeyExport {
  readonly kind: number;
  readonly index: number;
  readonly offset: number;
}

/** What the sections read so far have said. */
export interface ModuleDraft {
  /** Where each function type's parameters begin. */
  readonly typeOffsets: number[];
  /** The type number of every function, imported ones first. */
  readonly functionTypes: number[];
  readonly importNames: string[];
  usesFoldos: boolean;
  /** Only the names that matter: `_start`, `memory`, and those that tell a library. */
  readonly exports: Map<string, KeyExport>;
  memory: Limits | null;
  memorySection: ByteRange | null;
  codeSection: ByteRange | null;
  bodyCount: number;
  startFunction: number | null;
  announcedDataCount: number | null;
  dataCount: number;
  hasNames: boolean;
}

export const newDraft = (): ModuleDraft => ({
  typeOffsets: [],
  functionTypes: [],
  importNames: [],
  usesFoldos: false,
  exports: new Map(),
  memory: null,
  memorySection: null,
  codeSection: null,
  bodyCount: 0,
  startFunction: null,
  announcedDataCount: null,
  dataCount: 0,
  hasNames: false,
});

/** A function's type as its text: "(i32, i64) -> i32". */
export function printSignature(draft: ModuleDraft, reader: WasmReader, type: number): string {
  const { bytes } = reader;
  let at = draft.typeOffsets[type] as number;
  const list = (): string => {
    const names: string[] = [];
    let count = 0;
    for (let shift = 0; ; shift += 7) {
      const next = bytes[at++] as number;
      count += (next & 0x7f) * 2 ** shift;
      if (next < 0x80) break;
    }
    for (let index = 0; index < count; index += 1) names.push(valueTypeName(bytes[at++] as number));
    return names.join(", ");
  };
  const parameters = list();
  const results = list();
  return `(${parameters}) -> ${results === "" ? "nothing" : results}`;
}

/** A type number that the type section has. */
export function readTypeIndex(draft: ModuleDraft, reader: WasmReader): number {
  const offset = reader.offset;
  const type = reader.u32();
  if (type >= draft.typeOffsets.length) refuseDamaged(offset, `there is no type ${type}`);
  return type;
}

/** A function number that the module has. */
export function readFunctionIndex(draft: ModuleDraft, reader: WasmReader): number {
  const offset = reader.offset;
  const index = reader.u32();
  if (index >= draft.functionTypes.length) refuseDamaged(offset, `there is no function ${index}`);
  return index;
}
