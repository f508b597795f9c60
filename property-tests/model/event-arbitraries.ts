/** Events of every type, drawn from the declarations: a type that is declared is drawn, and nobody has to remember it. */
import fc from "fast-check";
import type { Envelope, EventDeclaration, Field } from "../../core/event-schema.ts";
import { kernelEvents } from "../../reducers/kernel-event.ts";
import type { KernelEvent } from "../../reducers/kernel-event.ts";
import { anyCharacter } from "./any-character.ts";

const MAX = Number.MAX_SAFE_INTEGER;

const uint = fc.oneof(
  fc.nat(300),
  fc.constantFrom(127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, MAX),
  fc.nat(MAX),
);
/** A sign costs a bit of the 53. */
const sint = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.constantFrom(-1, -(2 ** 31), 2 ** 31, 2 ** 52 - 1, -(2 ** 52) + 1),
);
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: anyCharacter, maxLength: 12 }),
  fc.constantFrom("", "a/b", "é", "\u{1f600}"),
);
/** A share of what there is: positions and lengths are made to fit when the place in the stream is known. */
const share = fc.nat(1_000_000);

function valueOf(field: Field<unknown>): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case "uint":
      return uint;
    case "use":
      return fc.oneof(
        fc.nat(40),
        fc.nat(2 ** 31),
        fc.maxSafeNat().map((id) => Math.floor(id / 2)),
      );
    case "sint":
      return sint;
    case "flag":
      return fc.boolean();
    case "text":
      return text;
    case "choice":
      return fc.constantFrom(...(field.words ?? []));
    case "texts":
      return fc.array(text, { maxLength: 4 });
    case "uints":
      return fc.array(uint, { maxLength: 5 });
    case "position":
    case "length":
      return share;
  }
}

/** An event before its place in a log is known. */
export interface DrawnEvent {
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly micros: number;
  readonly back: number;
  readonly pid: number;
  readonly call: number;
}

const drawnOf = (type: string, declaration: EventDeclaration): fc.Arbitrary<DrawnEvent> =>
  fc.record({
    type: fc.constant(type),
    values: fc.record(
      Object.fromEntries(Object.entries(declaration.fields).map(([name, field]) => [name, valueOf(field)])),
    ),
    micros: fc.oneof(fc.nat(50), fc.nat(2 ** 40)),
    back: fc.oneof(fc.constant(0), fc.nat(5)),
    pid: fc.constantFrom(0, 1, 1, 2, 300),
    call: fc.oneof(fc.constant(-1), fc.nat(65_535)),
  });

export const drawnEvents: fc.Arbitrary<DrawnEvent[]> = fc.array(
  fc.oneof(...Object.entries(kernelEvents).map(([type, declaration]) => drawnOf(type, declaration))),
  { maxLength: 25 },
);

const LONGEST_PIECE = 100_000;

/** The events as a log would have them, each behind the one before; the stream grows as they say. */
export function placed(
  drawn: readonly DrawnEvent[],
  from: { seq: number; at: number; head: number },
): readonly KernelEvent[] {
  let { seq, at, head } = from;
  return drawn.map(({ type, values, micros, back, pid, call }) => {
    at += micros;
    const cause = back === 0 || back > seq ? -1 : seq - back;
    const envelope: Envelope = { seq, at, cause, pid, call };
    const fields: Record<string, unknown> = { ...values };
    if ("position" in fields && "length" in fields && declaresPosition(type)) {
      const position =
        (values["position"] as number) % 3 === 0 ? head : (values["position"] as number) % (head + 1);
      const length = (values["length"] as number) % LONGEST_PIECE;
      fields["position"] = position;
      fields["length"] = length;
      head = Math.max(head, position + length);
    }
    seq += 1;
    return { type, ...envelope, ...fields } as unknown as KernelEvent;
  });
}

function declaresPosition(type: string): boolean {
  const declaration: EventDeclaration = kernelEvents[type as KernelEvent["type"]];
  return declaration.fields["position"]?.kind === "position";
}
