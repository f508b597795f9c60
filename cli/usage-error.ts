/** Something is wrong with what the user gave: shown without a stack, with what to do next. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code: number;
  constructor(message: string, code = 2) {
    super(message);
    this.code = code;
  }
}
