/** Why a file cannot run here: what is wrong, at which byte of the file, and what to do next. For people. */
export interface ModuleRefusal {
  readonly what: string;
  readonly offset: number;
  readonly advice: string;
}

/** A refusal on its way from the depth of the judging to its edge, which catches it: see judgeModule. */
export class ModuleRefused extends Error {
  override readonly name = "ModuleRefused";
  readonly refusal: ModuleRefusal;
  constructor(refusal: ModuleRefusal) {
    super(refusal.what);
    this.refusal = refusal;
  }
}

export function refuse(offset: number, what: string, advice: string): never {
  throw new ModuleRefused({ what, offset, advice });
}

const DAMAGED = "The file is damaged, or its compiler has a fault: copy it again, or build it again.";

/** Refuses bytes that no compiler writes. */
export const refuseDamaged = (offset: number, what: string): never => refuse(offset, what, DAMAGED);
