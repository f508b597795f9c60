import { lstatSync, statSync } from "node:fs";
import { join } from "node:path";
import { asUnreadable } from "./host-refused.ts";
import { RecordingRefused } from "./recording-refused.ts";

/** The files of a recording by their names; only `data.mdb` must be there. */
const FILES = ["data.mdb", "lock.mdb", "released", "writer", "committing"] as const;
/** A directory, if it is there; not a link to one, since what is old in it is removed. */
const OPENING = "opening";
const ADVICE = "use a copy that was not changed";

/** Refuses a recording of which a part is something else than a file: LMDB ends the process for a lock that is a directory. */
export function judgeParts(recording: string): void {
  for (const name of FILES) {
    if (isFile(join(recording, name))) continue;
    throw new RecordingRefused(recording, `its part ${name} is no file`, ADVICE);
  }
  if (lstatSync(join(recording, OPENING), { throwIfNoEntry: false })?.isDirectory() === false)
    throw new RecordingRefused(recording, `its part ${OPENING} is no directory`, ADVICE);
}

/** Whether a path leads to a file, or to nothing. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
  } catch (error) {
    throw asUnreadable(path, error, ADVICE);
  }
}
