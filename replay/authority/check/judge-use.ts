/** Judges one use of a capability: whether the row that was found is one by which the event may have come about. */
import type { KernelEvent } from "../../../reducers/kernel-event.ts";
import { type HeldRow } from "./held-slots.ts";
import type { Known, UseRule } from "./use-rules.ts";
import { bitNames, bitWords } from "./wasi-bits.ts";

/** What is known of other capabilities of whoever uses one. */
export type HoldsSome = (test: (row: HeldRow) => boolean) => boolean;

const has = (row: HeldRow, set: number): boolean => (row.rights & set) === set;

/** Why an event may not have come about by a capability; null if it may. */
export function judgeUse(
  event: KernelEvent,
  rule: UseRule<KernelEvent>,
  { row, known, holdsSome }: { readonly row: HeldRow; readonly known: Known; readonly holdsSome: HoldsSome },
): string | null {
  const { kinds, needs, names, also } = rule;
  if (kinds !== null && !kinds.includes(row.object))
    return `capability #${row.id} is of a ${row.object}, and a ${kinds.join(" or ")} is needed`;
  const named = names === undefined ? row.target : (event as unknown as Record<string, number>)[names];
  if (named !== row.target) return `capability #${row.id} is of ${row.object} ${row.target}, not of ${named}`;
  const denied = rule.denies?.(event, row) ?? null;
  if (denied !== null) return `capability #${row.id}: ${denied}`;
  const alternatives = needs(event, row, known);
  if (!alternatives.some((set) => has(row, set)))
    return `capability #${row.id} lacks ${wordsOf(row, alternatives[0] ?? 0)}`;
  if (also !== undefined && !holdsSome((other) => other.object === "file" && has(other, also)))
    return `process ${event.pid} holds nothing with ${bitNames(also).join(" and ")}`;
  return event.type === "file/opened" ? judgeOpening(event, row) : null;
}

/** What is opened through a directory has no more than it hands on. */
function judgeOpening(event: Extract<KernelEvent, { type: "file/opened" }>, row: HeldRow): string | null {
  const beyond = (event.rights | event.inheriting) & ~row.inheriting;
  return beyond === 0
    ? null
    : `it has ${bitNames(beyond).join(" and ")}, which capability #${row.id} does not hand on`;
}

const wordsOf = (row: HeldRow, set: number): string =>
  bitWords(row.object, set & ~row.rights).join(" and ") || "any such right";
