/** What recording costs a guest that computes: the same guest, on `node:wasi` and under Foldos unrecorded. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { besidePath, cliPath, guestPath, runNode } from "./child-process.ts";
import { type Measured, most, type Scale } from "./figure.ts";
import { interleaved, ratios } from "./rounds.ts";

/** A few per cent are to be seen, and one run of the same guest differs from the next by ten. */
const LEAST_ROUNDS = 21;

export function measureCpu({ rounds, isQuick, folder }: Scale): Measured {
  const count = isQuick ? "500" : "4000";
  const guest = guestPath("cpu-bound");
  const work = join(folder, "work");
  const recording = join(folder, "recording");
  mkdirSync(work);
  const foldos = (times: string): number => {
    const { wallMillis } = runNode([cliPath, "run", "--record", recording, guest, times], folder);
    rmSync(recording, { recursive: true });
    return wallMillis;
  };
  const node = (times: string): number =>
    runNode([besidePath("node-wasi-child.js"), guest, work, times], folder).wallMillis;
  const costs = interleaved(isQuick ? rounds : Math.max(rounds, LEAST_ROUNDS), {
    foldos: () => foldos(count),
    foldosStart: () => foldos("1"),
    node: () => node(count),
    nodeStart: () => node("1"),
  });
  const net = (whole: readonly number[], start: readonly number[]): number[] =>
    whole.map((cost, round) => cost - (start[round] ?? 0));
  const what = `cpu-bound, ${count} x sha256 of 64 KiB, recorded`;
  rmSync(work, { recursive: true });
  return {
    figures: [
      {
        what,
        against: "the same on node:wasi, unrecorded: net of start-up",
        unit: "x",
        samples: ratios(net(costs.foldos, costs.foldosStart), net(costs.node, costs.nodeStart)),
        floor: most(1.02),
      },
      {
        what,
        against: "the same on node:wasi, unrecorded: the whole command",
        unit: "x",
        samples: ratios(costs.foldos, costs.node),
        floor: null,
      },
    ],
  };
}
