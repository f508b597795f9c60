import { type ProcessInfo, type RecordingInfo, recordingInfo } from "../replay/recording-info.ts";
import { exitCode } from "./exit-codes.ts";
import { formatTime } from "./format-event.ts";
import { lookAt, parseWords } from "./look-at.ts";
import type { Output } from "./output.ts";

/** Says what a recording is. */
export function info(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords(words, {
    command: "info",
    options: { json: "boolean" },
    most: 1,
  });
  return lookAt(positionals[0], "info", ({ store, timeline, output }) => {
    const found = recordingInfo(store, timeline);
    if (values.json === true) output.json(found);
    else print(output, found);
    return exitCode.done;
  });
}

const grouped = (count: number): string => count.toLocaleString("en-US");

function print(output: Output, found: RecordingInfo): void {
  const line = (name: string, text: string): void => output.line(`${name.padEnd(11)} ${text}`);
  line("recording", found.path);
  line("status", describeStatus(found));
  if (found.startedAt !== null) line("started", found.startedAt);
  line(
    "lasted",
    `${formatTime(Math.round(found.seconds * 1e6))} s${found.boots > 1 ? `, ${found.boots} boots` : ""}`,
  );
  for (const process of found.processes) {
    line(`process ${process.pid}`, `${process.args.map(quoted).join(" ")} (${process.program.slice(0, 12)})`);
    line("", describeEnd(process));
  }
  line(
    "events",
    `${grouped(found.events)} in ${grouped(found.groups)} groups, ${found.bytesPerEvent} bytes an event`,
  );
  line("contents", `${grouped(found.streamBytes)} bytes`);
  line("keyframes", grouped(found.keyframes));
  if (found.lastImage !== null)
    line("images", `${grouped(found.images)} of guests, the last after event ${found.lastImage}`);
  if (found.nans === "native") line("NaNs", "as this kind of processor makes them; another may make others");
  line("on disk", `${grouped(found.diskBytes)} bytes`);
}

const quoted = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word));

function describeStatus({ status, writer, events, processes }: RecordingInfo): string {
  switch (status) {
    case "ended":
      return "ended in good order";
    case "running":
      return `process ${writer} is writing it`;
    case "cut off":
      return processes.length > 0
        ? `cut off after event ${events - 1}; \`foldos resume\` goes on`
        : "cut off before its program began; run the program again";
    case "empty":
      return "empty: cut off before its first event; run the program again";
  }
}

function describeEnd({ status, exitCode: code, reason }: ProcessInfo): string {
  if (status === "exited") return `exited with ${code}`;
  if (status === "trapped" || status === "killed") return `${status}: ${reason}`;
  return status;
}
