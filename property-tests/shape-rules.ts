import type { SourceFile } from "./import-rules.ts";
import { maskSource } from "./mask-source.ts";

const longestFileLines = 300;
const longestFunctionLines = 60;

/** Generated tables, alone in their files, may be longer than a file that a person reads. */
const generatedTables: readonly string[] = [];

/** Maps of the machine: one exhaustive switch each, a case a line or two (docs/decisions/0004). */
const maps: readonly string[] = [
  "reducers/kernel.ts",
  "reducers/decide/decide.ts",
  "reducers/decide/decide-foldos.ts",
];

/** The whole top level, beside dot folders and what tools make. Another name needs a reason in docs/decisions. */
const topLevelFolders: readonly string[] = [
  "core",
  "reducers",
  "devices",
  "replay",
  "property-tests",
  "guests",
  "machine",
  "cli",
  "debugger",
  "docs",
  "bench",
  "dist",
  "node_modules",
];

const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const sourceSuffix = /(?:(?:\.long)?\.test|\.d)?\.(?:ts|mjs)$/;
const outputSuffix = /\.(?:js|js\.map|d\.ts|d\.ts\.map)$/;

/** A body follows a parameter list, with or without a return type and an arrow. */
const parameterListEnd = /\)(?:\s*:[^;{}()]*)?\s*(?:=>\s*)?$/;
const notAFunction = /\b(?:if|for|while|switch|catch|with|await)\s*$/;

const countLines = (text: string): number => text.replace(/\n$/, "").split("\n").length;

export function fileLengthProblems({ path, text }: SourceFile): readonly string[] {
  const lineCount = countLines(text);
  if (lineCount <= longestFileLines || generatedTables.includes(path)) return [];
  return [`${path}: ${lineCount} lines, and ${longestFileLines} are allowed`];
}

/** The offset of the bracket that opens what closes at `close`, or -1. */
function openingOf(code: string, close: number): number {
  let depth = 0;
  for (let index = close; index >= 0; index -= 1) {
    if (code[index] === ")") depth += 1;
    if (code[index] === "(") depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
}

/** Where the parameter list of the function begins whose body opens at `brace`, or -1 for another block. */
function functionStart(code: string, brace: number): number {
  const head = code.slice(0, brace);
  const end = parameterListEnd.exec(head.slice(-400));
  if (end === null) return -1;
  const start = openingOf(head, Math.max(0, head.length - 400) + end.index);
  return start < 0 || notAFunction.test(head.slice(0, start)) ? -1 : start;
}

function closingOf(code: string, brace: number): number {
  let depth = 0;
  for (let index = brace; index < code.length; index += 1) {
    if (code[index] === "{") depth += 1;
    if (code[index] === "}") depth -= 1;
    if (depth === 0) return index;
  }
  return code.length;
}

/**
 * Functions that are too long, found by counting braces: TypeScript 7 has only an unstable API. A body after a return
 * type with brackets of its own is missed; oxlint's max-lines-per-function reads the syntax tree and finds that too. A
 * `describe` is a chapter of tests, not a function.
 */
export function functionLengthProblems({ path, text }: SourceFile): readonly string[] {
  if (maps.includes(path)) return [];
  const code = maskSource(text);
  const problems: string[] = [];
  for (let brace = code.indexOf("{"); brace >= 0; brace = code.indexOf("{", brace + 1)) {
    const start = functionStart(code, brace);
    if (start < 0 || /\bdescribe\([^\n]*$/.test(code.slice(0, start))) continue;
    const lineCount = countLines(code.slice(start, closingOf(code, brace) + 1));
    if (lineCount <= longestFunctionLines) continue;
    const line = countLines(code.slice(0, start + 1));
    problems.push(
      `${path}:${line}: a function of ${lineCount} lines, and ${longestFunctionLines} are allowed`,
    );
  }
  return problems;
}

/** Names of files and their folders that are not kebab-case. */
export function nameProblems(path: string): readonly string[] {
  const words = path.replace(sourceSuffix, "").split("/");
  return words.every((word) => kebabCase.test(word)) ? [] : [`${path}: the name is not kebab-case`];
}

export function defaultExportProblems({ path, text }: SourceFile): readonly string[] {
  const isDefault = /^\s*export\s+(?:default\b|\{[^}]*\bas\s+default\b)/m.test(maskSource(text));
  return isDefault ? [`${path}: a default export; exports have names`] : [];
}

export function topLevelProblems(folders: readonly string[]): readonly string[] {
  return folders
    .filter((name) => !name.startsWith(".") && !topLevelFolders.includes(name))
    .map((name) => `${name}/: not a folder of the design (design.md 3)`);
}

/** Outputs in dist whose source is gone. Both lists are relative, to dist and to the root. */
/** What cli/bundle.mjs makes has no source of its own. */
const isBundle = (output: string): boolean => output.startsWith("bin/");

export function orphanProblems(outputs: readonly string[], sources: readonly string[]): readonly string[] {
  const known = new Set(sources);
  return outputs
    .filter((output) => !isBundle(output))
    .filter((output) => outputSuffix.test(output) && !known.has(output.replace(outputSuffix, ".ts")))
    .map((output) => `dist/${output}: its source is gone (node cli/set-up.mjs removes it)`);
}
