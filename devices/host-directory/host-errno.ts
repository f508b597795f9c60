import { errno, type ErrnoName } from "../../core/errno.ts";

/** What WASI calls otherwise than Node does, once `E` is taken away and the rest is in small letters. */
const otherNames: Readonly<Record<string, ErrnoName>> = { E2BIG: "toobig", EOPNOTSUPP: "notsup" };

/** The WASI errno for an error of Node's file system calls; EIO for one that WASI has no word for. */
export function hostErrno(error: unknown): number {
  const code = (error as { readonly code?: unknown }).code;
  if (typeof code !== "string" || !code.startsWith("E")) return errno.io;
  const name = otherNames[code] ?? code.slice(1).toLowerCase();
  return name in errno ? errno[name as ErrnoName] : errno.io;
}
