import { PIPE_CAPACITY_BYTES } from "../../reducers/pipes/pipe-state.ts";
import { type JsonPath, shown } from "./json-path.ts";
import type { MachineFile, MachinePipe } from "./machine-file.ts";
import type { Finding } from "./machine-file-problem.ts";
import { pipeEnds } from "./pipe-ends.ts";

/** Ends of pipes that there are not, pipes that lack a reader or a writer, and capacities that the kernel does not have. */
export function judgePipes(machine: MachineFile): readonly Finding[] {
  const ends = pipeEnds(machine);
  const words = machine.pipes.map(({ name }) => name);
  const known = new Set(words);
  const read = new Set(ends.filter(({ end }) => end === "read").map(({ pipe }) => pipe));
  const written = new Set(ends.filter(({ end }) => end === "write").map(({ pipe }) => pipe));
  const missing = ends
    .filter(({ pipe }) => !known.has(pipe))
    .map(({ pipe, path }) => missingName({ path, typed: pipe, words, what: "pipe" }));
  return [...missing, ...machine.pipes.flatMap((pipe) => pipeFindings(pipe, read, written))];
}

interface Missing {
  readonly path: JsonPath;
  readonly typed: string;
  readonly words: readonly string[];
  readonly what: keyof typeof tables;
}

const tables = {
  pipe: "pipes",
  domain: "scheduling.domains",
  directory: "directories",
  process: "processes",
  endpoint: "endpoints",
  notification: "notifications",
  interrupt: "interrupts",
  device: "devices",
} as const;

const articles: Partial<Record<keyof typeof tables, string>> = { endpoint: "an", interrupt: "an" };

/** A name that leads to nothing. */
export const missingName = ({ path, typed, words, what }: Missing): Finding => ({
  path,
  at: "value",
  what: `the name of ${articles[what] ?? "a"} ${what} was expected, not ${shown(typed)}`,
  advice: `add it to \`${tables[what]}\`, or name one of those`,
  near: { typed, words },
});

function pipeFindings(
  { name, capacityBytes }: MachinePipe,
  read: ReadonlySet<string>,
  written: ReadonlySet<string>,
): readonly Finding[] {
  const findings: Finding[] = [];
  const pipe = { path: ["pipes", name], at: "key" } as const;
  const lacking = [...(written.has(name) ? [] : ["writes to"]), ...(read.has(name) ? [] : ["reads from"])];
  if (lacking.length > 0) {
    const what = `a process that ${lacking.join(" and one that ")} it was expected, and there is none`;
    findings.push({ ...pipe, what, advice: "give a process that end, or take the pipe out" });
  }
  if (capacityBytes > PIPE_CAPACITY_BYTES) {
    const what = `from 1 to ${PIPE_CAPACITY_BYTES} bytes were expected, not ${capacityBytes}`;
    findings.push({ path: ["pipes", name, "capacity"], at: "value", what, advice: 'as "64KiB"' });
  }
  return findings;
}
