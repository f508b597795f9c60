/** A plain prompt that goes through a recording, forward and back, event by event, and shows what changes. */
import { createInterface } from "node:readline";
import type { Timeline } from "../replay/timeline.ts";
import { exitCode } from "./exit-codes.ts";
import { lookAt, momentOf, parseWords } from "./look-at.ts";
import { Stepper } from "./stepper.ts";

export function step(words: readonly string[]): Promise<number> {
  const { positionals } = parseWords(words, { command: "step", options: {}, most: 2 });
  return lookAt(positionals[0], "step", async ({ timeline, output }) => {
    const stepper = new Stepper(timeline, output);
    timeline.seek(momentOf(positionals[1] ?? "start", timeline));
    stepper.greet();
    const isTerminal = process.stdin.isTTY === true;
    const lines = createInterface({
      input: process.stdin,
      output: process.stdout,
      terminal: isTerminal,
      prompt: "",
    });
    const ask = (): void => {
      output.flush();
      lines.setPrompt(isTerminal ? stepper.prompt : "");
      if (isTerminal) lines.prompt();
    };
    lines.on("SIGINT", () => lines.close());
    const stopWarming = isTerminal ? warmWhenIdle(timeline) : () => {};
    lines.on("close", stopWarming);
    ask();
    for await (const line of lines) {
      if (!isTerminal) output.line(`${stepper.prompt}${line}`);
      if (!stepper.obey(line)) break;
      ask();
    }
    stopWarming();
    if (isTerminal) output.line("");
    return exitCode.done;
  });
}

/** How long warming may keep the prompt from hearing a key. */
const SLICE_MILLIS = 8;

/** Prepares for seeks while the user looks and thinks; returns what stops it. */
function warmWhenIdle(timeline: Timeline): () => void {
  const warming = timeline.warm();
  const slice = (): void => {
    const end = performance.now() + SLICE_MILLIS;
    while (performance.now() < end) if (warming.next().done === true) return;
    next = setImmediate(slice);
  };
  let next = setImmediate(slice);
  return () => clearImmediate(next);
}
