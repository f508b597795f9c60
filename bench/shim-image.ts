/**
 * The outside of a program on `@bjorn3/browser_wasi_shim`, written down: its directory and its descriptors, with what
 * they share. Plain data that v8.serialize takes: each object of the shim's as its fields and the number of its class.
 */
import {
  ConsoleStdout,
  Directory,
  File,
  Inode,
  OpenDirectory,
  OpenFile,
  PreopenDirectory,
} from "@bjorn3/browser_wasi_shim";

type Fields = Record<string, unknown>;

export interface ShimImage {
  readonly outside: unknown;
  readonly nextInode: bigint;
  /** What was printed before. */
  readonly output: readonly Uint8Array[];
}

const KINDS: readonly { readonly prototype: object }[] = [
  ConsoleStdout,
  Directory,
  File,
  OpenDirectory,
  OpenFile,
  PreopenDirectory,
];

const kindOf = (value: unknown): number =>
  typeof value === "object" && value !== null
    ? KINDS.findIndex(({ prototype }) => Object.getPrototypeOf(value) === prototype)
    : -1;

export function plainOf(value: unknown, known = new Map<unknown, unknown>()): unknown {
  const seen = known.get(value);
  if (seen !== undefined) return seen;
  if (Array.isArray(value)) return value.map((one) => plainOf(one, known));
  if (value instanceof Map)
    return new Map(Array.from(value, ([name, one]: [unknown, unknown]) => [name, plainOf(one, known)]));
  const kind = kindOf(value);
  if (kind < 0) return value;
  const fields: Fields = { kind };
  known.set(value, fields);
  for (const [name, field] of Object.entries(value as Fields))
    if (typeof field !== "function") fields[name] = plainOf(field, known);
  return fields;
}

/** What plainOf was given, its consoles printing with `write`. */
export function shimOf(
  value: unknown,
  write: (bytes: Uint8Array) => void,
  known = new Map<unknown, unknown>(),
): unknown {
  const seen = known.get(value);
  if (seen !== undefined) return seen;
  if (Array.isArray(value)) return value.map((one) => shimOf(one, write, known));
  if (value instanceof Map)
    return new Map(Array.from(value, ([name, one]: [unknown, unknown]) => [name, shimOf(one, write, known)]));
  if (typeof value !== "object" || value === null || !("kind" in value)) return value;
  const { kind, ...fields } = value as Fields;
  const made = Object.create((KINDS[Number(kind)] as { prototype: object }).prototype) as Fields;
  known.set(value, made);
  for (const [name, field] of Object.entries(fields)) made[name] = shimOf(field, write, known);
  if (made instanceof ConsoleStdout) made.write = write;
  return made;
}

/** The number that the next file or console gets: the shim's only state beside its objects. */
export const inodes = Inode as unknown as { next_ino: bigint };
