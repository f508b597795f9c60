import type { JudgedModule } from "./judged-module.ts";
import { type ModuleDraft, printSignature } from "./module-draft.ts";
import { refuse, refuseDamaged } from "./module-refusal.ts";
import { quoteName } from "./quote-name.ts";
import type { WasmReader } from "./wasm-reader.ts";

const MAX_EXPORTS = 100_000;
const MEMORY = 2;
const FUNCTION = 0;

const isKeyName = (name: string): boolean =>
  name === "_start" ||
  name === "memory" ||
  name === "_initialize" ||
  name === "main" ||
  isComponentName(name);

const isComponentName = (name: string): boolean => name === "cabi_realloc" || name.startsWith("wasi:");

export function readExports(draft: ModuleDraft, reader: WasmReader): void {
  const count = reader.count("exports", MAX_EXPORTS);
  for (let entry = 0; entry < count; entry += 1) {
    const offset = reader.offset;
    const name = reader.name();
    const kind = reader.byte();
    if (kind > 4) refuseDamaged(reader.offset - 1, `the export ${quoteName(name)} is of no known kind`);
    const index = reader.u32();
    if (kind === FUNCTION && index >= draft.functionTypes.length) {
      refuseDamaged(offset, `the export ${quoteName(name)} is function ${index}, which the module lacks`);
    }
    if (isKeyName(name)) draft.exports.set(name, { kind, index, offset });
  }
}

/**
 * The function that `_start` names. A module without it is no program; what it seems to be instead, the
 * refusal says.
 */
export function judgeEntry(draft: ModuleDraft, reader: WasmReader): number {
  const start = draft.exports.get("_start");
  if (start === undefined) return refuseLibrary(draft, reader);
  if (start.kind !== FUNCTION) {
    return refuse(
      start.offset,
      "its export _start is no function",
      "Rename what is exported as _start, and export a program's entry.",
    );
  }
  const signature = printSignature(draft, reader, draft.functionTypes[start.index] as number);
  if (signature !== "() -> nothing") {
    return refuse(
      start.offset,
      `its export _start is a function ${quoteName(signature)}, where a program has () -> nothing`,
      "Export the entry of wasi-libc's crt1-command.o as _start, not main itself.",
    );
  }
  return start.index;
}

function refuseLibrary(draft: ModuleDraft, reader: WasmReader): never {
  const initialize = draft.exports.get("_initialize");
  const component = [...draft.exports].find(([name]) => isComponentName(name));
  const main = draft.exports.get("main");
  if (component !== undefined) {
    return refuse(
      component[1].offset,
      `it exports no _start but ${quoteName(component[0])}: this is the inside of a preview 2 component`,
      "Build for wasm32-wasip1.",
    );
  }
  if (initialize !== undefined) {
    return refuse(
      initialize.offset,
      "it exports _initialize and no _start: this is a library (a WASI reactor), not a program",
      "Build a program: clang without -mexec-model=reactor, cargo a bin rather than a cdylib, go without -buildmode=c-shared.",
    );
  }
  return refuse(
    main?.offset ?? reader.bytes.length,
    main === undefined
      ? "it exports no _start: this is a library, not a program"
      : "it exports main, but no _start",
    "Build a program for wasm32-wasip1 with a main function: without -nostartfiles, --no-entry and crate-type cdylib.",
  );
}

/**
 * The memory, which the system's calls read and write: the module must have it, and export it as `memory`.
 */
export function judgeMemory(
  draft: ModuleDraft,
  reader: WasmReader,
): Pick<JudgedModule, "memory" | "memorySection"> {
  const { memory, memorySection } = draft;
  const exported = draft.exports.get("memory");
  if (memory === null || memorySection === null) {
    return refuse(
      reader.bytes.length,
      "it has no memory",
      "Build for wasm32-wasip1, whose programs bring and export a memory.",
    );
  }
  if (exported === undefined || exported.kind !== MEMORY || exported.index !== 0) {
    return refuse(
      exported?.offset ?? memorySection.start,
      exported === undefined ? "it does not export its memory" : "its export memory is not its memory",
      'Export the memory by the name "memory": link with --export-memory.',
    );
  }
  return { memory: { minPages: memory.min, maxPages: memory.max }, memorySection };
}
