import fc from "fast-check";
import { expectedReason, expectedRefusal } from "../rights-matrix/expected-refusal.ts";
import { everything, type Held, tryRow } from "../rights-matrix/matrix-scene.ts";
import type { RightsRow } from "../rights-matrix/rights-row.ts";
import { shortagesOf } from "../rights-matrix/shortages.ts";
import { rightsTable } from "../rights-matrix/rights-table.ts";
import { ALL_SPEC_RIGHTS, specRights } from "../rights-matrix/spec-rights.ts";
import { demand, demandEqual, type Law, law } from "./law.ts";

const NOTCAPABLE = 76;

/** Sets of rights near to all and near to none, where one right decides, and any others. */
const rights = fc.oneof(
  fc.nat(specRights.length - 1).map((bit) => ALL_SPEC_RIGHTS & ~(1 << bit)),
  fc
    .tuple(fc.nat(specRights.length - 1), fc.nat(specRights.length - 1))
    .map(([one, two]) => (1 << one) | (1 << two)),
  fc.nat(ALL_SPEC_RIGHTS),
  fc.constantFrom(0, ALL_SPEC_RIGHTS),
);
const held: fc.Arbitrary<Held> = fc.oneof(
  fc.record({ rights, inheriting: rights }),
  fc.record({ rights, inheriting: fc.constant(ALL_SPEC_RIGHTS) }),
  fc.record({ rights: fc.constant(ALL_SPEC_RIGHTS), inheriting: rights }),
  fc.constant(everything),
);

/** Every case in which one right decides. */
const shortages = rightsTable.flatMap((row) =>
  shortagesOf(row).map((short) => ({ row, ofEach: short.held })),
);

export function demandAsSpecified(row: RightsRow, ofEach: readonly Held[]): void {
  const what = `${row.call} ${row.form}`;
  const { decision, fds, isUnchanged, isSettled } = tryRow(row, ofEach);
  const expected = expectedRefusal(row, ofEach);
  demand(isSettled, `${what} is decided alike each time`);
  demand(isUnchanged, `${what} changes nothing while it is decided and refused`);
  if (expected === null) return demandEqual(decision.kind, "facts", what);
  demand(
    decision.kind === "refused",
    `${what} is refused, as ${expected.missing} is missing: ${decision.kind}`,
  );
  const { errno, reason, missing, slot = fds[0] } = decision;
  const wanted = {
    errno: row.always ?? NOTCAPABLE,
    reason: expectedReason(row),
    missing: expected.missing,
    slot: fds[expected.through],
  };
  demandEqual({ errno, reason, missing, slot }, wanted, what);
}

export const rightsLaws: readonly Law[] = [
  law({
    id: "B1-matrix",
    statement:
      "a call is answered if its capabilities have the rights that the specification names; else it is refused with ENOTCAPABLE, and with what is missing, and nothing has changed",
    runs: 600,
    cases: fc.oneof(
      fc.constantFrom(...shortages),
      fc.record({ row: fc.constantFrom(...rightsTable), ofEach: fc.tuple(held, held) }),
    ),
    holds: ({ row, ofEach }) => demandAsSpecified(row, ofEach),
  }),
];
