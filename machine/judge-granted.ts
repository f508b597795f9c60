import { lstatSync } from "node:fs";
import { rowsOf } from "../core/table.ts";
import { IMPORTED_NOTE } from "../replay/import-recording.ts";
import { endOf } from "../replay/log-reader.ts";
import { RecordingRefused } from "../replay/recording-refused.ts";
import type { RecordingStore } from "../replay/recording-store.ts";
import { StateLoader } from "../replay/state-loader.ts";
import type { MachineSpec } from "./machine-spec.ts";

/**
 * Judges whether a recording may go on with the directories of this host that its program was granted. Refuses before anything is
 * released or logged: of a directory that is away for a moment its program would hear for ever that nothing is there.
 */
export function judgeGranted(
  store: RecordingStore,
  mayTouchHost: boolean,
  machine: MachineSpec | null,
): void {
  const { files, clock } = new StateLoader(store).stateAt(endOf(store).seq);
  const mounted = [...rowsOf(files.mounts)].map(([, mount]) => (mount.path === "" ? "/" : mount.path));
  const paths = [...new Set([...mounted, ...(machine === null ? [] : hostDirectories(machine))])];
  // What was made elsewhere names directories of this host as it pleases: its program gets them only if the user says so.
  if (paths.length > 0 && !mayTouchHost && store.note(IMPORTED_NOTE) === true)
    throw new RecordingRefused(
      store.path,
      `it was imported, and its program would go on with these directories of this host: ${paths.join(", ")}`,
      "look at it with `foldos log` first; `foldos resume --allow-host REC` goes on",
    );
  const missing = clock.isOn ? paths.find((path) => !isDirectory(path)) : undefined;
  if (missing !== undefined)
    throw new RecordingRefused(
      store.path,
      `the directory ${missing} that its program was granted is not there`,
      "put it back, then resume",
    );
}

/** Those that processes of a machine are to have, also those that did not begin yet. */
const hostDirectories = ({ processes, directories }: MachineSpec): readonly string[] => [
  ...directories.filter((from) => from !== null),
  ...processes.flatMap((process) =>
    process.directories.flatMap((directory) => (directory.kind === "host" ? [directory.host] : [])),
  ),
];

/** A link to a directory is none: the path that was granted had none on its way. */
function isDirectory(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}
