/** Plants a bug: copies what was built, changes one text in the copy, and has the law checked there, in a process of its own. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Verdict } from "../laws/law.ts";
import type { PlantedBug } from "./planted-bug.ts";

const dist = fileURLToPath(new URL("../../", import.meta.url));
/** Beside node_modules, so that the copy finds the same packages. */
const nursery = join(dist, "..", ".foldos", "planted");
const copiedFolders = [
  "core",
  "reducers",
  "devices",
  "guests",
  "replay",
  "machine",
  "property-tests",
  "bench",
];

const LONGEST_MILLIS = 60_000;

interface Caught {
  readonly bug: PlantedBug;
  /** Why it counts as caught, or null if it was not. */
  readonly how: "property" | "hang" | null;
  readonly verdict: Verdict | null;
}

/** The text with the bug in it. Spaces and line ends may differ; anything else that changed is an error. */
export function patched(text: string, { file, from, to, name }: PlantedBug): string {
  const pattern = from.trim().split(/\s+/).map(escapePattern).join("\\s+");
  const places = text.match(new RegExp(pattern, "g")) ?? [];
  if (places.length === 1) return text.replace(new RegExp(pattern), () => to);
  throw new Error(
    `"${name}" cannot be planted: its text stands ${places.length} times in dist/${file}, and once is needed:\n${from}`,
  );
}

const escapePattern = (word: string): string => word.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");

const cradle = join(nursery, `${process.pid}`);
/** The copy of what was built, made once; between two bugs it has none. */
const copy = join(cradle, "dist");

function makeCopy(): void {
  if (existsSync(copy)) return;
  mkdirSync(copy, { recursive: true });
  const isCode = (path: string): boolean => !/\.(?:map|d\.ts|tsbuildinfo|wasm|test\.js)$/.test(path);
  for (const folder of copiedFolders) {
    cpSync(join(dist, folder), join(copy, folder), { recursive: true, filter: isCode });
  }
  // Guest programs stand beside what was built, and are found from there.
  symlinkSync(join(dist, "..", "property-tests"), join(cradle, "property-tests"));
}

/** To be called when no more bugs are planted. */
export function removeCopy(): void {
  rmSync(cradle, { recursive: true, force: true });
}

/** Checks the bug's law in a copy that has the bug; unshrunk is sooner. Throws if the patch does not apply any more. */
export function plant(bug: PlantedBug, seed: number, runs: number, how = "shrunk"): Caught {
  makeCopy();
  const file = join(copy, bug.file);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, patched(text, bug));
  try {
    return tried(bug, join(copy, "property-tests", "planted", "try-law.js"), [
      bug.law,
      `${seed}`,
      `${runs}`,
      how,
    ]);
  } finally {
    writeFileSync(file, text);
  }
}

function tried(bug: PlantedBug, script: string, parameters: readonly string[]): Caught {
  const child = spawnSync(process.execPath, [script, ...parameters], {
    encoding: "utf8",
    timeout: LONGEST_MILLIS,
    maxBuffer: 1 << 26,
  });
  if (child.signal !== null) return { bug, how: "hang", verdict: null };
  if (child.status !== 0) throw new Error(`"${bug.name}" broke the test itself:\n${child.stderr}`);
  const verdict = JSON.parse(child.stdout) as Verdict;
  return { bug, how: verdict.failed ? "property" : null, verdict };
}
