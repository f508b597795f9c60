/**
 * A broken promise of ours, never of a guest or of an input. On in production. Only the command line and replay catch it, and
 * add the seq of the event that was being folded.
 */
export class KernelBug extends Error {
  override readonly name = "KernelBug";
}

export function invariant(condition: boolean, statement: string): asserts condition {
  if (!condition) throw new KernelBug(`broken promise: ${statement}`);
}

/** The end of an exhaustive switch: a forgotten case does not compile. */
export function unreachable(value: never): never {
  throw new KernelBug(`a case that cannot be: ${JSON.stringify(value)}`);
}
