/** A guest that does little but call: whole commands, recorded by Foldos, and by two runtimes that record nothing. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { besidePath, cliPath, type Cost, guestPath, runNode } from "./child-process.ts";
import { type Figure, type Measured, most, type Scale } from "./figure.ts";

type Peer = "foldos" | "node" | "shim";
const peers: readonly Peer[] = ["foldos", "node", "shim"];
const NODE = "node:wasi on host files";
const SHIM = "@bjorn3/browser_wasi_shim in memory, unrecorded";

interface Costs {
  readonly whole: Cost;
  /** The same command with a single round of calls. */
  readonly startUp: Cost;
}

function runPeer(peer: Peer, folder: string, count: number): Cost {
  const work = join(folder, "work");
  const recording = join(folder, "recording");
  mkdirSync(work);
  try {
    return runNode(commandOf(peer, { work, recording }, String(count)), folder);
  } finally {
    rmSync(work, { recursive: true });
    rmSync(recording, { recursive: true, force: true });
  }
}

function commandOf(
  peer: Peer,
  { work, recording }: { readonly work: string; readonly recording: string },
  count: string,
): readonly string[] {
  const guest = guestPath("syscall-mix");
  switch (peer) {
    case "foldos":
      return [cliPath, "run", "--record", recording, "--dir", `${work}::/`, guest, count];
    case "node":
      return [besidePath("node-wasi-child.js"), guest, work, count];
    case "shim":
      return [besidePath("shim-child.js"), guest, count];
    default:
      return peer satisfies never;
  }
}

export function measureSyscalls({ rounds, isQuick, folder }: Scale): Measured {
  const count = isQuick ? 50_000 : 1_000_000;
  const costs: Record<Peer, Costs[]> = { foldos: [], node: [], shim: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (let place = 0; place < peers.length; place += 1) {
      const peer = peers[(round + place) % peers.length] as Peer;
      costs[peer].push({ whole: runPeer(peer, folder, count), startUp: runPeer(peer, folder, 1) });
    }
  }
  const what = `syscall-mix, ${count.toLocaleString("en")} each of write, read and clock, recorded`;
  const figure = (
    peer: Peer,
    against: string,
    floor: number | null,
    cost: (costs: Costs) => number,
  ): Figure => ({
    what,
    against,
    unit: "x",
    samples: costs.foldos.map((ours, round) => cost(ours) / cost(costs[peer][round] as Costs)),
    floor: floor === null ? null : most(floor),
  });
  const whole = ({ whole: { wallMillis } }: Costs): number => wallMillis;
  const net = ({ whole: long, startUp }: Costs): number => long.wallMillis - startUp.wallMillis;
  const cpu = ({ whole: { cpuMillis } }: Costs): number => cpuMillis;
  return {
    figures: [
      figure("node", `${NODE}: the whole command`, 2, whole),
      figure("node", `${NODE}: net of start-up`, null, net),
      figure("node", `${NODE}: processor time of all threads`, null, cpu),
      figure("shim", `${SHIM}: the whole command`, 3, whole),
      figure("shim", `${SHIM}: net of start-up`, null, net),
      figure("shim", `${SHIM}: processor time of all threads`, null, cpu),
    ],
  };
}
