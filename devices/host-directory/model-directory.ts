/**
 * A directory of a host that is plain data: the pure model of host-directory.ts, which reads, and of host-writer.ts, which carries
 * out. A machine cannot tell whether it has the model or the host, which is what lets a property run a thousand machines.
 */
import { errno } from "../../core/errno.ts";
import { utf8Length } from "../../core/utf8.ts";
import type { Demand } from "../../reducers/decide/decision.ts";
import type { HostEffect } from "../../reducers/effects/effect.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import type { KernelFact } from "../../reducers/kernel-event.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import type { DeviceFact, DirectoryDevice } from "../device.ts";
import { SparseBytes } from "./sparse-bytes.ts";
import { hostPath, listingFacts, withoutBytes } from "./directory-facts.ts";

/** What a model begins with: directories by their names, files by their bytes, links by their target. */
export type ModelTree = { readonly [name: string]: ModelTree | Uint8Array | string };

/** A file, directory or link of the model. Hard links are one node under several names. */
export interface ModelNode {
  readonly kind: number;
  readonly names: Map<string, ModelNode>;
  readonly bytes: SparseBytes;
  readonly target: string;
}

/** Node's errors have a code, and so has the model's, for `hostErrno`. */
class ModelError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** When all that the model holds was made, read and changed: 2020-01-01T00:00Z. */
const MODEL_SECONDS = 1_577_836_800;

interface Bytes {
  copyTo(target: Uint8Array, targetOffset: number, position: number, length: number): void;
}

function plant(tree: ModelTree | Uint8Array | string): ModelNode {
  if (typeof tree === "string") return newNode(fileType.symlink, tree);
  if (ArrayBuffer.isView(tree)) {
    const file = newNode(fileType.regular);
    file.bytes.write(0, tree as Uint8Array);
    return file;
  }
  const directory = newNode(fileType.directory);
  for (const [name, below] of Object.entries(tree)) directory.names.set(name, plant(below));
  return directory;
}

const newNode = (kind: number, target = ""): ModelNode => ({
  kind,
  names: new Map(),
  bytes: new SparseBytes(),
  target,
});

export class ModelDirectory implements DirectoryDevice {
  readonly root: ModelNode;
  /** What a mount of it is called. */
  readonly path: string;

  /** `path` is what a mount of it is called, as a directory of the host has a path. */
  constructor(path: string, tree: ModelTree) {
    this.path = path;
    this.root = plant(tree);
  }

  answer(state: KernelState, demand: Demand): readonly DeviceFact[] {
    const { files } = state;
    switch (demand.need) {
      case "listing": {
        const node = this.#find(hostPath(files, demand.inode));
        if (node === null || node.kind !== fileType.directory) return [failed(demand.inode, node)];
        const entries = [...node.names].map(([name, below]) => ({ name, kind: below.kind }));
        return listingFacts(files, demand.inode, entries);
      }
      case "node": {
        const node = this.#find(`${hostPath(files, demand.directory)}/${demand.name}`);
        if (node !== null) return [withoutBytes(examinedNode(node, demand))];
        return [withoutBytes({ type: "host/node-vanished", directory: demand.directory, name: demand.name })];
      }
      case "content": {
        const { inode, offset, length } = demand;
        const node = this.#find(hostPath(files, inode));
        if (node === null || node.kind !== fileType.regular) return [failed(inode, node)];
        const bytes = node.bytes.read(offset, length);
        return [{ fact: { type: "host/content-read", inode, offset, position: state.head, length }, bytes }];
      }
    }
  }

  /** The fact that says what the root is, for the inode that a mount gave it. */
  examinedRoot(inode: number): KernelFact {
    return examinedNode(this.root, { inode, directory: 0, name: "" });
  }

