/** Questions about authority at the prompt of `foldos step`: those of `foldos caps`, asked of the moment at the cursor. */
import { authorityDiff } from "../replay/authority/authority-diff.ts";
import type { Timeline } from "../replay/timeline.ts";
import { momentAt, viewAt } from "./caps/caps-words.ts";
import { changeText } from "./caps/diff.ts";
import { questions } from "./caps/questions.ts";
import type { Output } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** Answers a line that is such a question, of the moment at which the timeline stands; whether it was one. */
export function answerQuestion(
  of: { readonly timeline: Timeline; readonly output: Output },
  [name, ...rest]: readonly string[],
): boolean {
  if (name === "caps") {
    if (!answerQuestion(of, rest)) tellChanges(of, rest);
    return true;
  }
  const question = name !== undefined && Object.hasOwn(questions, name) ? questions[name] : undefined;
  if (question === undefined) return false;
  const flags = rest.filter((word) => word.startsWith("--"));
  const unknown = flags.find((word) => word !== "--all" && word !== "--json");
  if (unknown !== undefined) throw new UsageError(`${unknown}: there are --all and --json`);
  question(of, {
    words: rest.filter((word) => !word.startsWith("--")),
    now: of.timeline.moment,
    isJson: flags.includes("--json"),
    isAll: flags.includes("--all"),
  });
  return true;
}

/** Says what authority the event at the cursor gave and took, or all events since a moment. */
function tellChanges(
  { timeline, output }: { readonly timeline: Timeline; readonly output: Output },
  [word, ...more]: readonly string[],
): void {
  const { moment } = timeline;
  if (more.length > 0 || (word !== undefined && /^[a-z]/.test(word) && !/^(start|end)$/.test(word)))
    throw new UsageError(`caps ${word}: caps, caps MOMENT, or who, list, tree, why, could; h says more`);
  const from = word === undefined ? Math.max(-1, moment - 1) : momentAt(word, timeline);
  const [first, last] = [Math.min(from, moment), Math.max(from, moment)];
  const changes = authorityDiff(viewAt({ timeline }, first), viewAt({ timeline }, last), true);
  for (const change of changes) output.line(`  ${changeText(change)}`);
  if (changes.length === 0) output.line("  nobody's authority changed");
}
