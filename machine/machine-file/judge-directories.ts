import { posix } from "node:path";
import { MAX_PATH_BYTES } from "../../reducers/decide/resolve-path.ts";
import { type JsonPath, shown } from "./json-path.ts";
import { missingName } from "./judge-pipes.ts";
import type { MachineFile, MachineProcess, ProcessDirectory } from "./machine-file.ts";
import type { Finding } from "./machine-file-problem.ts";

/** Directories of processes: shared ones that there are not, and names that a process could not use or would have twice. */
export function judgeDirectories({ processes, directories }: MachineFile): readonly Finding[] {
  const words = directories.map(({ name }) => name);
  const known = new Set(words);
  return processes.flatMap((process) => [
    ...judgeGuestNames(process),
    ...process.directories.flatMap((directory, index) => {
      const path = ["processes", process.name, "directories", index];
      return directory.kind === "shared" ? judgeShared(directory, path, { words, known }) : [];
    }),
  ]);
}

/** `/a`, `/a/` and `/b/../a` are one name to the libraries that look for it. */
const normal = (guest: string): string => posix.normalize(guest).replace(/(?<=.)\/$/, "");

function judgeGuestNames({ name, directories }: MachineProcess): readonly Finding[] {
  const seen = new Map<string, number>();
  const findings: Finding[] = [];
  for (const [index, { guest }] of directories.entries()) {
    const at = { path: ["processes", name, "directories", index, "guest"], at: "value" } as const;
    if (Buffer.byteLength(guest) >= MAX_PATH_BYTES) {
      const what = `a path of less than ${MAX_PATH_BYTES} bytes was expected`;
      findings.push({ ...at, what, advice: "choose a shorter name" });
      continue;
    }
    const first = seen.get(normal(guest));
    if (first === undefined) {
      seen.set(normal(guest), index);
      continue;
    }
    const what = `another name was expected, as directory ${first} is ${shown(directories[first]?.guest)} already`;
    findings.push({ ...at, what, advice: "choose another name" });
  }
  return findings;
}

function judgeShared(
  { shared, mode }: ProcessDirectory & { readonly kind: "shared" },
  path: JsonPath,
  { words, known }: { readonly words: readonly string[]; readonly known: ReadonlySet<string> },
): readonly Finding[] {
  const findings: Finding[] = [];
  if (!known.has(shared))
    findings.push(missingName({ path: [...path, "shared"], typed: shared, words, what: "directory" }));
  if (mode === "copy") {
    const what = '"write-through" or "read-only" was expected of a shared directory, not "copy"';
    findings.push({
      path: [...path, "mode"],
      at: "value",
      what,
      advice: "make another directory `from` the same",
    });
  }
  return findings;
}
