/** A recording that cannot be used: which, why, and what to do next. The command line shows it and exits with 3. */
export class RecordingRefused extends Error {
  override readonly name = "RecordingRefused";
  readonly path: string;
  readonly what: string;
  readonly advice: string;

  constructor(path: string, what: string, advice: string) {
    super(`${path}: ${what}; ${advice}`);
    this.path = path;
    this.what = what;
    this.advice = advice;
  }
}

/** Of a recording whose power was cut while it was made: nothing has happened in it. */
export const notBegun = (path: string): RecordingRefused =>
  new RecordingRefused(path, "the power was cut before its program began", "run the program again");
