import { setTimeout as sleep } from "node:timers/promises";
import { sizeOf } from "../core/table.ts";
import type { KernelState } from "../reducers/kernel-state.ts";
import { writerOf } from "../replay/writer-lock.ts";
import type { Look } from "./look-at.ts";

interface Following {
  /** How often a run that still goes is asked for news. */
  readonly pollMillis: number;
  /** Tells what is there by now; gives the state behind it. */
  readonly tell: () => KernelState;
  /** Whether all that was asked for is told. */
  readonly isOver?: () => boolean;
}

/** Tells what comes until the machine is off, nobody writes any more, or Ctrl-C. */
export async function follow(
  { path, timeline, output }: Look,
  { pollMillis, tell, isOver = () => false }: Following,
): Promise<void> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once("SIGINT", end).once("SIGTERM", end);
  while (!stop.signal.aborted) {
    const writer = writerOf(path);
    timeline.refresh();
    const { clock, processes } = tell();
    output.flush();
    if (timeline.count > 0 && !clock.isOn) return;
    if (isOver()) return;
    if (writer === null) {
      const isBegun = sizeOf(processes.rows) > 0;
      const advice = isBegun
        ? "its machine is not off; `foldos resume` goes on"
        : "its program did not begin; run the program again";
      process.stderr.write(`foldos: nobody writes ${path} any more, and ${advice}\n`);
      return;
    }
    await sleep(pollMillis, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}
