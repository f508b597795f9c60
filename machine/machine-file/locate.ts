import type { Node } from "jsonc-parser";
import type { JsonPath } from "./json-path.ts";
import type { Finding } from "./machine-file-problem.ts";

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where findings stand in a text of JSON. Properties are looked up in tables that are made when they are first needed. */
export class Locator {
  readonly #root: Node;
  readonly #tables = new Map<Node, ReadonlyMap<string, Node>>();

  constructor(root: Node) {
    this.#root = root;
  }

  offsetOf({ path, at }: Pick<Finding, "path" | "at">): number {
    let node = this.#root;
    for (const [index, step] of path.entries()) {
      const found = this.#child(node, step);
      if (found === undefined) return node.offset;
      const [key, value] = found.type === "property" ? (found.children ?? []) : [found, found];
      if (at === "key" && index === path.length - 1) return (key ?? found).offset;
      node = value ?? found;
    }
    return node.offset;
  }

  /** A property or an item. */
  #child(node: Node, step: JsonPath[number]): Node | undefined {
    if (typeof step === "number") return node.children?.[step];
    if (node.type !== "object") return undefined;
    let table = this.#tables.get(node);
    if (table === undefined) {
      table = new Map(node.children?.map((child) => [String(child.children?.[0]?.value), child]));
      this.#tables.set(node, table);
    }
    return table.get(step);
  }
}

/** The line and column of an offset, both from 1. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const lineStart = Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1;
  return { line: before.split(/\r\n|\r|\n/).length, column: offset - lineStart + 1 };
}
