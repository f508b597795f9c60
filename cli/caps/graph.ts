import { authorityGraph, dotLines } from "../../replay/authority/authority-graph.ts";
import { exitCode } from "../exit-codes.ts";
import { lookAt, parseWords } from "../look-at.ts";
import { UsageError } from "../usage-error.ts";
import { endedText, momentAt, viewAt } from "./caps-words.ts";

/** Writes who holds what as a graph: in the language of Graphviz, or as JSON. */
export function graph(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words, {
    command: "caps",
    options: { dot: "boolean", json: "boolean" },
    most: 2,
  });
  if (values.dot === true && values.json === true)
    throw new UsageError("--dot --json: one or the other was expected");
  const [recording, word] = positionals;
  return lookAt(recording, "caps graph", ({ timeline, output }) => {
    const moment = momentAt(word, timeline);
    const view = viewAt({ timeline }, moment);
    const found = authorityGraph(view);
    const why = endedText({ timeline, view, moment });
    if (values.json === true) output.json(found);
    else {
      if (why !== "") output.line(`// no process holds anything: ${why}`);
      for (const line of dotLines(found)) output.line(line);
    }
    return exitCode.done;
  });
}
