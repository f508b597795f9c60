/**
 * The printer of a machine that was killed: it goes on by itself, and until it has ended nobody knows how far output is out. Its pid
 * stands in a file beside the lock from before its first piece on.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { RecordingRefused } from "../replay/recording-refused.ts";
import { processNamedIn } from "../replay/running-process.ts";
import { noteIn } from "./release-cursor.ts";

/** How long a printer may stand still before its reader is taken as one that does not read. */
const STILL_MILLIS = 3000;
const LOOK_MILLIS = 5;

export const printerFile = (recording: string): string => join(recording, "printer");

/**
 * Waits until an earlier printer has ended, as long as it gets on. One that stands still is ended: what it has not printed stays
 * due, and a write of at most PIPE_BUF that waits for a pipe's reader has written nothing.
 */
export async function untilEarlierPrinterEnded(recording: string, stillMillis = STILL_MILLIS): Promise<void> {
  let note = "";
  let since = performance.now();
  for (let pid = printing(recording); pid !== null; pid = printing(recording)) {
    const now = noteIn(recording);
    if (now !== note) since = performance.now();
    note = now;
    if (performance.now() - since > stillMillis) {
      end(recording, pid);
      since = performance.now();
    }
    await pause(LOOK_MILLIS);
  }
  rmSync(printerFile(recording), { force: true });
}

const printing = (recording: string): number | null => processNamedIn(printerFile(recording));

function end(recording: string, pid: number): void {
  // A pid can come again after a boot, its beginning with it: nobody else is to be ended.
  if (!commandOf(pid).includes("printer-process")) {
    throw new RecordingRefused(
      recording,
      `process ${pid} still prints what it printed before`,
      "let it be read, or end that process",
    );
  }
  process.kill(pid, "SIGKILL");
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
