import type { ShimProgram } from "../../bench/shim-program.ts";

/** What image-child does, and on which program. */
export interface ImageJob {
  readonly program: ShimProgram;
  /** Ticks of each turn. */
  readonly quantum: number;
  /** After how many turns an image is written. */
  readonly turns: number;
}
