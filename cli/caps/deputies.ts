import { right } from "../../core/rights.ts";
import { deputiesIn } from "../../replay/authority/deputies-in.ts";
import { type Deputy, SHORTEST_NAME } from "../../replay/authority/deputies/find-deputies.ts";
import { exitCode } from "../exit-codes.ts";
import { formatTime } from "../format-event.ts";
import { lookAt, parseWords } from "../look-at.ts";
import { wholeNumber } from "../run-flags.ts";
import { Teller } from "./teller.ts";

const MAX_NAME_BYTES = 255;

/** Tells the effects whose object one process named and another one's authority was used for; exit code 1 if there are any. */
export function deputies(words: readonly string[]): Promise<number> {
  const options = { json: "boolean", files: "boolean", shortest: "string" } as const;
  const { values, positionals } = parseWords(words, { command: "caps", options, most: 1 });
  const shortest =
    values.shortest === undefined
      ? SHORTEST_NAME
      : wholeNumber("--shortest", values.shortest, 1, MAX_NAME_BYTES);
  return lookAt(positionals[0], "caps deputies", ({ timeline, output }) => {
    const teller = new Teller(timeline);
    let count = 0;
    for (const deputy of deputiesIn(timeline, { shortest, files: values.files === true })) {
      count += 1;
      const path = teller.pathAt({ kind: "file", id: deputy.inode }, deputy.effect.seq);
      if (values.json === true) output.json(jsonOf(deputy, path));
      else output.line(lineOf(deputy, path));
    }
    if (values.json !== true)
      output.line(
        count === 0
          ? "no effect is on what another process named"
          : `${count} ${count === 1 ? "effect is" : "effects are"} on what another process named, by authority that it did not give`,
      );
    return count === 0 ? exitCode.done : exitCode.failed;
  });
}

const jsonOf = (deputy: Deputy, path: string | null): object => {
  const { effect, ...rest } = deputy;
  return { seq: effect.seq, at: effect.at, type: effect.type, path, ...rest };
};

/** A file by its path; by the name that was heard where it has none any more. */
function lineOf(deputy: Deputy, path: string | null): string {
  const { effect, pid, name, inode, designators, capability, grantedAt, hadUsedIt, couldItself } = deputy;
  const from = designators.map((each) => `process ${each.pid} (event ${each.heardAt})`).join(", by ");
  const rights = effect.type === "file/opened" ? ` for ${rightsOf(effect.rights)}` : "";
  return [
    `${String(effect.seq).padStart(7)} ${formatTime(effect.at).padStart(11)} ${String(pid).padStart(2)}  ${effect.type.padEnd(24)}`,
    `${JSON.stringify(path ?? name)} (inode ${inode})${rights}, named by ${from},`,
    `by the authority of process ${pid}: capability #${capability}, granted at ${grantedAt}`,
    ...(couldItself === false ? [`(process ${designators[0]?.pid} could not have opened it so itself)`] : []),
    ...(hadUsedIt ? ["(it had used it before)"] : []),
  ].join(" ");
}

function rightsOf(rights: number): string {
  const told = [
    [right.fdRead, "reading"] as const,
    [right.fdWrite, "writing"] as const,
    [right.fdReaddir, "listing"] as const,
  ].flatMap(([bit, word]) => ((rights & bit) === 0 ? [] : [word]));
  return told.length === 0 ? "nothing" : told.join(" and ");
}
