import { callAt, callNumber } from "../call-table.ts";
import { FOLDOS_MODULE } from "../foldos/foldos-table.ts";
import { WASI_MODULE } from "../wasi/wasi-table.ts";
import { adviseImport } from "./advise-import.ts";
import { refuseFeature } from "./features.ts";
import { type ModuleDraft, printSignature, readTypeIndex } from "./module-draft.ts";
import { refuse, refuseDamaged } from "./module-refusal.ts";
import { quoteName } from "./quote-name.ts";
import type { WasmReader } from "./wasm-reader.ts";

const MAX_IMPORTS = 100_000;
const FUNCTION = 0;
const MEMORY = 2;
const KINDS: readonly string[] = ["function", "table", "memory", "global", "tag"];

/** The import section: functions of WASI preview 1 and of `foldos`, of their right types, and nothing else. */
export function readImports(draft: ModuleDraft, reader: WasmReader): void {
  const count = reader.count("imports", MAX_IMPORTS);
  for (let index = 0; index < count; index += 1) readImport(draft, reader);
}

function readImport(draft: ModuleDraft, reader: WasmReader): void {
  const offset = reader.offset;
  const module = reader.name();
  const name = reader.name();
  const kind = reader.byte();
  const kindName = KINDS[kind] ?? refuseDamaged(reader.offset - 1, "an import is of no known kind");
  const label = `${quoteName(module)}.${quoteName(name)}`;
  const number = callNumber(module, name);
  if (kind !== FUNCTION || number < 0) {
    if (kind === MEMORY) judgeMemoryFlags(reader, label);
    refuse(
      offset,
      `it imports the ${kindName} ${label}, ${whatIsOffered(module)}`,
      adviseImport(module, name, kind),
    );
  }
  const type = readTypeIndex(draft, reader);
  const given = printSignature(draft, reader, type);
  const expected = signatureOf(number, name);
  if (given !== expected) {
    refuse(
      offset,
      `it imports ${label} as ${given.slice(0, 200)}, where ${shortName(module)} has ${expected}`,
      `The program's declaration of this function is wrong: build with ${declarationsOf(module)}.`,
    );
  }
  draft.importNames.push(name);
  if (module === FOLDOS_MODULE) draft.usesFoldos = true;
  draft.functionTypes.push(type);
}

function whatIsOffered(module: string): string {
  if (module === FOLDOS_MODULE) return "which the module foldos does not have";
  return module === WASI_MODULE ? "which WASI preview 1 does not have" : "which is not of WASI preview 1";
}

const shortName = (module: string): string => (module === WASI_MODULE ? "preview 1" : module);

const declarationsOf = (module: string): string =>
  module === WASI_MODULE ? "the headers of wasi-libc, or the crate wasi 0.11" : "this Foldos's foldos.h";

function judgeMemoryFlags(reader: WasmReader, label: string): void {
  const flags = reader.byte();
  if (flags & 2) refuseFeature("threads", reader.offset - 1, `it imports the shared memory ${label}`);
}

/** Every function answers with an errno, but for proc_exit, which does not come back. */
function signatureOf(number: number, name: string): string {
  const letters = callAt(number).parameters;
  const parameters = Array.from(letters, (letter) => (letter === "l" ? "i64" : "i32"));
  return `(${parameters.join(", ")}) -> ${name === "proc_exit" ? "nothing" : "i32"}`;
}
