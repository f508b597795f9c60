import { fileURLToPath } from "node:url";
import { loadProgram, type Program } from "../../machine/program.ts";
import { runMachine } from "../../machine/run-machine.ts";
import type { HostScenes } from "./host-scene.ts";
import type { Recipe } from "./recipe.ts";

const path = fileURLToPath(
  new URL("../../../property-tests/guests/prebuilt/random-calls.wasm", import.meta.url),
);
const MEMORY_PAGES = 256;

/** The program that makes random calls. */
export async function randomCalls(): Promise<Program> {
  const loaded = await loadProgram(path, MEMORY_PAGES);
  if (loaded.ok) return loaded.value;
  throw new TypeError(`${path}: ${loaded.error.what}; ${loaded.error.advice}`);
}

interface Making {
  readonly recipe: Recipe;
  readonly recording: string;
  readonly program: Program;
  readonly scenes: HostScenes;
  readonly keyframeEvents: number;
}

/** Runs the program as its recipe says, and records it. Whatever the host refuses is an error: nothing of that is in a recipe. */
export async function makeRecording(making: Making): Promise<void> {
  const { recipe, recording, program, scenes, keyframeEvents } = making;
  const name = "random-calls.wasm";
  const { outcome, failures } = await runMachine({
    recording,
    programs: [program],
    boot: {
      kind: "program",
      program: {
        sha: program.sha,
        name,
        args: [name, String(recipe.seed), String(recipe.calls)],
        environment: ["KIND=random", `NUMBER=${recipe.number}`],
        directories: scenes.prepare(recipe),
        memoryPages: MEMORY_PAGES,
        terminals: [false, false, false],
        turns: null,
      },
    },
    note: {
      devices: { clock: "virtual", seed: recipe.seed, nameSeed: recipe.seed | 1 },
      durability: "none",
      keyframeEvents,
      inputFile: null,
    },
    isKept: false,
    onStarted: () => {},
  });
  scenes.remove(recipe);
  if (outcome.kind !== "done") throw new Error(`the run ended as ${JSON.stringify(outcome)}`);
  const failed = failures.filter((failure) => failure.kind === "host");
  if (failed.length > 0) throw new Error(`the host refused ${JSON.stringify(failed.slice(0, 3))}`);
}
