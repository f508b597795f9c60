import { resolve } from "node:path";
import { importRecording } from "../replay/import-recording.ts";
import { exitCode } from "./exit-codes.ts";
import { describeExported } from "./export.ts";
import { parseWords } from "./look-at.ts";
import { Output } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** Makes a recording from a file that `export` wrote. */
export function importFromFile(words: readonly string[]): number {
  const { values, positionals } = parseWords(words, {
    command: "import",
    options: { json: "boolean" },
    most: 2,
  });
  const [file, recording] = positionals;
  if (file === undefined || recording === undefined) {
    throw new UsageError("from which file, and where to? foldos import FILE REC");
  }
  const imported = importRecording(resolve(file), resolve(recording));
  const output = new Output();
  if (values.json === true) output.json({ recording, ...imported });
  else output.line(`${recording}: ${describeExported(imported)}`);
  output.flush();
  return exitCode.done;
}
