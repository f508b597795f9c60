import type { JsonPath } from "./json-path.ts";

/** Something that is wrong with a machine file, before its place in the text is looked up. */
export interface Finding {
  readonly path: JsonPath;
  /** Whether it is about a property's name or its value; a property that is missing stands where its object does. */
  readonly at: "key" | "value";
  /** What was expected, and what there is instead. */
  readonly what: string;
  readonly advice: string;
  /** What was typed, if one of these words may have been meant. */
  readonly near?: { readonly typed: string; readonly words: readonly string[] };
}

/** A finding with its offset in the text, and that of what stands in its way, if that is elsewhere. */
export interface PlacedFinding extends Omit<Finding, "at"> {
  readonly offset: number;
  readonly firstOffset?: number;
}

/** Something that is wrong, and where. Lines and columns count from 1, columns in UTF-16 units as editors do. */
export interface MachineFileProblem {
  readonly line: number;
  readonly column: number;
  /** As `processes.web.directories[0].guest`; `$` for the whole file. */
  readonly path: string;
  readonly what: string;
  readonly advice: string;
}

/** Why a machine file is refused: what is wrong, sorted by place, and how much more was seen. */
export interface MachineFileRefusal {
  readonly problems: readonly MachineFileProblem[];
  readonly moreCount: number;
}

/** A line for each problem, as `machine.json:3:5: processes.web.stdin: ...`. */
export function refusalText(file: string, { problems, moreCount }: MachineFileRefusal): string {
  const lines = problems.map(
    ({ line, column, path, what, advice }) => `${file}:${line}:${column}: ${path}: ${what}; ${advice}`,
  );
  return [...lines, ...(moreCount > 0 ? [`${file}: and ${moreCount} more`] : [])].join("\n");
}
