import { describe, expect, test } from "@jest/globals";
import { right } from "../../../core/rights.ts";
import { initialState } from "../../../reducers/kernel-state.ts";
import { kernelCodec, type KernelEvent, type KernelFact } from "../../../reducers/kernel-event.ts";
import { explainEffect } from "../explain-effect.ts";
import { listedEvents } from "./event-source.ts";
import { placed } from "./held-slots.ts";
import { checkLog } from "./log-checker.ts";
import { verifyChain } from "./verify-chain.ts";

const started = { program: "", name: "p", args: [], environment: [], memoryPages: 1 };
const CALLED = 7;

/** A log of facts: `[pid, fact]`, with a call's digest where it answers one. */
function logOf(...facts: readonly (readonly [number, KernelFact, number?])[]): readonly KernelEvent[] {
  return facts.map(([pid, fact, call = -1], seq) => kernelCodec.seal(fact, seq, seq, -1, pid, call));
}

const boot: readonly (readonly [number, KernelFact])[] = [
  [0, { type: "console/attached", input: false, output: false, error: false }],
  [1, { type: "process/started", ...started }],
  [2, { type: "process/started", ...started }],
];
const granted = (rights: number): KernelFact => ({
  type: "capability/granted",
  slot: 0,
  object: "console",
  target: 1,
  rights,
  inheriting: 0,
  label: "",
});
const written = (by: number): KernelFact => ({
  type: "console/written",
  by,
  stream: 1,
  position: 0,
  length: 0,
});
const copied = (to: number, rights: number): KernelFact => ({
  type: "capability/derived",
  by: 3,
  from: placed(0, 1, 0),
  to,
  how: "copied",
  object: "console",
  target: 1,
  rights,
  inheriting: 0,
  badge: 0,
  label: "",
  until: 0,
  uses: 0,
  holder: 0,
  weak: false,
  membrane: 0,
  inside: false,
});

describe("a log", () => {
  test.each<[string, readonly (readonly [number, KernelFact, number?])[], string | null]>([
    [
      "in which a grant is used",
      [
        [1, granted(right.fdWrite)],
        [1, written(3), CALLED],
      ],
      null,
    ],
    [
      "without the right",
      [
        [1, granted(right.fdRead)],
        [1, written(3), CALLED],
      ],
      "lacks fd_write",
    ],
    [
      "in which another one uses it",
      [
        [1, granted(right.fdWrite)],
        [2, written(3), CALLED],
      ],
      "not held by process 2",
    ],
    [
      "in which nothing is named",
      [
        [1, granted(right.fdWrite)],
        [1, written(0), CALLED],
      ],
      "no capability is named",
    ],
    [
      "in which it was copied",
      [
        [1, granted(right.fdWrite)],
        [1, copied(placed(0, 1, 1), right.fdWrite), CALLED],
        [1, written(4), CALLED],
      ],
      null,
    ],
    [
      "in which it was copied with more",
      [
        [1, granted(right.fdRead)],
        [1, copied(placed(0, 1, 1), right.fdWrite), CALLED],
      ],
      "more rights",
    ],
    [
      "in which it was put into a slot of another one",
      [
        [1, granted(right.fdRead)],
        [1, copied(placed(0, 2, 0), right.fdRead), CALLED],
      ],
      "nothing that process 1 does leads",
    ],
    [
      "in which it was revoked before its use",
      [
        [1, granted(right.fdWrite)],
        [1, copied(placed(0, 1, 1), right.fdWrite), CALLED],
        [
          1,
          {
            type: "capability/removed",
            by: 3,
            why: "revoked",
            root: placed(0, 1, 0),
            more: false,
            removed: [placed(0, 1, 1), 1, 1],
          },
          CALLED,
        ],
        [1, written(4), CALLED],
      ],
      "nowhere",
    ],
    [
      "in which somebody revokes what is not below",
      [
        [1, granted(right.fdWrite)],
        [2, granted(right.fdWrite)],
        [
          1,
          {
            type: "capability/removed",
            by: 3,
            why: "revoked",
            root: placed(0, 1, 0),
            more: false,
            removed: [placed(0, 2, 0), 1, 1],
          },
          CALLED,
        ],
      ],
      "does not hang below",
    ],
    [
      "in which boot grants to who has begun",
      [
        [1, { type: "process/yielded" }, CALLED],
        [1, granted(2)],
      ],
      "not beginning",
    ],
    [
      "in which the dead act",
      [
        [1, { type: "process/exited", code: 0 }, CALLED],
        [1, { type: "process/yielded" }, CALLED],
      ],
      "has ended",
    ],
    [
      "in which the dead still hold",
      [
        [1, granted(2)],
        [1, { type: "process/exited", code: 0 }, CALLED],
      ],
      "still holds",
    ],
  ])("%s", (_, facts, why) => {
    const events = logOf(...boot, ...facts);
    const objection = checkLog(events);
    if (why === null) return expect(objection).toBeNull();
    expect(objection).toMatchObject({ seq: events.length - 1, why: expect.stringContaining(why) });
  });

  test("of a planted forged chain is refused", () => {
    const events = logOf(
      ...boot,
      [1, granted(right.fdWrite)],
      [1, copied(placed(0, 1, 1), right.fdRead), CALLED],
      [1, written(4), CALLED],
    );
    const log = listedEvents(events);
    const chain = explainEffect(log, 5, () => initialState());
    expect(chain).toMatchObject({ kind: "capability", links: [{ id: 4 }, { id: 3 }] });
    expect(verifyChain(log, chain as NonNullable<typeof chain>)).toMatchObject({ ok: false, seq: 5 });
    const short = { kind: "capability", seq: 5, links: [{ id: 3, seq: 5, pid: 1, beside: [] }] } as const;
    expect(verifyChain(log, short)).toMatchObject({ ok: false });
  });
});
