/**
 * Plants every bug, or those whose name has a word in it, and shows which law caught each, after how many cases, and how short its
 * smallest case is: `node dist/property-tests/planted/run-planted.js [WORD]`. Ends with 1 if one was not caught.
 */
import { allLaws } from "../laws/all-laws.ts";
import { plant, removeCopy } from "./plant.ts";
import type { PlantedBug } from "./planted-bug.ts";
import { plantedBugs } from "./planted-bugs.ts";

const SEED = Number(process.env["FOLDOS_SEED"] ?? 20_260_101);
/** A bug may take more cases than a usual run of its law has. */
const PATIENCE = 20;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Plants a bug. A case that takes too long to shrink is looked for again, and told as it was drawn. */
function caught(bug: PlantedBug, runs: number): { readonly how: string | null; readonly found: string } {
  const { how, verdict } = plant(bug, SEED, runs);
  if (how !== "hang") return { how, found: `${verdict?.runs} | ${verdict?.length}` };
  const drawn = plant(bug, SEED, runs, "unshrunk");
  return { how: drawn.how, found: drawn.how === "hang" ? "hangs | " : `${drawn.verdict?.runs} | not shrunk` };
}

function main(word: string): number {
  const bugs = plantedBugs.filter(({ name, law }) => name.includes(word) || law === word);
  let missed = 0;
  print("| bug | file | law | cases | smallest |");
  print("|---|---|---|---:|---:|");
  for (const bug of bugs) {
    const usual = allLaws.find(({ id }) => id === bug.law)?.runs ?? 100;
    const { how, found } = caught(bug, usual * PATIENCE);
    if (how === null) missed += 1;
    print(
      `| ${bug.name} | \`${bug.file.replace(/\.js$/, ".ts")}\` | ${how === null ? `**not caught** by ${bug.law}` : bug.law} | ${found} |`,
    );
  }
  removeCopy();
  print("");
  print(`${bugs.length - missed} passed, ${missed} failed`);
  return missed === 0 && bugs.length > 0 ? 0 : 1;
}

process.exitCode = main(process.argv[2] ?? "");
