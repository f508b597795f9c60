import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";

/** A statement about the machine that is held by a property; its id is the one that reports and the table of planted bugs use. */
export interface Law {
  readonly id: string;
  readonly statement: string;
  /** How many cases `npm run test:long` draws; `npm test` draws the first half of them. FOLDOS_RUNS draws more, or fewer. */
  readonly runs: number;
  /** Checks cases from a seed on; what failed, if any did. */
  readonly check: (seed: number, runs: number) => Verdict;
  /** As `check`, in a test: throws with the smallest case, the seed and the path that give it again. */
  readonly assert: () => void;
}

export interface Verdict {
  readonly failed: boolean;
  readonly runs: number;
  readonly shrinks: number;
  /** Steps, or parts, of the smallest case that fails. */
  readonly length: number;
  readonly message: string;
  readonly counterexample: string;
}

interface LawParts<Case> {
  readonly id: string;
  readonly statement: string;
  readonly runs: number;
  readonly cases: fc.Arbitrary<Case>;
  readonly holds: (drawn: Case) => void;
}

const share = process.env["FOLDOS_LONG_TESTS"] === "1" ? 1 : 0.5;

/** So many characters of a failure are kept for a report. */
const MESSAGE_CHARACTERS = 600;

export function law<Case>(parts: LawParts<Case>): Law {
  const { id, statement, runs, cases, holds } = parts;
  const property = fc.property(cases, (drawn) => holds(drawn));
  return {
    id,
    statement,
    runs,
    check: (seed, numRuns) => {
      const result = fc.check(property, { seed, numRuns });
      const smallest = result.counterexample?.[0];
      return {
        failed: result.failed,
        runs: result.numRuns,
        shrinks: result.numShrinks,
        length: lengthOf(smallest),
        message: String((result.errorInstance as Error | null)?.message ?? "").slice(0, MESSAGE_CHARACTERS),
        counterexample: fc.stringify(smallest),
      };
    },
    assert: () => {
      fc.assert(property, { numRuns: Number(process.env["FOLDOS_RUNS"] ?? Math.ceil(runs * share)) });
    },
  };
}

/** How many steps a case has: the length of the first list in it. */
function lengthOf(drawn: unknown): number {
  if (Array.isArray(drawn)) return drawn.length;
  if (typeof drawn !== "object" || drawn === null) return 1;
  const lists = Object.values(drawn).filter((value) => Array.isArray(value));
  return lists[0] === undefined ? 1 : (lists[0] as unknown[]).length;
}

/** A law is broken, and this is how. */
export function demand(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

export function demandEqual(got: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(got, expected)) return;
  throw new Error(`${what}: got ${show(got)}, expected ${show(expected)}`);
}

const show = (value: unknown): string => fc.stringify(value).slice(0, MESSAGE_CHARACTERS);
