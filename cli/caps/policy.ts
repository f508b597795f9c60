import { readFileSync } from "node:fs";
import { judgePolicy } from "../../machine/policy-file/judge-policy.ts";
import { refusalText } from "../../machine/machine-file/machine-file-problem.ts";
import { checkPolicy } from "../../replay/authority/check-policy.ts";
import type { Policy } from "../../replay/authority/policy.ts";
import type { Violation } from "../../replay/authority/policy-fold.ts";
import { exitCode } from "../exit-codes.ts";
import { lookAt, parseWords } from "../look-at.ts";
import { UsageError } from "../usage-error.ts";
import { progressTo } from "./progress.ts";
import { quotedName } from "./row-text.ts";

/** Checks whether rules hold over all of a recording. */
export function policy(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words, {
    command: "caps",
    options: { json: "boolean" },
    most: 2,
  });
  const [recording, file] = positionals;
  return lookAt(recording, "caps policy", ({ timeline, output }) => {
    if (file === undefined)
      throw new UsageError("which policy? foldos caps policy REC FILE; docs/policies.md shows some");
    const rules = readPolicy(file);
    let count = 0;
    for (const violation of checkPolicy(timeline, rules, progressTo(timeline.count - 1))) {
      count += 1;
      if (values.json === true) output.json(violation);
      else output.line(lineOf(violation));
    }
    if (values.json !== true) output.line(summary(rules, timeline.count, count));
    return count === 0 ? exitCode.done : exitCode.failed;
  });
}

function readPolicy(file: string): Policy {
  const judged = judgePolicy(bytesOf(file));
  if (judged.ok) return judged.value;
  throw new UsageError(refusalText(file, judged.error));
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file} cannot be read (${code}); a policy is a file of JSON: docs/policies.md`);
  }
}

function lineOf({ rule, seq, pid, program, capability, what }: Violation): string {
  const who = `process:${pid}${program === "" ? "" : ` (${quotedName(program)})`}`;
  return `event ${seq}: ${quotedName(rule)}: ${who} ${what}${capability === 0 ? "" : `, by #${capability}`}`;
}

const grouped = (count: number): string => count.toLocaleString("en-US");

const summary = ({ rules }: Policy, events: number, count: number): string =>
  count === 0
    ? `${rules.length} ${rules.length === 1 ? "rule holds" : "rules hold"} over ${grouped(events)} events`
    : `${grouped(count)} ${count === 1 ? "violation" : "violations"} in ${grouped(events)} events`;
