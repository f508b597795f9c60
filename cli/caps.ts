import { nearestWord } from "../core/nearest-word.ts";
import { UsageError } from "./usage-error.ts";

type Tool = (words: readonly string[]) => Promise<number>;

/** Each tool is loaded when it is called. */
const tools: Readonly<Record<string, () => Promise<Tool>>> = {
  why: async () => (await import("./caps-why.ts")).capsWhy,
  audit: async () => (await import("./caps-audit.ts")).capsAudit,
  rehearse: async () => (await import("./caps-rehearse.ts")).capsRehearse,
  "what-if": async () => (await import("./caps-what-if.ts")).capsWhatIf,
  deputies: async () => (await import("./caps-deputies.ts")).capsDeputies,
};

/** Answers who may do what, and why: `foldos caps TOOL ...`. */
export async function caps(words: readonly string[]): Promise<number> {
  const [name = "", ...rest] = words;
  const load = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (load !== undefined) return (await load())(rest);
  const meant = nearestWord(name, Object.keys(tools));
  const next = meant === null ? "" : `was \`foldos caps ${meant}\` meant? `;
  throw new UsageError(
    `there is no \`foldos caps ${name}\`; ${next}there are ${Object.keys(tools).join(", ")}`,
  );
}
