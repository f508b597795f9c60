import { type Epochal, FRESH } from "../../core/own.ts";

export interface EntropyState extends Epochal {
  /** Bytes drawn since the first boot. */
  readonly drawnBytes: number;
}

/** The most bytes that one call may draw; a longer one is refused, as none is needed. */
export const MAX_DRAW_BYTES = 1 << 24;

export const initialEntropy: EntropyState = { epoch: FRESH, drawnBytes: 0 };
