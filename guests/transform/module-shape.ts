import type { ByteRange } from "../module/judged-module.ts";
import type { Signature, Signatures } from "./signatures.ts";

export interface ImportedFunction {
  readonly module: string;
  readonly name: string;
  readonly signature: Signature;
}

export interface TableShape {
  /** funcref or externref. */
  readonly type: number;
  readonly min: number;
  readonly max: number | null;
}

export interface GlobalShape {
  readonly type: number;
  readonly isMutable: boolean;
}

export interface ExportShape {
  readonly name: string;
  /** 0 function, 1 table, 2 memory, 3 global, 4 tag. */
  readonly kind: number;
  readonly index: number;
}

/** What the sections of a module say, as far as the transform needs it. Functions that are imported have the first numbers. */
export interface ModuleShape {
  readonly bytes: Uint8Array;
  readonly signatures: Signatures;
  readonly imports: readonly ImportedFunction[];
  readonly functions: readonly Signature[];
  readonly tables: readonly TableShape[];
  readonly memory: { readonly min: number; readonly max: number | null } | null;
  readonly tags: readonly Signature[];
  readonly globals: readonly GlobalShape[];
  readonly exports: readonly ExportShape[];
  readonly start: number | null;
  /** Functions that a table may hold at some time: those that element segments and globals name. */
  readonly referenced: ReadonlySet<number>;
  /** For each element segment its type, and whether it is passive. */
  readonly elements: readonly { readonly type: number; readonly isPassive: boolean }[];
  readonly dataCount: number;
  /** The bodies of the functions that are not imported. */
  readonly bodies: readonly ByteRange[];
  /** What stands in the sections, without their heads, by the section's id. Custom sections are not here. */
  readonly sections: ReadonlyMap<number, ByteRange>;
  /** The name section with its head, if there is one. */
  readonly names: ByteRange | null;
}

export const SECTION = {
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;
