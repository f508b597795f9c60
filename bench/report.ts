/** The table of a run, for the terminal and for docs/performance.md. */
import { cpus, totalmem } from "node:os";
import { type Figure, type Growth, isHeld, type Measured, median, quantile } from "./figure.ts";

/** What one run measured. */
export interface Session {
  readonly parts: ReadonlyMap<string, Measured>;
  /** How much of a core this process got, before and between the measurements. */
  readonly shares: readonly number[];
  readonly rounds: number;
  readonly isQuick: boolean;
}

const HEADS = ["name", "what", "against", "median", "spread", "n", "floor", "held"] as const;

/** Three digits that count, without an exponent. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return value.toFixed(size >= 10 ? 1 : size >= 0.1 ? 2 : 4);
}

function rowOf(name: string, figure: Figure): readonly string[] {
  const { samples, unit, floor } = figure;
  const held = isHeld(figure);
  const spread =
    samples.length < 2 ? "-" : `${digits(quantile(samples, 0.1))} to ${digits(quantile(samples, 0.9))}`;
  return [
    name,
    figure.what,
    figure.against,
    `${digits(median(samples))} ${unit}`,
    spread,
    String(samples.length),
    floor === null ? "-" : `${floor.kind === "least" ? ">=" : "<="} ${floor.value} ${unit}`,
    held === null ? "-" : held ? "held" : "MISSED",
  ];
}

function figureRows({ parts }: Session): (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  for (const [name, { figures }] of parts) for (const figure of figures) rows.push(rowOf(name, figure));
  return rows;
}

function growthTable({ parts }: Session): (readonly string[])[] {
  const growths: Growth[] = [];
  for (const { growths: some } of parts.values()) growths.push(...(some ?? []));
  const first = growths[0];
  if (first === undefined) return [];
  const sizes = [...first.nanos.keys()];
  const heads = [
    "ns for each",
    "with so many",
    ...sizes.map((size) => size.toLocaleString("en")),
    "last / first",
  ];
  const rows = growths.map(({ what, by, nanos }) => {
    const values = sizes.map((size) => nanos.get(size) ?? Number.NaN);
    const times = (values[values.length - 1] ?? 0) / (values[0] ?? 1);
    return [what, by, ...values.map(digits), times.toFixed(1)];
  });
  return [heads, ...rows];
}

const notesOf = ({ parts }: Session): readonly string[] =>
  [...parts.values()].flatMap(({ notes }) => notes ?? []);

function noiseOf({ shares }: Session): string {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const middle = median(shares);
  const how = middle > 0.95 ? "quiet" : middle > 0.8 ? "somewhat busy" : "BUSY: wall-clock figures are poor";
  return (
    `How noisy: spinning between the measurements, this process got ${percent(Math.min(...shares))} to ` +
    `${percent(Math.max(...shares))} of a core, ${percent(middle)} in the median: ${how}.`
  );
}

function hostOf({ rounds, isQuick }: Session): string {
  const all = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const day = new Date().toISOString().slice(0, 16).replace("T", " ");
  const speed = isQuick ? "--quick, " : "";
  return `${day} UTC, Node ${process.version}, ${process.platform} ${process.arch}, ${all.length} cores (${all[0]?.model.trim() ?? "unknown"}), ${memory}; ${speed}${rounds} rounds.`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join("");
}

function markdown([heads, ...rows]: readonly (readonly string[])[]): string {
  if (heads === undefined) return "";
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  return line(heads) + line(heads.map(() => "---")) + rows.map(line).join("");
}

export function tableOf(session: Session): string {
  const growth = growthTable(session);
  return [
    `${hostOf(session)}\n${noiseOf(session)}\n`,
    aligned([HEADS, ...figureRows(session)]),
    ...(growth.length === 0 ? [] : [aligned(growth)]),
    notesOf(session)
      .map((note) => `${note}\n`)
      .join(""),
  ].join("\n");
}

export function documentOf(session: Session): string {
  const growth = growthTable(session);
  return `${[
    "# Performance",
    "`npm run bench` measures all of this and writes this page: every figure below was printed by one run. A figure is the median of\n" +
      "interleaved rounds, most often a ratio to a named peer in the same round; the spread is from the 10th to the 90th percentile.",
    hostOf(session),
    noiseOf(session),
    "## Against peers",
    markdown([HEADS, ...figureRows(session)]).trimEnd(),
    ...(growth.length === 0 ? [] : ["## How it grows", markdown(growth).trimEnd()]),
    ...(notesOf(session).length === 0
      ? []
      : [
          "## Notes",
          notesOf(session)
            .map((note) => `- ${note}`)
            .join("\n"),
        ]),
  ].join("\n\n")}\n`;
}
