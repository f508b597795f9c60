/** Rules about who may ever hold and do what, over all of a recording. As they are once a policy file is judged (docs/policies.md). */
import { fail, ok, type Result } from "../../core/result.ts";
import { nearestWord } from "../../core/nearest-word.ts";
import { allRightsOf, namesOfRights } from "../../core/object-rights.ts";
import { plainPath } from "../guest-paths.ts";
import { type RefKind, refKinds } from "./object-ref.ts";

export interface Policy {
  readonly rules: readonly PolicyRule[];
}

export type PolicyRule = { readonly name: string } & (
  | {
      /** Whoever ever held something does something no more from then on. */
      readonly rule: "never-after";
      readonly processes: readonly string[];
      readonly held: HoldPattern;
      /** What it does no more: `then` in the file. */
      readonly use: UsePattern;
    }
  | {
      /** The processes never hold it. */
      readonly rule: "never-holds";
      readonly processes: readonly string[];
      readonly held: HoldPattern;
    }
  | {
      /** Nobody but the processes ever holds it. */
      readonly rule: "only";
      readonly processes: readonly string[];
      readonly held: HoldPattern;
    }
  | {
      /** At no moment more than so many processes hold it. */
      readonly rule: "at-most";
      readonly count: number;
      readonly held: HoldPattern;
    }
);

export const ruleKinds = ["never-after", "never-holds", "only", "at-most"] as const;

/** A capability to such an object, with at least one of the rights, or with any if none is named. */
export interface HoldPattern {
  readonly object: ObjectPattern;
  readonly rights: readonly string[];
}

/** An event of such a type, about such an object, that needed one of the rights; what is not said may be any. */
export interface UsePattern {
  readonly object: ObjectPattern | null;
  readonly rights: readonly string[];
  readonly events: readonly string[];
}

export interface ObjectPattern {
  /** Null: any. */
  readonly kind: RefKind | null;
  readonly id: number | null;
  /** Of files: a path without slashes at its ends, and whether all below it is meant, too. */
  readonly path: string | null;
  readonly isBelow: boolean;
}

const words: Partial<Record<RefKind, readonly string[]>> = {
  console: ["input", "output", "error"],
  clock: ["realtime", "monotonic"],
};
const patternKinds: readonly string[] = [...refKinds.filter((kind) => kind !== "void"), "under", "directory"];
const any: ObjectPattern = { kind: null, id: null, path: null, isBelow: false };

/** `*`, `endpoint:*`, `endpoint:3`, `console:output`, `entropy`, `file:/text.txt`, `under:/secrets`. */
export function parseObjectPattern(word: string): Result<ObjectPattern, string> {
  if (word === "*") return ok(any);
  const [, kind, rest] = /^([a-z]+)(?::(.*))?$/s.exec(word) ?? [];
  if (kind === undefined || !patternKinds.includes(kind)) return fail(unknownKind(word, kind ?? word));
  if (kind === "under" || kind === "directory" || kind === "file") return pathPattern(kind, rest);
  const of = { ...any, kind: kind as RefKind };
  if (rest === undefined || rest === "*") return ok(of);
  const named = words[of.kind]?.indexOf(rest) ?? -1;
  if (named < 0 && !/^\d{1,10}$/.test(rest))
    return fail(`a number or * was expected behind ${kind}:, not ${JSON.stringify(rest)}`);
  return ok({ ...of, id: named >= 0 ? named : Number(rest) });
}

function pathPattern(kind: string, rest: string | undefined): Result<ObjectPattern, string> {
  if (rest === undefined || rest === "")
    return fail(`a path was expected behind ${kind}:, as ${kind}:/secrets`);
  if (rest === "*" && kind !== "under") return ok({ ...any, kind: "file" });
  return ok({ ...any, kind: "file", path: plainPath(rest), isBelow: kind === "under" });
}

function unknownKind(word: string, kind: string): string {
  const meant = nearestWord(kind, patternKinds);
  const next =
    meant === null ? `one of ${patternKinds.join(", ")} or * was expected` : `was \`${meant}\` meant?`;
  return `${JSON.stringify(word)} names no object; ${next}`;
}

/** Whether a path is one that is meant. */
export function matchesPath({ path, isBelow }: ObjectPattern, guestPath: string | null): boolean {
  if (path === null) return true;
  if (guestPath === null) return false;
  const plain = plainPath(guestPath);
  return plain === path || (isBelow && (path === "" || plain.startsWith(`${path}/`)));
}

/** All names that rights have, of any kind of object. */
export const rightNames: readonly string[] = [
  ...new Set(
    refKinds.flatMap((each) => {
      const kind = each === "pipe" ? "pipe-reader" : each;
      return namesOfRights(kind, allRightsOf(kind));
    }),
  ),
];

/** Whether a process is one of those that are named: by its pid as `process:1`, or by the name that it has in the machine. */
export const isOneOf = (processes: readonly string[], pid: number, name: string): boolean =>
  processes.length === 0 || processes.includes(name) || processes.includes(`process:${pid}`);
