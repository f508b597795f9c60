import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { examined, hostDirectory } from "../../devices/host-directory/host-directory.ts";
import type { ModelNode, ModelTree } from "../../devices/host-directory/model-directory.ts";
import type { ByteSource } from "../../guests/wasi/wasi-call.ts";
import { EffectReleaser } from "../../machine/effect-releaser.ts";
import { ReleaseCursor } from "../../machine/release-cursor.ts";
import type { Demand } from "../../reducers/decide/decision.ts";
import type { HostEffect } from "../../reducers/effects/effect.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { demandEqual } from "../laws/law.ts";
import type { HostSide } from "./model-machine.ts";

/** A directory on this computer's disk, behind the same side as the model. */
export class RealHost implements HostSide {
  readonly path: string;
  readonly #cursor: ReleaseCursor;
  readonly #releaser: EffectReleaser;

  /** Plants the tree at a path that is not there yet; `notes` is a directory for the cursor. */
  constructor(path: string, tree: ModelTree, notes: string) {
    this.path = path;
    plantOnDisk(path, tree);
    this.#cursor = new ReleaseCursor(notes);
    this.#releaser = new EffectReleaser(this.#cursor, (stream) => stream);
  }

  answer(state: KernelState, demand: Demand) {
    return hostDirectory.answer(state, demand);
  }

  examinedRoot(inode: number) {
    return examined(this.path, { inode, directory: 0, name: "", mode: "write-through" });
  }

  carryOut(effect: HostEffect, bytes: ByteSource): void {
    const seq = this.#cursor.seq;
    const failures = this.#releaser.release([{ ...effect, seq, endSeq: seq + 1 }], bytes);
    demandEqual(failures, [], `what became of ${effect.kind} of ${effect.path}`);
  }

  close(): void {
    this.#releaser.close();
    this.#cursor.close();
  }
}

function plantOnDisk(path: string, tree: ModelTree): void {
  mkdirSync(path);
  for (const [name, below] of Object.entries(tree)) {
    const place = join(path, name);
    if (typeof below === "string") symlinkSync(below, place);
    else if (ArrayBuffer.isView(below)) writeFileSync(place, below as Uint8Array);
    else plantOnDisk(place, below as ModelTree);
  }
}

/** Contents are told whole up to this size, beyond by their size alone. */
const TOLD_BYTES = 1 << 20;

/** A tree in lines: what a directory holds, each name with its kind, size, target and contents. */
export function describeDisk(path: string, name = ""): readonly string[] {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return [`${name} -> ${readlinkSync(path)}`];
  if (!stats.isDirectory()) {
    const told = stats.size > TOLD_BYTES ? "" : readFileSync(path).toString("base64");
    return [`${name} ${stats.size} ${told}`];
  }
  const below = readdirSync(path).flatMap((entry) => describeDisk(join(path, entry), `${name}/${entry}`));
  return [`${name}/`, ...below].sort();
}

export function describeModel(node: ModelNode, name = ""): readonly string[] {
  const isDirectory = node.kind === 3;
  if (isDirectory) {
    const below = [...node.names].flatMap(([entry, child]) => describeModel(child, `${name}/${entry}`));
    return [`${name}/`, ...below].sort();
  }
  if (node.target !== "") return [`${name} -> ${node.target}`];
  const { size } = node.bytes;
  const told = size > TOLD_BYTES ? "" : Buffer.from(node.bytes.read(0, size)).toString("base64");
  return [`${name} ${size} ${told}`];
}
