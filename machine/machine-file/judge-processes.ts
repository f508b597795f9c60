import { MAX_PAGES } from "../../guests/module/read-limits.ts";
import { MAX_SLOTS } from "../../reducers/capabilities/address.ts";
import { shown } from "./json-path.ts";
import type { MachineFile, MachineProcess } from "./machine-file.ts";
import type { Finding } from "./machine-file-problem.ts";

/** Behind standard input, output and error. */
const FIRST_FD = 3;
/** A day: who means longer means never. */
const MAX_DELAY_MICROS = 86_400_000_000;

/** What is wrong within one process, or with the one console that all have. */
export function judgeProcesses({ processes }: MachineFile): readonly Finding[] {
  return [
    ...consoleReaders(processes),
    ...processes.flatMap((process) => [...judgeDescriptors(process), ...judgeQuantities(process)]),
  ];
}

function consoleReaders(processes: readonly MachineProcess[]): readonly Finding[] {
  const [first, ...others] = processes.filter(({ streams: [input] }) => input.kind === "console");
  return others.map(({ name }) => ({
    path: ["processes", name, "stdin"],
    at: "value",
    what: `the console's input was expected in one process, and ${shown(first?.name)} has it already`,
    advice: 'write "null" or a pipe',
  }));
}

/** Directories have the descriptors from 3 on, without a gap: libraries look for them in that order, and stop at the first other. */
function judgeDescriptors({ name, directories, descriptors }: MachineProcess): readonly Finding[] {
  const first = FIRST_FD + directories.length;
  return descriptors
    .filter(({ fd }) => fd < first || fd >= MAX_SLOTS)
    .map(({ fd }) => ({
      path: ["processes", name, "descriptors", String(fd)],
      at: "key",
      what: `a descriptor from ${first} to ${MAX_SLOTS - 1} was expected, not ${fd}`,
      advice:
        fd < FIRST_FD ? "write `stdin`, `stdout` or `stderr`" : "3 and the next are those of `directories`",
    }));
}

function judgeQuantities({ name, limits, restart }: MachineProcess): readonly Finding[] {
  const findings: Finding[] = [];
  if (limits.memoryPages > MAX_PAGES) {
    const path = ["processes", name, "limits", "memory"];
    findings.push({ path, at: "value", what: "from 64KiB to 4GiB was expected", advice: 'as "64MiB"' });
  }
  if (restart.delayMicros > MAX_DELAY_MICROS) {
    const path = ["processes", name, "restart", "delay"];
    findings.push({ path, at: "value", what: "at most a day (1440min) was expected", advice: 'as "100ms"' });
  }
  return findings;
}
