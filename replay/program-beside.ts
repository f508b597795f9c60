/** The programs that stand beside a recording's store, each under its SHA-256. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hex, sha256 } from "./hash.ts";
import { asUnreadable } from "./host-refused.ts";
import { RecordingRefused } from "./recording-refused.ts";

export const programPath = (recording: string, sha: string): string => join(recording, `${sha}.wasm`);

/** The bytes of a program. Throws RecordingRefused if it is not there, or is another one. */
export function programBeside(recording: string, sha: string): Uint8Array {
  const path = programPath(recording, sha);
  if (!existsSync(path)) {
    throw new RecordingRefused(
      recording,
      `the program ${sha.slice(0, 12)} is not beside it`,
      "copy the whole directory of the recording",
    );
  }
  const bytes = readWhole(path);
  if (hex(sha256(bytes)) === sha) return bytes;
  throw new RecordingRefused(
    recording,
    `the program ${sha.slice(0, 12)} beside it is not the one that ran`,
    "use a copy that was not changed",
  );
}

function readWhole(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw asUnreadable(path, error, "use a copy that was not changed");
  }
}
