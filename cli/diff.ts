import { differencesOf, formatDifference, isFollowing } from "../replay/state-diff.ts";
import { exitCode } from "./exit-codes.ts";
import { lookAt, momentOf, parseWords } from "./look-at.ts";
import { UsageError } from "./usage-error.ts";

/** Says what changed between two moments. */
export function diff(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words, {
    command: "diff",
    options: { json: "boolean" },
    most: 3,
  });
  const [recording, first, second] = positionals;
  return lookAt(recording, "diff", ({ timeline, output }) => {
    if (first === undefined || second === undefined) {
      throw new UsageError(
        "between which moments? foldos diff REC A B; a moment is the seq of an event, start or end",
      );
    }
    const before = timeline.seek(momentOf(first, timeline));
    const after = timeline.seek(momentOf(second, timeline));
    for (const difference of differencesOf(before, after)) {
      if (values.json === true) output.json(difference);
      else if (!isFollowing(difference)) output.line(formatDifference(difference));
    }
    return exitCode.done;
  });
}
