/** Loaded before a measured command: notes at its end what it took of the machine. */
import { readFileSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const path = process.env["FOLDOS_BENCH_USAGE"];
/** Looking takes time, and only from those whose main thread is free: it is done where memory is measured, and nowhere else. */
const isWatched = process.env["FOLDOS_BENCH_MEMORY"] === "yes";
const LOOK_MILLIS = 20;

/**
 * Memory that is the process's own, in KiB. A recording's file is mapped, and the pages of it that the system holds count as the
 * process's resident ones too, though anybody who needs memory gets them.
 */
function anonymousKilobytes(): number {
  try {
    return Number(/RssAnon:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

if (isMainThread && path !== undefined) {
  const seen: number[] = [];
  const look = (): void => void seen.push(anonymousKilobytes());
  if (isWatched) setInterval(look, LOOK_MILLIS).unref();
  process.on("exit", () => {
    look();
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const late = seen.slice(Math.floor(seen.length / 2)).sort((left, right) => left - right);
    const heldKilobytes = late[Math.floor(late.length / 2)] || maxRSS;
    const peakKilobytes = Math.max(...seen) || maxRSS;
    writeFileSync(
      path,
      JSON.stringify({ cpuMicros: userCPUTime + systemCPUTime, peakKilobytes, heldKilobytes }),
    );
  });
}
