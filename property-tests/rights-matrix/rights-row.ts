/** What a row of the matrix says: a call in one of its forms, and what it needs of each descriptor that it names. */
import type { Request } from "../../reducers/decide/request.ts";
import { bitOf, type SpecRight } from "./spec-rights.ts";

/** A right; or several, any one of which will do, with the least first: that is the one named as missing. */
export type Need = SpecRight | readonly SpecRight[];

/** What a descriptor is of: the scene (matrix-scene.ts) has one of each. */
export type SceneObject =
  | "file"
  | "directory"
  | "other directory"
  | "input"
  | "output"
  | "pipe reader"
  | "pipe writer"
  | "null";

/** A descriptor of a call, with what must be held of its object, and what must be handed on by it. */
export interface Through {
  readonly object: SceneObject;
  readonly rights: readonly Need[];
  readonly inheriting: readonly Need[];
}

export interface RightsRow {
  readonly call: Request["call"];
  readonly form: string;
  /** In the order in which a refusal looks at them. */
  readonly through: readonly Through[];
  /** Of what is in order but for rights. `fds` are of the objects in `through`. */
  readonly request: (...fds: readonly number[]) => Request;
  /** Whether what may not be handed on is told together with what is not held, and not only behind it. */
  readonly atOnce?: true;
  /** The errno that it has whatever rights there are: see `noSockets`. */
  readonly always?: number;
}

export const on = (object: SceneObject, ...rights: readonly Need[]): Through => ({
  object,
  rights,
  inheriting: [],
});

export const handing = (through: Through, ...inheriting: readonly Need[]): Through => ({
  ...through,
  inheriting,
});

/** The rights of one need, the least first. */
export const choicesOf = (need: Need): readonly SpecRight[] => (typeof need === "string" ? [need] : need);

/** What of some needs a set does not fulfil, as a set: of each the least right that would do. */
export function lackedOf(needs: readonly Need[], held: number): number {
  let lacked = 0;
  for (const need of needs) {
    const choices = choicesOf(need);
    if (choices.some((right) => (held & bitOf(right)) !== 0)) continue;
    const [least] = choices;
    if (least !== undefined) lacked |= bitOf(least);
  }
  return lacked;
}
