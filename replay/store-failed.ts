/**
 * A recording cannot be written: its disk is full, or fails. Nothing of the commit is there, and all before it is whole. The
 * command line shows it and exits with 1.
 */
export class StoreFailed extends Error {
  override readonly name = "StoreFailed";
  readonly path: string;
  readonly why: string;

  constructor(path: string, why: string) {
    super(`${path}: it could not be written (${why}); make room and try again`);
    this.path = path;
    this.why = why;
  }
}

const LMDB_DETAILS = /: Attempting .*$/s;

/** An error of LMDB's (they have numbers for codes) or of a full disk as one that says what failed; others are as they were. */
export function asStoreFailed(path: string, error: unknown): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  if (typeof code === "number") return new StoreFailed(path, String(message).replace(LMDB_DETAILS, ""));
  if (code === "ENOSPC" || code === "EDQUOT") return new StoreFailed(path, "no space is left on its disk");
  return error;
}
