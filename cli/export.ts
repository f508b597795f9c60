import { resolve } from "node:path";
import { type Exported, exportRecording } from "../replay/export-recording.ts";
import { exitCode } from "./exit-codes.ts";
import { lookAt, parseWords } from "./look-at.ts";
import { UsageError } from "./usage-error.ts";

/** Writes a recording as one file. */
export function exportToFile(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words, {
    command: "export",
    options: { json: "boolean" },
    most: 2,
  });
  const [recording, file] = positionals;
  return lookAt(recording, "export", ({ store, output }) => {
    if (file === undefined) throw new UsageError("into which file? foldos export REC FILE");
    const exported = exportRecording(store, resolve(file));
    if (values.json === true) output.json({ file, ...exported });
    else output.line(`${file}: ${describeExported(exported)}`);
    return exitCode.done;
  });
}

export function describeExported({ events, groups, programs }: Exported): string {
  const counts = [events, groups].map((count) => count.toLocaleString("en-US"));
  return `${counts[0]} events in ${counts[1]} groups, ${programs} program${programs === 1 ? "" : "s"}`;
}
