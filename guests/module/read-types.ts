import { type Feature, refuseFeature } from "./features.ts";
import type { ModuleDraft } from "./module-draft.ts";
import { refuseDamaged } from "./module-refusal.ts";
import { isValueType, refuseType } from "./value-types.ts";
import type { WasmReader } from "./wasm-reader.ts";

const MAX_TYPES = 1_000_000;
/** The parameters of a function, and its results: V8's limit. */
const MAX_VALUES = 1000;

const OTHER_FORMS: Readonly<Record<number, Feature>> = {
  0x4e: "garbageCollection",
  0x4f: "garbageCollection",
  0x50: "garbageCollection",
  0x5c: "garbageCollection",
  0x5d: "stackSwitching",
  0x5e: "garbageCollection",
  0x5f: "garbageCollection",
};

/** The type section: functions only, which rec groups, structs and arrays are not. */
export function readTypes(draft: ModuleDraft, reader: WasmReader): void {
  const count = reader.count("types", MAX_TYPES);
  for (let index = 0; index < count; index += 1) {
    const offset = reader.offset;
    const form = reader.byte();
    if (form !== 0x60) refuseForm(form, offset);
    draft.typeOffsets.push(reader.offset);
    readValues(reader, "parameters");
    readValues(reader, "results");
  }
}

function readValues(reader: WasmReader, what: string): void {
  const count = reader.count(what, MAX_VALUES);
  const first = reader.offset;
  reader.skip(count);
  for (let at = first; at < reader.offset; at += 1) {
    const type = reader.bytes[at] as number;
    if (!isValueType(type)) refuseType(type, at);
  }
}

function refuseForm(form: number, offset: number): never {
  const feature = OTHER_FORMS[form];
  if (feature === undefined) return refuseDamaged(offset, `0x${form.toString(16)} is no kind of type`);
  return refuseFeature(feature, offset, `a type of the kind 0x${form.toString(16)}`);
}
