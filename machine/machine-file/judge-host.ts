import type { Result } from "../../core/result.ts";
import type { HostView } from "./host-view.ts";
import type { JsonPath } from "./json-path.ts";
import type { MachineCapability, MachineFile, MachineProcess, ProcessDirectory } from "./machine-file.ts";
import type { Finding } from "./machine-file-problem.ts";

/** The machine with the paths that the host has for those of the file, and what the host does not have. */
export function judgeHost(
  machine: MachineFile,
  host: HostView,
): { readonly machine: MachineFile; readonly findings: readonly Finding[] } {
  const { lookUp, findings } = lookUps(host);
  const processes = machine.processes.map((process): MachineProcess => {
    const path = ["processes", process.name];
    return {
      ...process,
      program: lookUp("file", process.program, [...path, "program"]),
      capabilities: process.capabilities.map((capability): MachineCapability => {
        if (capability.of.kind !== "program") return capability;
        const at = [...path, "capabilities", capability.name, "program"];
        return {
          ...capability,
          of: { kind: "program", program: lookUp("file", capability.of.program, at) },
        };
      }),
      directories: process.directories.map((directory, index): ProcessDirectory => {
        if (directory.kind === "shared") return directory;
        const found = lookUp("directory", directory.host, [...path, "directories", index, "host"]);
        return { ...directory, host: found };
      }),
    };
  });
  const directories = machine.directories.map(({ name, from }) => ({
    name,
    from: from === null ? null : lookUp("directory", from, ["directories", name, "from"]),
  }));
  return { machine: { ...machine, processes, directories }, findings };
}

type Kind = keyof HostView;

/** Asks the host once for each path: a thousand processes may run one program. */
function lookUps(host: HostView): {
  readonly lookUp: (kind: Kind, written: string, path: JsonPath) => string;
  readonly findings: readonly Finding[];
} {
  const answers = {
    file: new Map<string, Result<string, string>>(),
    directory: new Map<string, Result<string, string>>(),
  };
  const findings: Finding[] = [];
  const lookUp = (kind: Kind, written: string, path: JsonPath): string => {
    const answer = answers[kind].get(written) ?? host[kind](written);
    answers[kind].set(written, answer);
    if (answer.ok) return answer.value;
    const what = `a ${kind} of the host was expected, and ${answer.error}`;
    findings.push({ path, at: "value", what, advice: "paths begin at the machine file's folder" });
    return written;
  };
  return { lookUp, findings };
}
