/** Processes by pid and beginning: a pid alone may be another process's by the time that it is read. */
import { readFileSync } from "node:fs";

/** A process as a text that names it for good; without /proc, its pid must do. */
export const nameOfProcess = (pid: number): string => `${pid} ${startTime(pid) ?? 0}`;

/** The pid that a file of such a text names, if that process still runs; null if it does not, or no such file is there. */
export function processNamedIn(path: string): number | null {
  try {
    return runningPid(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

/** The pid that such a text names, if that process still runs. */
export function runningPid(text: string): number | null {
  const [pid = 0, started = 0] = text.split(" ").map(Number);
  const now = pid > 0 ? startTime(pid) : null;
  return now !== null && (now === started || started === 0) ? pid : null;
}

/**
 * When a process began, in the kernel's clock ticks since the host's boot; null if there is none, or if it has ended and only waits
 * for its parent to hear of it (`Z`, see proc(5)).
 */
function startTime(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? null : Number(fields[19]);
  } catch {
    return isAlive(pid) ? 0 : null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
