import { expect, test } from "@jest/globals";
import { allRightsOf, objectKinds } from "../../../core/object-rights.ts";
import { kernelCodec, type KernelEvent, type KernelFact } from "../../../reducers/kernel-event.ts";
import { at, placed } from "./held-slots.ts";
import { checkLog } from "./log-checker.ts";

const CALLED = 7;
const TIMER = 1;
const NOTIFICATION = 2;
const bound = placed(at.kept, TIMER, 0);
const unpaid = { by: 0, budget: 0, bytes: 0, label: "", detail: 0 } as const;
const plain = { until: 0, uses: 0, holder: 0, weak: false, membrane: 0, inside: false } as const;

type Told = readonly [pid: number, fact: KernelFact, call?: number];

const created = (object: "timer" | "notification", target: number): Told => [
  1,
  {
    type: "object/created",
    object,
    target,
    rights: allRightsOf(object),
    to: placed(at.process, 1, target),
    ...unpaid,
  },
];

const armed: readonly Told[] = [
  [0, { type: "console/attached", input: false, output: false, error: false }],
  [1, { type: "process/started", program: "", name: "p", args: [], environment: [], memoryPages: 1 }],
  created("timer", TIMER),
  created("notification", NOTIFICATION),
  [
    1,
    {
      type: "capability/derived",
      by: 3,
      from: placed(at.process, 1, NOTIFICATION),
      to: bound,
      how: "bound",
      object: "notification",
      target: NOTIFICATION,
      rights: allRightsOf("notification"),
      inheriting: 0,
      badge: 0,
      label: "",
      ...plain,
    },
  ],
  [1, { type: "timer/armed", by: 2, timer: TIMER, notification: NOTIFICATION, until: 5 }, CALLED],
];
const fired: readonly Told[] = [
  [0, { type: "timer/fired", timer: TIMER }],
  [0, { type: "notification/signalled", by: 4, notification: NOTIFICATION, bits: 0 }],
];
const unbound: Told = [
  0,
  {
    type: "capability/removed",
    by: 0,
    why: "unbound",
    root: bound,
    more: false,
    removed: [bound, objectKinds.indexOf("notification"), NOTIFICATION],
  },
];

const logOf = (...facts: readonly Told[]): readonly KernelEvent[] =>
  facts.map(([pid, fact, call = -1], seq) => kernelCodec.seal(fact, seq, seq, -1, pid, call));

test("a timer that has fired lets go of what was bound to it", () => {
  expect(checkLog(logOf(...armed, ...fired, unbound))).toBeNull();
});

test("one that is armed still does not", () => {
  expect(checkLog(logOf(...armed, unbound))?.why).toMatch("does not hang below");
});
