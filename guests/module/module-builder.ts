import { encodeU32 } from "./encode-u32.ts";

/** Small modules, byte by byte, for tests. */

const encodeName = (text: string): readonly number[] => {
  const bytes = new TextEncoder().encode(text);
  return [...encodeU32(bytes.length), ...bytes];
};

export const section = (id: number, content: readonly number[]): readonly number[] =>
  [id, ...encodeU32(content.length)].concat(content);

export const vector = (...entries: readonly (readonly number[])[]): readonly number[] =>
  encodeU32(entries.length).concat(...entries);

export const moduleOf = (...sections: readonly (readonly number[])[]): Uint8Array =>
  new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0].concat(...sections));

export interface ProgramParts {
  /** The types behind type 0, which is () -> nothing. */
  readonly types?: readonly (readonly number[])[];
  readonly imports?: readonly (readonly number[])[];
  readonly memory?: readonly number[];
  /** Sections between memory and exports: tags and globals. */
  readonly middle?: readonly number[];
  readonly exports?: readonly (readonly number[])[];
  /** The instructions of `_start`, which calls nothing if there are none, without the last `end`. */
  readonly code?: readonly number[];
  readonly locals?: readonly number[];
  readonly tail?: readonly number[];
}

/** A program whose `_start` is its only function with a body, with a table of 1 and a memory of 1 page. */
export function program(parts: ProgramParts = {}): Uint8Array {
  const imports = parts.imports ?? [];
  const exports = parts.exports ?? [exportOf("_start", 0, imports.length), exportOf("memory", 2, 0)];
  const body = (parts.locals ?? [0]).concat(parts.code ?? [], [0x0b]);
  return moduleOf(
    section(1, vector([0x60, 0, 0], ...(parts.types ?? []))),
    imports.length > 0 ? section(2, vector(...imports)) : [],
    section(3, [1, 0]),
    section(4, [1, 0x70, 0, 1]),
    section(5, parts.memory ?? [1, 0, 1]),
    parts.middle ?? [],
    section(7, vector(...exports)),
    section(10, [1].concat(encodeU32(body.length), body)),
    parts.tail ?? [],
  );
}

export const exportOf = (name: string, kind: number, index: number): readonly number[] => [
  ...encodeName(name),
  kind,
  ...encodeU32(index),
];

export const importOf = (
  module: string,
  name: string,
  kind: number,
  ...description: number[]
): readonly number[] => [...encodeName(module), ...encodeName(name), kind, ...description];

/** The name section with names for functions. */
export const namesOf = (...names: readonly (readonly [number, string])[]): readonly number[] =>
  section(0, [
    ...encodeName("name"),
    ...section(1, vector(...names.map(([index, name]) => [...encodeU32(index), ...encodeName(name)]))),
  ]);
