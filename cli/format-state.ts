import type { Output } from "./output.ts";
import { childCount, childrenOf, isRecord, isTable, plainOf } from "../replay/state-tree.ts";

/** Rows of one table that are shown, unless all are asked for. */
const SHOWN_ROWS = 20;
const SHOWN_ITEMS = 12;
const MAX_TEXT = 200;

/** Prints a part of a state as an indented tree; a table's rows stand under their keys. */
export function printTree(
  output: Output,
  value: unknown,
  options: { readonly path: string; readonly isWhole: boolean },
): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return output.line(formatLeaf(value, options.isWhole));
  printChildren(output, value, { ...options, indent: "" });
}

interface Place {
  readonly path: string;
  readonly isWhole: boolean;
  readonly indent: string;
}

function printChildren(output: Output, value: unknown, { path, isWhole, indent }: Place): void {
  let shown = 0;
  for (const [key, child] of childrenOf(value)) {
    const isRow = /^\d+$/.test(key);
    if (isRow && !isWhole && shown >= SHOWN_ROWS) {
      output.line(
        `${indent}... ${childCount(value) - shown} more; --all shows them, or one by its path: ${path === "" ? "" : `${path}/`}${key}`,
      );
      return;
    }
    shown += isRow ? 1 : 0;
    const below = { path: path === "" ? key : `${path}/${key}`, isWhole, indent: `${indent}  ` };
    if (!isRecord(child)) output.line(`${indent}${key}: ${formatLeaf(child, isWhole)}`);
    else if (childCount(child) === 0) output.line(`${indent}${key}: none`);
    else {
      output.line(`${indent}${key}${isTable(child) ? ` (${childCount(child)})` : ""}:`);
      printChildren(output, child, below);
    }
  }
}

function formatLeaf(value: unknown, isWhole: boolean): string {
  if (Array.isArray(value) && !isWhole && value.length > SHOWN_ITEMS) {
    return `${JSON.stringify(value.slice(0, SHOWN_ITEMS)).slice(0, -1)}, ... ${value.length - SHOWN_ITEMS} more]`;
  }
  const text = JSON.stringify(plainOf(value));
  return isWhole || text.length <= MAX_TEXT
    ? text
    : `${text.slice(0, MAX_TEXT)}... (${text.length} characters)`;
}

/** Writes a part of a state as JSON, piece by piece: it may be larger than a text can be. */
export function printJsonTree(output: Output, value: unknown): void {
  writeJson(output, value);
  output.line("");
}

function writeJson(output: Output, value: unknown): void {
  if (!isRecord(value)) return output.text(JSON.stringify(value));
  output.text("{");
  let separator = "";
  for (const [key, child] of childrenOf(value)) {
    output.text(`${separator}${JSON.stringify(key)}:`);
    writeJson(output, child);
    separator = ",";
  }
  output.text("}");
}
