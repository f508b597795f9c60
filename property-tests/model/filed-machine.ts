/** The machine of a file, in memory: with its programs, but without threads, disk and host. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { loadPrograms, specOf } from "../../cli/machine-of-file.ts";
import { rowsOf } from "../../core/table.ts";
import { hostView } from "../../machine/machine-file/host-view.ts";
import { judgeMachineFile } from "../../machine/machine-file/judge-machine-file.ts";
import { refusalText } from "../../machine/machine-file/machine-file-problem.ts";
import type { TurnMachine, TurnRun } from "./turn-machine.ts";

/** The machine that a text describes; paths begin at the folder. */
export async function filedMachine(text: string, folder: string): Promise<TurnMachine> {
  const judged = judgeMachineFile(new TextEncoder().encode(text), hostView(folder));
  if (!judged.ok) throw new Error(refusalText("the machine", judged.error));
  const programs = await loadPrograms(judged.value, "canonical");
  const guests = [...programs.values()].flatMap(({ guest }) => (guest.kind === "turns" ? guest.guests : []));
  return { spec: specOf(judged.value, programs), guests };
}

export const exampleMachine = (path: string): Promise<TurnMachine> =>
  filedMachine(readFileSync(path, "utf8"), dirname(path));

/** How each process ended, and what it printed, by name. Nothing of it depends on whose turn came first. */
export function endsOf({ state, log }: TurnRun): Readonly<Record<string, string>> {
  const printed = new Map<number, string>();
  for (const event of log.decoded()) {
    if (event.type !== "console/written") continue;
    const text = Buffer.from(log.stream(event.position, event.position + event.length)).toString("utf8");
    printed.set(event.pid, (printed.get(event.pid) ?? "") + text);
  }
  return Object.fromEntries(
    [...rowsOf(state.processes.rows)].map(([pid, { name, status, exitCode }]) => [
      name,
      `${status} ${exitCode}: ${printed.get(pid) ?? ""}`,
    ]),
  );
}
