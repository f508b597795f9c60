import type { Node } from "jsonc-parser";
import { type JsonPath, shown } from "./json-path.ts";
import type { PlacedFinding } from "./machine-file-problem.ts";

const isText = (text: string): boolean => !/\0|\p{Surrogate}/u.test(text);

/** Names that an object has twice, of which JSON.parse would keep the last, and texts that are no Unicode or hold a NUL. */
export function judgeTexts(root: Node): readonly PlacedFinding[] {
  const faults: PlacedFinding[] = [];
  const visit = (node: Node, path: JsonPath): void => {
    if (node.type === "string") judgeText(node, path, faults);
    if (node.type === "array") node.children?.forEach((child, index) => visit(child, [...path, index]));
    if (node.type !== "object") return;
    const seen = new Map<string, number>();
    for (const { children = [] } of node.children ?? []) {
      const [key, value] = children;
      if (key === undefined || value === undefined) continue;
      const name = key.value as string;
      const own = [...path, name];
      judgeText(key, own, faults);
      const first = seen.get(name);
      if (first !== undefined) faults.push(twice(own, key, first));
      else seen.set(name, key.offset);
      visit(value, own);
    }
  };
  visit(root, []);
  return faults;
}

function judgeText({ value, offset }: Node, path: JsonPath, faults: PlacedFinding[]): void {
  if (isText(value as string)) return;
  const what = `a text of Unicode without NUL was expected, not ${shown(value)}`;
  faults.push({
    path,
    offset,
    what,
    advice: "take out \\u0000, and write \\ud83d\\ude00 for both halves of a character",
  });
}

function twice(path: JsonPath, { offset, value }: Node, firstOffset: number): PlacedFinding {
  const what = `${shown(value)} was expected once`;
  return { path, offset, firstOffset, what, advice: "rename or remove one of them" };
}