  /** Carries out a change as HostWriter does: once more is no harm. Throws an error with a code. */
  carryOut(effect: HostEffect, bytes: Bytes): void {
    switch (effect.kind) {
      case "create-file":
        return this.#add(effect.path, newNode(fileType.regular));
      case "create-directory":
        return this.#add(effect.path, newNode(fileType.directory));
      case "create-symlink":
        return this.#add(effect.path, newNode(fileType.symlink, effect.target));
      case "link":
        return this.#add(effect.path, this.#node(effect.existing));
      case "remove-file":
      case "remove-directory":
        return this.#remove(effect.path, effect.kind === "remove-directory");
      case "rename":
        return this.#rename(effect.from, effect.path);
      case "write": {
        const written = new Uint8Array(effect.length);
        bytes.copyTo(written, 0, effect.position, effect.length);
        return this.#file(effect.path).bytes.write(effect.offset, written);
      }
      case "resize":
        return this.#file(effect.path).bytes.resize(effect.size);
      case "set-times":
      case "sync":
        this.#node(effect.path);
    }
  }

  #find(path: string): ModelNode | null {
    if (path !== this.path && !path.startsWith(`${this.path}/`)) return null;
    let node: ModelNode | undefined = this.root;
    for (const name of path
      .slice(this.path.length)
      .split("/")
      .filter((part) => part !== "")) {
      node = node?.names.get(name);
    }
    return node ?? null;
  }

  #node(path: string): ModelNode {
    const node = this.#find(path);
    if (node === null) throw new ModelError("ENOENT");
    return node;
  }

  #file(path: string): ModelNode {
    const node = this.#node(path);
    if (node.kind !== fileType.regular)
      throw new ModelError(node.kind === fileType.directory ? "EISDIR" : "ELOOP");
    return node;
  }

  #parent(path: string): { readonly names: Map<string, ModelNode>; readonly name: string } {
    const slash = path.lastIndexOf("/");
    const parent = this.#node(path.slice(0, slash));
    if (parent.kind !== fileType.directory) throw new ModelError("ENOTDIR");
    return { names: parent.names, name: path.slice(slash + 1) };
  }

  #add(path: string, node: ModelNode): void {
    const { names, name } = this.#parent(path);
    if (!names.has(name)) names.set(name, node);
  }

  #remove(path: string, asDirectory: boolean): void {
    const { names, name } = this.#parent(path);
    const node = names.get(name);
    if (node === undefined) return;
    const isDirectory = node.kind === fileType.directory;
    if (isDirectory !== asDirectory) throw new ModelError(isDirectory ? "EISDIR" : "ENOTDIR");
    if (node.names.size > 0) throw new ModelError("ENOTEMPTY");
    names.delete(name);
  }

  #rename(from: string, path: string): void {
    const source = this.#parent(from);
    const target = this.#parent(path);
    const node = source.names.get(source.name);
    if (node === undefined && target.names.has(target.name)) return;
    if (node === undefined) throw new ModelError("ENOENT");
    if ((target.names.get(target.name)?.names.size ?? 0) > 0) throw new ModelError("ENOTEMPTY");
    source.names.delete(source.name);
    target.names.set(target.name, node);
  }
}

function failed(inode: number, node: ModelNode | null): DeviceFact {
  const what = node === null ? errno.noent : node.kind === fileType.directory ? errno.isdir : errno.notdir;
  return withoutBytes({ type: "host/read-failed", inode, errno: what });
}

function sizeOf(node: ModelNode): number {
  return node.kind === fileType.symlink ? utf8Length(node.target) : node.bytes.size;
}

const examinedNode = (
  node: ModelNode,
  place: { readonly inode: number; readonly directory: number; readonly name: string },
): KernelFact => ({
  type: "host/node-examined",
  inode: place.inode,
  directory: place.directory,
  name: place.name,
  kind: node.kind,
  size: sizeOf(node),
  readable: true,
  writable: "yes",
  accessedSeconds: MODEL_SECONDS,
  accessedNanos: 0,
  modifiedSeconds: MODEL_SECONDS,
  modifiedNanos: 0,
  changedSeconds: MODEL_SECONDS,
  changedNanos: 0,
  target: node.target,
});
