/** A tree of files as a beginner would write it: maps, arrays and loops, and nothing of the kernel's. */
import type { ModelTree } from "../../devices/host-directory/model-directory.ts";

const BLOCK = 1000;
const MOST_LINKS = 40;

/** Contents of any size: blocks of a size that the kernel does not know, made when they are written. */
class OracleBytes {
  size = 0;
  readonly #blocks = new Map<number, Uint8Array>();

  write(offset: number, bytes: Uint8Array): void {
    bytes.forEach((byte, index) => this.#set(offset + index, byte));
    if (bytes.length > 0) this.size = Math.max(this.size, offset + bytes.length);
  }

  read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = this.#get(offset + index);
    return bytes;
  }

  resize(size: number): void {
    for (const [number, block] of this.#blocks) {
      const start = number * BLOCK;
      if (start + BLOCK > size) block.fill(0, Math.max(0, Math.min(BLOCK, size - start)));
    }
    this.size = size;
  }

  #set(at: number, byte: number): void {
    const number = Math.floor(at / BLOCK);
    const block = this.#blocks.get(number) ?? new Uint8Array(BLOCK);
    this.#blocks.set(number, block);
    block[at - number * BLOCK] = byte;
  }

  #get(at: number): number {
    const number = Math.floor(at / BLOCK);
    return this.#blocks.get(number)?.[at - number * BLOCK] ?? 0;
  }
}

export interface OracleNode {
  readonly kind: "file" | "directory" | "link";
  readonly root: string;
  readonly names: Map<string, OracleNode>;
  readonly bytes: OracleBytes;
  readonly target: string;
  links: number;
  /** A directory that was taken away. */
  isGone: boolean;
}

export const newNode = (kind: OracleNode["kind"], root: string, target = ""): OracleNode => ({
  kind,
  root,
  names: new Map(),
  bytes: new OracleBytes(),
  target,
  links: 0,
  isGone: false,
});

export function plantNode(tree: ModelTree | Uint8Array | string, root: string): OracleNode {
  if (typeof tree === "string") return newNode("link", root, tree);
  if (ArrayBuffer.isView(tree)) {
    const file = newNode("file", root);
    file.bytes.write(0, tree as Uint8Array);
    return file;
  }
  const directory = newNode("directory", root);
  for (const [name, below] of Object.entries(tree)) addNode(directory, name, plantNode(below, root));
  return directory;
}

export function addNode(parent: OracleNode, name: string, node: OracleNode): void {
  parent.names.set(name, node);
  node.links += 1;
}

export function removeNode(parent: OracleNode, name: string): void {
  const node = parent.names.get(name);
  if (node === undefined) return;
  parent.names.delete(name);
  node.links -= 1;
  if (node.kind === "directory") node.isGone = true;
}

export function isBelow(node: OracleNode, ancestor: OracleNode): boolean {
  return node === ancestor || [...ancestor.names.values()].some((below) => isBelow(node, below));
}

/** Where a path leads: the directory and name that it ends in, what is there, and whether it asks for a directory. */
export interface OraclePlace {
  /** Null if the path ends in `.` or `..` or goes nowhere at all. */
  readonly parent: OracleNode | null;
  readonly name: string;
  readonly node: OracleNode | null;
  readonly asksDirectory: boolean;
  readonly endsInDot: boolean;
}

/** Follows a path from a directory, and never leaves it; null for one that does not lead anywhere. */
export function findPlace(
  base: OracleNode,
  path: string,
  follow: boolean,
  followBeforeSlash: boolean,
): OraclePlace | null {
  const bytes = new TextEncoder().encode(path).length;
  if (path === "" || path.startsWith("/") || path.includes("\0") || bytes >= 4096) return null;
  const way: OracleNode[] = [base];
  let parts = path.split("/");
  let asksDirectory = endsOpen(parts);
  let links = 0;
  let last: Pick<OraclePlace, "parent" | "name" | "node"> = { parent: null, name: ".", node: base };
  while (parts.length > 0) {
    const [part = "", ...rest] = parts;
    parts = rest;
    if (part === "" || part === ".") continue;
    if (new TextEncoder().encode(part).length > 255) return null;
    const here = way.at(-1) as OracleNode;
    if (here.kind !== "directory") return null;
    const isLast = rest.every((one) => one === "" || one === ".");
    if (part === "..") {
      way.pop();
      if (way.length === 0) return null;
      last = { parent: null, name: "..", node: way.at(-1) as OracleNode };
      continue;
    }
    const node = here.names.get(part) ?? null;
    if (node === null) {
      if (!isLast) return null;
      return { parent: here, name: part, node: null, asksDirectory, endsInDot: endsInDot(path) };
    }
    const follows = !isLast || follow || (asksDirectory && followBeforeSlash);
    if (node.kind === "link" && follows) {
      links += 1;
      if (links > MOST_LINKS || node.target.startsWith("/")) return null;
      const target = node.target.split("/");
      if (isLast && endsOpen(target)) asksDirectory = true;
      parts = [...target, ...rest.filter((one) => one !== "" && one !== ".")];
      continue;
    }
    if (!isLast && node.kind !== "directory") return null;
    way.push(node);
    last = { parent: here, name: part, node };
  }
  return { ...last, asksDirectory, endsInDot: endsInDot(path) };
}

const endsOpen = (parts: readonly string[]): boolean => parts.at(-1) === "" || parts.at(-1) === ".";
const endsInDot = (path: string): boolean =>
  path
    .split("/")
    .filter((part) => part !== "")
    .at(-1) === ".";
