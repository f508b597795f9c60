import { numberAt } from "../module/number-end.ts";
import type { ModuleShape } from "./module-shape.ts";
import { EMPTY } from "./opcode.ts";
import type { Signature } from "./signatures.ts";

/** The type of a block, as it stands behind its opcode: nothing, one value, or a type of the module. */
export function blockSignature({ bytes, signatures }: ModuleShape, at: number): Signature {
  const first = bytes[at] as number;
  if (first === EMPTY) return signatures.empty;
  if (first > 0x40 && first < 0x80) return signatures.of([], [first]);
  return signatures.at(numberAt(bytes, at)) as Signature;
}
