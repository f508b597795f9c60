import { type EventFilter, EventScan, type FoundEvent, typesOf } from "../replay/event-filter.ts";
import { kernelEvents } from "../reducers/kernel-event.ts";
import { exitCode } from "./exit-codes.ts";
import { follow } from "./follow.ts";
import { formatEvent } from "./format-event.ts";
import { type Look, lookAt, momentOf, parseWords, type Words } from "./look-at.ts";
import type { Output } from "./output.ts";
import { wholeNumber } from "./run-flags.ts";
import { UsageError } from "./usage-error.ts";

const options = {
  pid: "string",
  type: "string",
  path: "string",
  from: "string",
  to: "string",
  follow: "boolean",
  json: "boolean",
} as const;

const POLL_MILLIS = 100;
const MAX_PID = 2 ** 31 - 1;

/** Prints a recording's events, a line each. */
export function log(words: readonly string[]): Promise<number> {
  const parsed = parseWords(words, { command: "log", options, most: 1 });
  return lookAt(parsed.positionals[0], "log", async (look) => {
    const filter = filterOf(parsed.values, look);
    const scan = new EventScan(look.timeline, filter);
    const print = parsed.values.json === true ? printJson : printLine;
    for (const found of scan.next()) print(look.output, found);
    if (parsed.values.follow === true)
      await follow(look, {
        pollMillis: POLL_MILLIS,
        tell: () => {
          for (const found of scan.next()) print(look.output, found);
          return look.timeline.stateAt(look.timeline.count - 1);
        },
        isOver: () => look.timeline.count > filter.to,
      });
    return exitCode.done;
  });
}

function filterOf(values: Words<typeof options>["values"], { timeline }: Look): EventFilter {
  const { pid, type, path, from, to, follow: follows } = values;
  if (type !== undefined && typesOf(type).length === 0) {
    const kinds = [...new Set(Object.keys(kernelEvents).map((name) => `${name.split("/")[0]}/`))];
    throw new UsageError(`--type ${type}: no type of event begins so; there are ${kinds.join(" ")}`);
  }
  const filter = {
    pid: pid === undefined ? null : wholeNumber("--pid", pid, 0, MAX_PID),
    type: type ?? null,
    path: path ?? null,
    from: from === undefined ? 0 : Math.max(0, momentOf(from, timeline)),
    to: to === undefined ? (follows === true ? Infinity : timeline.count - 1) : momentOf(to, timeline),
  };
  if (filter.from > filter.to && timeline.count > 0)
    throw new UsageError(`--from ${from} --to ${to}: the end is before the beginning`);
  return filter;
}

function printLine(output: Output, { event, subject, refusal }: FoundEvent): void {
  output.line(formatEvent(event, subject, refusal));
}

function printJson(output: Output, { event, subject, refusal }: FoundEvent): void {
  const { fd, path, toPath } = subject;
  output.json({
    ...event,
    subject: { fd: fd < 0 ? null : fd, path, ...(toPath === null ? {} : { toPath }) },
    ...(refusal === null ? {} : { refusal }),
  });
}
