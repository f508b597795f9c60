/**
 * Names of objects, as they are shown and as they can be typed: `file:/text.txt`, `directory:/`, `pipe:1`, `endpoint:3`, `#345`. Where
 * processes know different files by one path, its inode stands behind it: `file:/text.txt:inode:7`.
 */
import { nearestWord } from "../../core/nearest-word.ts";
import { fail, ok, type Result } from "../../core/result.ts";
import { peek, rowsOf } from "../../core/table.ts";
import type { KernelState } from "../../reducers/kernel-state.ts";
import { fileType } from "../../reducers/hosts/host-event.ts";
import { findFile } from "../find-file.ts";
import { type GuestPaths, plainPath, type Preopen } from "../guest-paths.ts";
import { isSingle, isThere, type ObjectRef, type RefKind, refKinds } from "./object-ref.ts";

/** What a word names: an object, or one capability. */
export type Wanted = ObjectRef | { readonly kind: "capability"; readonly id: number };

const consoles = ["input", "output", "error"] as const;
const clocks = ["realtime", "monotonic"] as const;
/** Words for the numbers of some kinds. */
const words: Partial<Record<RefKind, readonly string[]>> = { console: consoles, clock: clocks };
const typedKinds: readonly string[] = [
  ...refKinds.filter((kind) => kind !== "void"),
  "directory",
  "capability",
];
const MAX_ID = 2 ** 31 - 1;
/** Names told when none is near. */
const TOLD_NAMES = 8;

export class ObjectNames {
  readonly #state: KernelState;
  readonly #paths: GuestPaths;
  readonly #files = new Map<number, string>();

  constructor(state: KernelState, paths: GuestPaths) {
    this.#state = state;
    this.#paths = paths;
  }

  nameOf({ kind, id }: ObjectRef): string {
    if (kind === "file") return this.#fileName(id);
    if (isSingle(kind)) return kind;
    return `${kind}:${words[kind]?.[id] ?? id}`;
  }

  /** The path by which whoever asks finds an inode again; null if there is none, or if it is another's, too. */
  pathOf(inode: number): string | null {
    const path = this.#paths.pathOf(this.#state.files, inode);
    if (path === null) return null;
    const found = this.#inodesAt(path);
    return found.ok && found.value.length === 1 && found.value[0] === inode ? path : null;
  }

  #fileName(inode: number): string {
    let name = this.#files.get(inode);
    if (name === undefined) {
      const isDirectory = peek(this.#state.files.inodes, inode)?.kind === fileType.directory;
      name = `${isDirectory ? "directory" : "file"}:${this.#pathText(inode)}`;
      this.#files.set(inode, name);
    }
    return name;
  }

