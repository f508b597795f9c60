/** Loaded before a measured command: notes at its end what it took of the machine. */
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const path = process.env["FOLDOS_BENCH_USAGE"];
if (isMainThread && path !== undefined) {
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeFileSync(path, JSON.stringify({ cpuMicros: userCPUTime + systemCPUTime, peakKilobytes: maxRSS }));
  });
}
