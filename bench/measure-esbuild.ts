/** A whole command that people use: esbuild bundles the kernel's own sources, recorded and pre-empted, and under `node:wasi`. */
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { besidePath, cliPath, type Cost, runNode } from "./child-process.ts";
import { type Figure, type Measured, most, type Scale } from "./figure.ts";

const ESBUILD = createRequire(import.meta.url).resolve("@esbuild/wasi-preview1/esbuild.wasm");
const PROJECT = ["core", "reducers"] as const;
const QUANTUM = "10000000";
const OUTPUT = "out.js";
const bundle = ["--bundle", "/reducers/public-kernel.ts", `--outfile=/${OUTPUT}`, "--packages=external"];

type Peer = "turns" | "alone" | "node";
const peers: readonly Peer[] = ["turns", "alone", "node"];

/** The sources, without tests. How many there are. */
function plantProject(work: string): number {
  let count = 0;
  for (const folder of PROJECT) {
    const from = fileURLToPath(new URL(`../../${folder}`, import.meta.url));
    cpSync(from, join(work, folder), {
      recursive: true,
      filter: (path) => {
        const isSource = path.endsWith(".ts") && !path.endsWith(".test.ts");
        if (isSource) count += 1;
        return isSource || !/\.[a-z]+$/.test(path);
      },
    });
  }
  return count;
}

class Bundling {
  readonly #folder: string;
  readonly #work: string;
  readonly files: number;
  #expected: Buffer | null = null;

  constructor(folder: string) {
    this.#folder = folder;
    this.#work = join(folder, "work");
    mkdirSync(this.#work);
    this.files = plantProject(this.#work);
  }

  /** One whole command. Throws if what it makes is not what the others made. */
  run(peer: Peer): Cost {
    const recording = join(this.#folder, "recording");
    const output = join(this.#work, OUTPUT);
    const cost = runNode(this.#wordsOf(peer, recording), this.#folder);
    const made = readFileSync(output);
    this.#expected ??= made;
    if (!made.equals(this.#expected)) throw new Error(`esbuild, ${peer}: another bundle came out`);
    rmSync(output);
    rmSync(recording, { recursive: true, force: true });
    return cost;
  }

  #wordsOf(peer: Peer, recording: string): readonly string[] {
    if (peer === "node") return [besidePath("node-wasi-child.js"), ESBUILD, this.#work, ...bundle];
    const quantum = peer === "turns" ? ["--quantum", QUANTUM] : [];
    const granted = ["--record", recording, "--dir", `${this.#work}::/`];
    return [cliPath, "run", ...quantum, ...granted, ESBUILD, ...bundle];
  }
}

export function measureEsbuild({ rounds, folder }: Scale): Measured {
  const bundling = new Bundling(folder);
  const costs: Record<Peer, Cost[]> = { turns: [], alone: [], node: [] };
  // From here on what is transformed is in the cache.
  bundling.run("turns");
  for (let round = 0; round < rounds; round += 1) {
    for (let place = 0; place < peers.length; place += 1) {
      const peer = peers[(round + place) % peers.length] as Peer;
      costs[peer].push(bundling.run(peer));
    }
  }
  const figure = (peer: Peer, cost: "wallMillis" | "cpuMillis", floor: number | null): Figure => ({
    what: `esbuild bundles ${bundling.files} files, recorded, ${peer === "turns" ? "transformed, so that it could be stopped" : "as it is"}`,
    against: `node:wasi on the same files: ${cost === "wallMillis" ? "the whole command" : "processor time of all threads"}`,
    unit: "x",
    samples: costs[peer].map((ours, round) => ours[cost] / (costs.node[round] as Cost)[cost]),
    floor: floor === null ? null : most(floor),
  });
  return {
    figures: [
      figure("turns", "wallMillis", 2),
      figure("turns", "cpuMillis", 2),
      figure("alone", "wallMillis", null),
      figure("alone", "cpuMillis", null),
    ],
    notes: ["esbuild: the transformed program comes from the cache, as it does from the second run on."],
  };
}