  #pathText(inode: number): string {
    const path = this.#paths.knownPathOf(this.#state.files, inode);
    if (path === null) return `inode:${inode}`;
    return this.pathOf(inode) === null ? `${path}:inode:${inode}` : path;
  }

  /** The other paths that lead to a file or directory, a few of them: those of its other names, and by which other processes know it. */
  otherPathsOf({ kind, id }: ObjectRef): readonly string[] {
    return kind === "file" ? this.#paths.pathsOf(this.#state.files, id, TOLD_NAMES).slice(1) : [];
  }

  /** What a word names at this moment, or why it names nothing. */
  find(word: string): Result<Wanted, string> {
    const capability = /(?:^|\/\d+)#(\d{1,15})$/.exec(word) ?? /^capability:(\d{1,15})$/.exec(word);
    if (capability !== null) return ok({ kind: "capability", id: Number(capability[1]) });
    const [, of, id] = /^([a-z]+)(?::[a-z0-9]+)?#(\d{1,15})$/.exec(word) ?? [];
    if (of !== undefined && typedKinds.includes(of)) return ok({ kind: "capability", id: Number(id) });
    const [, kind, rest] = /^([a-z]+):(.*)$/s.exec(word) ?? [];
    if (kind === undefined)
      return isSingle(word as RefKind) ? ok({ kind: word as RefKind, id: 0 }) : this.#file(word);
    if (kind === "file" || kind === "directory") return this.#file(rest as string);
    if (kind === "inode") return this.#file(word);
    if (typedKinds.includes(kind)) return this.#numbered(kind as RefKind, rest as string, word);
    const isPath = this.#file(word);
    if (isPath.ok) return isPath;
    const meant = nearestWord(kind, typedKinds);
    const advice = meant === null ? `there are ${typedKinds.join(", ")}` : `was \`${meant}:${rest}\` meant?`;
    return fail(`${word}: ${kind} is no kind of object; ${advice}`);
  }

  #numbered(kind: RefKind, rest: string, word: string): Result<Wanted, string> {
    const named = words[kind]?.indexOf(rest) ?? -1;
    const id = named >= 0 ? named : Number(rest);
    if (named < 0 && !/^\d{1,10}$/.test(rest)) {
      const known = words[kind] ?? [];
      const meant = nearestWord(rest, known);
      const advice = meant === null ? `${kind}:${known[0] ?? 1} is one` : `was \`${kind}:${meant}\` meant?`;
      return fail(`${word}: a number was expected behind ${kind}:, not ${JSON.stringify(rest)}; ${advice}`);
    }
    if (id <= MAX_ID && isThere(this.#state, { kind, id })) return ok({ kind, id });
    const there = this.#namesOf(kind);
    const advice = there.length === 0 ? `there is no ${kind}` : `there is ${there.join(", ")}`;
    return fail(`${word}: there is none at that moment; ${advice}`);
  }

  /** Some that there are of a kind. */
  #namesOf(kind: RefKind): readonly string[] {
    const known = words[kind];
    if (known !== undefined) return known.map((name) => `${kind}:${name}`);
    const names: string[] = [];
    for (const id of this.#idsOf(kind))
      if (names.push(`${kind}:${id}`) > TOLD_NAMES) return [...names.slice(0, TOLD_NAMES), "and more"];
    return names;
  }

  *#idsOf(kind: RefKind): Generator<number> {
    const { capabilities, pipes, processes } = this.#state;
    if (kind === "pipe") for (const [id] of rowsOf(pipes.rows)) yield id;
    else if (kind === "process" || kind === "reply") for (const [id] of rowsOf(processes.rows)) yield id;
    else for (const [id, object] of rowsOf(capabilities.objects)) if (object.kind === kind) yield id;
  }

  #file(word: string): Result<Wanted, string> {
    const found = this.#inodesAt(word);
    const inode = found.ok ? undefined : /^.+:(inode:\d{1,10})$/.exec(word)?.[1];
    if (inode !== undefined) return this.#file(inode);
    // A capability as it is shown where nobody needs its generation: `/text.txt#57`.
    const capability = found.ok ? undefined : /#(\d{1,15})$/.exec(word)?.[1];
    if (capability !== undefined) return ok({ kind: "capability", id: Number(capability) });
    if (!found.ok) return found;
    const [first, second] = found.value;
    if (first !== undefined && second === undefined) return ok({ kind: "file", id: first });
    const names = found.value.map((inode) => `inode:${inode}`).join(", ");
    return fail(`${word}: processes have different ones by this name; it is one of ${names}`);
  }

  /** The inodes that a path leads to: more than one where processes were granted different directories under one name. */
  #inodesAt(word: string): Result<readonly number[], string> {
    const { files } = this.#state;
    const rivals = this.#rivalsFor(word);
    const [first] = rivals;
    if (first === undefined || rivals.length === 1) {
      const found = findFile(files, this.#paths.preopens, word);
      return found.ok ? ok([found.value.id]) : found;
    }
    const inodes = rivals.flatMap((preopen) => {
      const found = findFile(files, [preopen], word);
      return found.ok ? [found.value.id] : [];
    });
    if (inodes.length > 0) return ok([...new Set(inodes)]);
    const none = findFile(files, [first], word);
    return none.ok ? ok([none.value.id]) : none;
  }

  /** The preopens that a path lies below by the longest label: mostly one. */
  #rivalsFor(word: string): readonly Preopen[] {
    if (word.startsWith("inode:")) return [];
    const path = plainPath(word);
    let longest = -1;
    let rivals: Preopen[] = [];
    for (const preopen of this.#paths.preopens) {
      const label = plainPath(preopen.label);
      const isAbove = label === "" || path === label || path.startsWith(`${label}/`);
      if (!isAbove || label.length < longest) continue;
      if (label.length > longest) rivals = [];
      longest = label.length;
      rivals.push(preopen);
    }
    return rivals;
  }
}
