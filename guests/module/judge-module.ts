/**
 * Reads a module before anything of it runs, and says in the user's words why it cannot, if it cannot. V8
 * would refuse most of it too, but later, in its own words, and not the same on every Node: what is accepted
 * here, every Node from 20 on compiles and runs alike. Types of operands are left to V8 (see compileModule).
 *
 * The file is the enemy's: each size is compared with what is there before it is believed, and nothing
 * recurses.
 */
import { fail, ok, type Result } from "../../core/result.ts";
import type { JudgedModule } from "./judged-module.ts";
import { type ModuleDraft, newDraft } from "./module-draft.ts";
import { ModuleRefused, type ModuleRefusal, refuseDamaged } from "./module-refusal.ts";
import { judgeHeader } from "./judge-header.ts";
import { judgeEntry, judgeMemory } from "./read-exports.ts";
import { readSections } from "./read-sections.ts";
import { WasmReader } from "./wasm-reader.ts";

export function judgeModule(bytes: Uint8Array): Result<JudgedModule, ModuleRefusal> {
  try {
    return ok(judge(bytes));
  } catch (error) {
    if (error instanceof ModuleRefused) return fail(error.refusal);
    throw error;
  }
}

function judge(bytes: Uint8Array): JudgedModule {
  judgeHeader(bytes);
  const reader = new WasmReader(bytes, HEADER_SIZE);
  const draft = newDraft();
  readSections(draft, reader);
  judgeCounts(draft, bytes.length);
  const entryFunction = judgeEntry(draft, reader);
  return {
    ...judgeMemory(draft, reader),
    functionCount: draft.functionTypes.length,
    importNames: draft.importNames,
    usesFoldos: draft.usesFoldos,
    entryFunction,
    startFunction: draft.startFunction,
    hasNames: draft.hasNames,
    codeSection: draft.codeSection,
  };
}

const HEADER_SIZE = 8;

/** Sections that announce each other: a file that is cut off between two of them is told by this alone. */
function judgeCounts(draft: ModuleDraft, size: number): void {
  const expected = draft.functionTypes.length - draft.importNames.length;
  if (draft.bodyCount !== expected) {
    refuseDamaged(size, `the file ends after ${draft.bodyCount} of ${expected} function bodies`);
  }
  const { announcedDataCount, dataCount } = draft;
  if (announcedDataCount !== null && announcedDataCount !== dataCount) {
    refuseDamaged(size, `the file ends after ${dataCount} of ${announcedDataCount} data segments`);
  }
}
