/** The kernel objects of a machine, and what processes are given of them, as a portable stream tells it. */
import { allRightsOf, deviceKinds, type ObjectKind } from "../core/object-rights.ts";
import {
  isBelow,
  isFields,
  isListOf,
  isMissingOr,
  isOneOf,
  isText,
  isWhole,
  type Judge,
} from "./judge-fields.ts";

const MOST_OBJECTS = 1 << 20;
const MOST_CAPABILITIES = 1 << 20;
const MOST_PAGES = 65_536;
const BADGES = 2 ** 32;
const PRIORITIES = 256;
const MOST_MICROS = 86_400_000_000;

export const isSha: Judge = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const isTime: Judge = (value) => isBelow(MOST_MICROS + 1)(value) && value !== 0;

export const isAnyOf =
  (...judges: readonly Judge[]): Judge =>
  (value) =>
    judges.some((judge) => judge(value));

export const areObjects: Judge = isListOf(
  isAnyOf(
    isFields({ kind: isOneOf("endpoint", "notification"), name: isText }),
    isFields({ kind: isOneOf("interrupt"), name: isText, periodMicros: isTime }),
    isFields({ kind: isOneOf("device"), name: isText, device: isOneOf(...deviceKinds) }),
    isFields({
      kind: isOneOf("program"),
      name: isText,
      sha: isSha,
      memoryPages: isBelow(MOST_PAGES + 1),
    }),
  ),
  MOST_OBJECTS,
);

interface Given {
  readonly of: { readonly kind: "machine" | "budget" | "self"; readonly object?: number };
  readonly rights: number;
  readonly badge: number;
}

const isGiven = isFields({
  name: isText,
  of: isAnyOf(
    isFields({ kind: isOneOf("machine"), object: isWhole }),
    isFields({ kind: isOneOf("budget"), limitBytes: isWhole }),
    isFields({ kind: isOneOf("self") }),
  ),
  rights: isWhole,
  badge: isBelow(BADGES),
});

/** Whether they are capabilities to these objects, with rights and badges that such an object has. */
export const areCapabilitiesTo = (kinds: readonly ObjectKind[]): Judge =>
  isListOf((value) => isGiven(value) && isSound(value as Given, kinds), MOST_CAPABILITIES);

function isSound({ of, rights, badge }: Given, kinds: readonly ObjectKind[]): boolean {
  const kind = of.kind === "machine" ? kinds[of.object ?? -1] : of.kind === "self" ? "process" : "budget";
  if (kind === undefined || rights >= 2 ** 30 || (rights & ~allRightsOf(kind)) !== 0) return false;
  return badge === 0 || kind === "endpoint" || kind === "notification";
}

/** Of a machine with such objects: a budget that is used up signals one that is a notification. */
export const isSchedulingWith = (kinds: readonly ObjectKind[]): Judge =>
  isFields({
    priority: isBelow(PRIORITIES),
    context: (value) => value === null || isContext(kinds)(value),
  });

const isContext =
  (kinds: readonly ObjectKind[]): Judge =>
  (value) =>
    isFields({ budgetMicros: isTime, periodMicros: isTime, timeout: isMissingOr(isTimeout(kinds)) })(value) &&
    fits(value as Context);

const isTimeout = (kinds: readonly ObjectKind[]): Judge =>
  isFields({
    object: (value) => kinds[value as number] === "notification",
    badge: isBelow(BADGES),
  });

interface Context {
  readonly budgetMicros: number;
  readonly periodMicros: number;
}

const fits = ({ budgetMicros, periodMicros }: Context): boolean => budgetMicros <= periodMicros;
