import { type Feature, refuseFeature } from "./features.ts";
import { refuseDamaged } from "./module-refusal.ts";
import type { WasmReader } from "./wasm-reader.ts";

const NAMES: readonly string[] = ["i32", "i64", "f32", "f64", "v128"];

/**
 * The types of the proposals that are not taken, by their bytes (WebAssembly core 3.0, 5.3, and the
 * proposals).
 */
const OTHERS: Readonly<Record<number, Feature>> = {
  0x63: "functionReferences",
  0x64: "functionReferences",
  0x65: "stringReferences",
  0x66: "stringReferences",
  0x67: "stringReferences",
  0x68: "stackSwitching",
  0x69: "newExceptions",
  0x6a: "garbageCollection",
  0x6b: "garbageCollection",
  0x6c: "garbageCollection",
  0x6d: "garbageCollection",
  0x6e: "garbageCollection",
  0x71: "garbageCollection",
  0x72: "garbageCollection",
  0x73: "garbageCollection",
  0x74: "newExceptions",
  0x75: "stackSwitching",
  0x77: "garbageCollection",
  0x78: "garbageCollection",
};

export const valueTypeName = (type: number): string =>
  NAMES[0x7f - type] ??
  (type === 0x70 ? "funcref" : type === 0x6f ? "externref" : `type 0x${type.toString(16)}`);

const isReference = (type: number): boolean => type === 0x70 || type === 0x6f;

/** Whether the byte is i32, i64, f32, f64, v128, funcref or externref. */
export const isValueType = (type: number): boolean => (type >= 0x7b && type <= 0x7f) || isReference(type);

export function refuseType(type: number, offset: number): never {
  const feature = OTHERS[type];
  if (feature === undefined) return refuseDamaged(offset, `0x${type.toString(16)} is no type`);
  return refuseFeature(feature, offset, `the type 0x${type.toString(16)}`);
}

export function readValueType(reader: WasmReader): number {
  const type = reader.byte();
  if (!isValueType(type)) refuseType(type, reader.offset - 1);
  return type;
}

/** funcref or externref: what a table holds. */
export function readReferenceType(reader: WasmReader): void {
  const type = reader.byte();
  if (type === 0x40)
    refuseFeature("functionReferences", reader.offset - 1, "a table with a first value of its own");
  if (!isReference(type)) refuseType(type, reader.offset - 1);
}
