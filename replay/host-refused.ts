import { RecordingRefused } from "./recording-refused.ts";
import { asStoreFailed } from "./store-failed.ts";

/** What the host's codes mean for somebody who gave a path to read. */
const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a directory",
};

const isOfHost = (error: unknown): error is NodeJS.ErrnoException =>
  typeof (error as NodeJS.ErrnoException).code === "string" && "syscall" in (error as object);

/** An error of the host's file system while a path was read, as a refusal that names it; others are as they were. */
export function asUnreadable(path: string, error: unknown, advice: string): unknown {
  if (!isOfHost(error)) return error;
  const code = error.code as string;
  return new RecordingRefused(path, unreadable[code] ?? `it cannot be read (${code})`, advice);
}

/** The same while a path was written; that its disk is full is a StoreFailed. */
export function asUnwritable(path: string, error: unknown): unknown {
  const failed = asStoreFailed(path, error);
  if (failed !== error || !isOfHost(error)) return failed;
  return new RecordingRefused(path, `it cannot be written (${error.code})`, "choose another place");
}
