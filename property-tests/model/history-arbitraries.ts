import fc from "fast-check";
import { allRights } from "../../core/rights.ts";
import type { FoldosRequest } from "../../reducers/decide/foldos-request.ts";
import type { HistoryStep } from "./history-machine.ts";
import { stepsOf } from "./step-arbitraries.ts";

const slot = fc.nat(14);
const rights = fc.oneof(
  fc.constantFrom(allRights, 1, 3, 15, 0),
  fc.nat(allRights).map((some) => some | 0x2042),
  fc.nat(allRights),
);
const index = fc.nat(2);
const one = <Call extends FoldosRequest["call"]>(...calls: readonly Call[]): fc.Arbitrary<Call> =>
  fc.constantFrom(...calls);

const minting = {
  fd: slot,
  rights,
  inheriting: rights,
  hasUnknown: fc.constant(false),
  badge: fc.constantFrom(0, 0, 0, 5),
};

const requests: fc.Arbitrary<FoldosRequest> = fc.oneof(
  fc.record({ call: one("cap_copy", "cap_weaken", "cap_copy"), fd: slot }),
  fc.record({ call: one("cap_revoke", "cap_delete", "cap_examine", "budget_examine"), fd: slot }),
  fc.record({ call: one("cap_mint", "cap_mint", "cap_mutate"), ...minting }),
  fc.record({
    call: one("cap_lease"),
    fd: slot,
    until: fc.constantFrom(0, 0, 200, 10_000),
    uses: fc.constantFrom(0, 1, 3),
    withHolder: fc.boolean(),
  }),
  fc.record({ call: one("cap_move"), fd: slot, to: fc.nat(40) }),
  fc.record({ call: one("table_create", "brand_create", "membrane_create"), fd: slot }),
  fc.record({ call: one("table_fetch"), fd: slot, index }),
  fc.record({ call: one("table_store"), fd: slot, index, stored: slot }),
  fc.record({ call: one("cap_seal"), fd: slot, sealed: slot, budget: slot }),
  fc.record({ call: one("cap_unseal"), fd: slot, box: slot }),
  fc.record({ call: one("cap_wrap"), fd: slot, wrapped: slot }),
  fc.record({ call: one("budget_split"), fd: slot, sizeBytes: fc.constantFrom(0, 100, 5000) }),
);

export const PROCESSES = 3;
const pid = fc.integer({ min: 1, max: PROCESSES });

const wasi = (mix: Parameters<typeof stepsOf>[0]): fc.Arbitrary<readonly HistoryStep[]> =>
  fc
    .tuple(stepsOf(mix, 8), pid)
    .map(([steps, by]) =>
      steps.flatMap((step): readonly HistoryStep[] =>
        step.do === "call" ? [{ pid: by, do: "wasi", call: step.call }] : [],
      ),
    );

const foldos: fc.Arbitrary<readonly HistoryStep[]> = fc.array(
  fc.record({ pid, do: fc.constant("foldos" as const), request: requests }),
  { minLength: 1, maxLength: 8 },
);

/** Steps of several processes, of WASI and of `foldos`, in turns. */
export const historySteps: fc.Arbitrary<readonly HistoryStep[]> = fc
  .noBias(
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: foldos },
        { weight: 2, arbitrary: wasi("all") },
        { weight: 1, arbitrary: wasi("names") },
      ),
      { maxLength: 10 },
    ),
  )
  .map((parts) => parts.flat());
