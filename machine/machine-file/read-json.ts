import { createScanner, type Node, type ParseError, parseTree, type SyntaxKind } from "jsonc-parser";
import { fail, ok, type Result } from "../../core/result.ts";
import type { TextFault } from "./decode-text.ts";

/** A text of JSON as values, and as a tree of nodes that know their places. */
export interface Json {
  readonly text: string;
  readonly value: unknown;
  readonly root: Node;
}

/** A machine file has 7 levels. The parser calls itself for each, so they are counted before it runs. */
export const MAX_DEPTH = 32;

// The package's enums are const, which a module compiled on its own cannot read.
const openings: readonly SyntaxKind[] = [1, 3];
const closings: readonly SyntaxKind[] = [2, 4];
const END: SyntaxKind = 17;

/**
 * Reads strict JSON (RFC 8259). Comments are refused: the file is for every program that reads JSON, and notes have a place in
 * `description`. Of a text that is no JSON only the first fault is told, as what comes behind it is guessed.
 */
export function readJson(text: string): Result<Json, TextFault> {
  const deep = tooDeep(text);
  if (deep !== null)
    return fail({
      text,
      offset: deep,
      what: `at most ${MAX_DEPTH} levels were expected`,
      advice: "take some out",
    });
  const faults: ParseError[] = [];
  const root = parseTree(text, faults, { disallowComments: true, allowTrailingComma: false });
  const [first] = faults;
  if (first !== undefined) return fail({ text, offset: first.offset, ...faultText(text, first) });
  const value = parsed(text);
  if (root === undefined || value === undefined)
    return fail({ text, offset: 0, what: "JSON was expected", advice: "write it as RFC 8259 has it" });
  return ok({ text, value: value.value, root });
}

/** The values: what makes the tree is lenient in corners, and gives a property `__proto__` to nobody. */
function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Where the first bracket is that opens too deep a level; null if none does. */
function tooDeep(text: string): number | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token = scanner.scan(); token !== END; token = scanner.scan()) {
    if (closings.includes(token)) depth -= 1;
    if (!openings.includes(token)) continue;
    depth += 1;
    if (depth > MAX_DEPTH) return scanner.getTokenOffset();
  }
  return null;
}

/** What was expected, by the parser's codes of errors. */
const expected: Readonly<Record<number, string>> = {
  1: "a value or a name in double quotes",
  2: "a number",
  3: "a name in double quotes",
  4: "a value",
  5: "a colon behind the name",
  6: "a comma between the two",
  7: "a closing }",
  8: "a closing ]",
  9: "nothing behind the end",
  10: "no comment",
  11: "the end of the comment",
  12: "the end of the text, a double quote",
  13: "the end of the number",
  14: "four hexadecimal digits behind \\u",
  15: 'one of " \\ / b f n r t u behind the \\',
  16: "a control character only as \\n, \\t or \\u001f",
};

function faultText(
  text: string,
  { error, offset }: ParseError,
): { readonly what: string; readonly advice: string } {
  const there = text.slice(offset, offset + 20).split("\n")[0] as string;
  const found = offset >= text.length ? "the end of the file" : JSON.stringify(there);
  const what = `${expected[error] ?? "JSON"} was expected, not ${found}`;
  if ((error as number) === 10) return { what, advice: "JSON has none; a `description` has room for it" };
  const isComma = (error as number) === 3 && text[offset] === "}";
  return { what, advice: isComma ? "take out the comma before it" : "look at what stands before it, too" };
}
