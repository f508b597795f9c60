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
