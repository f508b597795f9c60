/** `foldos caps`: who may do what, at any moment of a recording; a line for each of its commands. */
import { nearestWord } from "../core/nearest-word.ts";
import { capsHelp } from "./caps/caps-help.ts";
import { exitCode } from "./exit-codes.ts";
import { UsageError } from "./usage-error.ts";

type Command = (words: readonly string[]) => Promise<number> | number;

/** Each is loaded when it is called. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  who: async () => (await import("./caps/who.ts")).who,
  list: async () => (await import("./caps/list.ts")).list,
  tree: async () => (await import("./caps/tree.ts")).tree,
  graph: async () => (await import("./caps/graph.ts")).graph,
  diff: async () => (await import("./caps/diff.ts")).diff,
  unused: async () => (await import("./caps/unused.ts")).unused,
  could: async () => (await import("./caps/could.ts")).could,
  policy: async () => (await import("./caps/policy.ts")).policy,
  why: async () => (await import("./caps/why.ts")).why,
  deputies: async () => (await import("./caps/deputies.ts")).deputies,
  "what-if": async () => (await import("./caps/what-if.ts")).whatIf,
  rehearse: async () => (await import("./caps/rehearse.ts")).rehearse,
  audit: async () => (await import("./caps/audit.ts")).audit,
};

export async function caps(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined) {
    process.stdout.write(capsHelp(undefined));
    return exitCode.usage;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) throw new UsageError(unknownText(name));
  if (rest[0] === "--help" || rest[0] === "-h") {
    process.stdout.write(capsHelp(name));
    return exitCode.done;
  }
  return (await load())(rest);
}

function unknownText(name: string): string {
  const meant = nearestWord(name, Object.keys(commands));
  const next = meant === null ? "" : `was \`foldos caps ${meant}\` meant? `;
  return `there is no \`foldos caps ${name}\`; ${next}there are ${Object.keys(commands).join(", ")}`;
}
