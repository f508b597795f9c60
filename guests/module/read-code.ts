import type { ModuleDraft } from "./module-draft.ts";
import { refuseDamaged } from "./module-refusal.ts";
import { skimInstructions } from "./skim-instructions.ts";
import { readValueType } from "./value-types.ts";
import type { WasmReader } from "./wasm-reader.ts";

const MAX_BODIES = 1_000_000;
/** V8's limit for one function. */
const MAX_LOCALS = 50_000;

/** The code section. */
export function readCode(draft: ModuleDraft, reader: WasmReader): void {
  draft.codeSection = { start: reader.offset, end: reader.end };
  const count = reader.count("function bodies", MAX_BODIES);
  for (let body = 0; body < count; body += 1) {
    const size = reader.u32();
    const start = reader.offset;
    reader.skip(size);
    skimFunction(reader, start, draft.importNames.length + body);
  }
  draft.bodyCount = count;
}

/** The body from `start` up to the reader's place. */
function skimFunction(reader: WasmReader, start: number, index: number): void {
  const sectionEnd = reader.end;
  const bodyEnd = reader.offset;
  reader.end = bodyEnd;
  reader.offset = start;
  const groups = reader.count("groups of locals", MAX_LOCALS);
  let locals = 0;
  for (let group = 0; group < groups; group += 1) {
    locals += reader.u32();
    readValueType(reader);
  }
  if (locals > MAX_LOCALS)
    refuseDamaged(start, `function ${index} has ${locals} locals, and engines take ${MAX_LOCALS}`);
  skimInstructions(reader.bytes, { start: reader.offset, end: bodyEnd, index });
  reader.end = sectionEnd;
  reader.offset = bodyEnd;
}
