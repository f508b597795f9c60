import { exitCode } from "./exit-codes.ts";
import { lookAt, momentOf, parseWords } from "./look-at.ts";
import {
  type DomainColumn,
  domainColumn,
  type ProcessLine,
  processLines,
  slotText,
  STANDSTILL,
  standsStill,
  statusText,
  waitsText,
} from "./process-lines.ts";

/** Says which processes there are at a moment, and what they do. */
export function ps(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words, {
    command: "ps",
    options: { json: "boolean" },
    most: 2,
  });
  const [recording, moment = "end"] = positionals;
  return lookAt(recording, "ps", ({ store, timeline, output }) => {
    const state = timeline.seek(momentOf(moment.replace(/^@/, ""), timeline));
    const lines = processLines(state);
    const isStill = standsStill(store, state);
    if (values.json === true)
      for (const line of lines) output.json({ ...line, standsStill: isStill && line.exitCode === null });
    else {
      const column = domainColumn(lines);
      output.line(`  PID STATUS            TICKS${column.head}  NAME`);
      for (const line of lines) output.line(textOf(line, column));
      const slot = slotText(state);
      if (slot !== null) output.line(slot);
      if (isStill) output.line(STANDSTILL);
    }
    return exitCode.done;
  });
}

function textOf(line: ProcessLine, column: DomainColumn): string {
  const used = line.ticks === null ? "" : line.ticks.toLocaleString("en-US");
  return `${String(line.pid).padStart(5)} ${statusText(line).padEnd(11)} ${used.padStart(11)}${column.of(line)}  ${line.name}${waitsText(line)}`;
}
