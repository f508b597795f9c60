import { findFile } from "../replay/find-file.ts";
import { GuestPaths } from "../replay/guest-paths.ts";
import { readContents } from "../replay/read-file.ts";
import { exitCode } from "./exit-codes.ts";
import { lookAt, momentOf, parseWords } from "./look-at.ts";
import { UsageError } from "./usage-error.ts";

/** Prints a file's bytes as they were at a moment. */
export function cat(words: readonly string[]): Promise<number> {
  const { positionals } = parseWords(words, { command: "cat", options: {}, most: 3 });
  const [recording, moment, file] = positionals;
  return lookAt(recording, "cat", ({ store, timeline, output }) => {
    if (moment === undefined || file === undefined) {
      throw new UsageError(
        "which file, and when? foldos cat REC MOMENT FILE; a file is a guest's path or inode:N",
      );
    }
    const { files } = timeline.seek(momentOf(moment, timeline));
    const found = findFile(files, GuestPaths.of(timeline.groups).preopens, file);
    if (!found.ok) throw new UsageError(found.error, exitCode.failed);
    const contents = readContents(store, found.value.inode);
    if (!contents.ok) throw new UsageError(`${file}: ${contents.error}`, exitCode.failed);
    for (const piece of contents.value) output.bytes(piece);
    return exitCode.done;
  });
}
