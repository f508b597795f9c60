import type { RefusalReason } from "../../core/refusal-reason.ts";
import type { Held } from "./matrix-scene.ts";
import { lackedOf, type RightsRow } from "./rights-row.ts";

/** What the specification has a call refused with: about which of its descriptors, and what is missing of it. */
export interface ExpectedRefusal {
  /** Its place in the row. */
  readonly through: number;
  readonly missing: number;
}

/** The reason that goes with it. Who narrows rights lacks none: he asks for more than there are. */
export function expectedReason({ always, call }: RightsRow): RefusalReason {
  if (always !== undefined) return "none";
  return call === "fd_fdstat_set_rights" ? "would-widen" : "lacks-right";
}

/** What is not held comes first, descriptor by descriptor; then what is not handed on. Null: the call is answered. */
export function expectedRefusal(row: RightsRow, held: readonly Held[]): ExpectedRefusal | null {
  if (row.always !== undefined) return { through: 0, missing: 0 };
  const lacks = row.through.map(({ rights, inheriting }, index) => {
    const { rights: own = 0, inheriting: handed = 0 } = held[index] ?? {};
    return { own: lackedOf(rights, own), handed: lackedOf(inheriting, handed) };
  });
  const both = lacks.map(({ own, handed }) => own | handed);
  return row.atOnce === true
    ? firstOf(both)
    : (firstOf(lacks.map(({ own }) => own)) ?? firstOf(lacks.map(({ handed }) => handed)));
}

function firstOf(missing: readonly number[]): ExpectedRefusal | null {
  const through = missing.findIndex((rights) => rights !== 0);
  return through < 0 ? null : { through, missing: missing[through] as number };
}
