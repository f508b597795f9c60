import { lutimesSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DirectoryGrant } from "../../machine/boot.ts";
import type { Recipe } from "./recipe.ts";

/** 2001, and 2100: a time of access that lies ahead is left alone by file systems that note accesses now and then. */
const MODIFIED = new Date(1_000_000_000_000);
const ACCESSED = new Date(4_102_444_800_000);

/** The files of a tree: name and size. */
const files = [
  ["a", 10],
  ["b", 5_000],
  ["dir/a", 20_000],
  ["dir/b", 4_096],
  ["dir/sub/a", 1],
  ["dir/sub/12", 300],
  ["empty/.keep", 0],
] as const;
/** Its links: target and name. */
const links = [
  ["dir", "link"],
  ["loop", "loop"],
  ["../a", "dir/up"],
  ["/dir/b", "dir/absolute"],
] as const;
/** More names than one page of a directory holds. */
const WIDE = 70;

export function plantTree(root: string): void {
  mkdirSync(join(root, "dir", "sub"), { recursive: true });
  mkdirSync(join(root, "empty"));
  for (const [name, size] of files) plantFile(join(root, name), size);
  for (let number = 0; number < WIDE; number += 1)
    plantFile(join(root, "dir", String(number + 10)), number * 3);
  for (const [target, name] of links) plantLink(target, join(root, name));
  for (const name of ["dir/sub", "dir", "empty", ""]) utimesSync(join(root, name), ACCESSED, MODIFIED);
}

function plantLink(target: string, path: string): void {
  symlinkSync(target, path);
  lutimesSync(path, ACCESSED, MODIFIED);
}

function plantFile(path: string, size: number): void {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 1) bytes[at] = (at * 31 + size) & 0xff;
  writeFileSync(path, bytes);
  utimesSync(path, ACCESSED, MODIFIED);
}

/** Where the directories of a campaign's recordings stand. */
export class HostScenes {
  readonly #place: string;
  readonly #tree: string;

  constructor(place: string) {
    this.#place = place;
    this.#tree = join(place, "tree");
  }

  /** The tree that recordings see and never change. Planted once for a campaign. */
  plantShared(): void {
    plantTree(this.#tree);
  }

  /** What a recording is given, each time as if it were the first. */
  prepare({ number, shape }: Recipe): readonly DirectoryGrant[] {
    const own = join(this.#place, `host-${number}`);
    rmSync(own, { recursive: true, force: true });
    if (shape !== "copy") mkdirSync(own, { recursive: true });
    if (shape === "through") plantTree(own);
    const through = { host: own, guest: "/", mode: "write-through" } as const;
    const copied = { host: this.#tree, guest: shape === "copy" ? "/" : "/tree", mode: "copy" } as const;
    const fixed = { host: this.#tree, guest: "/fixed", mode: "read-only" } as const;
    if (shape === "copy") return [copied];
    return shape === "several" ? [through, copied, fixed] : [through];
  }

  remove({ number }: Recipe): void {
    rmSync(join(this.#place, `host-${number}`), { recursive: true, force: true });
  }
}
