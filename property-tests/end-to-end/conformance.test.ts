import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { foldWhole } from "../../replay/fold-whole.ts";
import { RecordingStore } from "../../replay/recording-store.ts";
import { foldos, guest, GUESTS, inFreshDirectory, inTurns } from "./foldos-command.ts";

interface Case {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly exitCode?: number;
  readonly alsoArgs?: readonly (readonly [string, number])[];
}

const conformance = join(GUESTS, "conformance");
const cases = JSON.parse(readFileSync(join(conformance, "cases.json"), "utf8")) as Readonly<
  Record<string, Case>
>;
const names = readdirSync(conformance)
  .filter((file) => /\.(c|rs)$/.test(file))
  .map((file) => file.replace(/\.\w+$/, ""));

const runs = names.flatMap((name) => {
  const usual = cases[name] ?? {};
  const others = (usual.alsoArgs ?? []).map(([word, exitCode]) => ({ ...usual, args: [word], exitCode }));
  return [usual, ...others].map(
    (each) => [`${name} ${(each.args ?? []).join(" ")}`.trim(), name, each] as const,
  );
});

jest.setTimeout(120_000);

/** How many events a recording folds to without its program. The command that does so is in real-programs.test.ts. */
function folded(recording: string): number {
  const store = RecordingStore.open(recording, { write: false, thorough: true });
  try {
    return foldWhole(store, () => {}).events;
  } finally {
    store.close();
  }
}

async function runCase(name: string, each: Case) {
  return inFreshDirectory(async (cwd) => {
    mkdirSync(join(cwd, "files"));
    const env = Object.entries(each.env ?? {}).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    const flags = ["--record", "rec", ...env, "--dir", "files::/"];
    const input = each.stdin ?? "";
    const ran = await foldos(["run", ...flags, guest(name), ...(each.args ?? [])], { cwd, input });
    const replayed = await foldos(["replay", "rec", "--json"], { cwd });
    return { ran, replayed, folded: folded(join(cwd, "rec")) };
  });
}

const turn = inTurns(2);
const outcomes = new Map(runs.map(([title, name, each]) => [title, turn(() => runCase(name, each))]));

test.each(runs)("%s passes, and its recording replays equal", async (title, _, each) => {
  const outcome = await outcomes.get(title);
  if (outcome === undefined) throw new Error(title);
  const { ran, replayed } = outcome;
  expect(ran.out.split("\n").filter((line) => /^(FAIL|FAILED) /.test(line))).toEqual([]);
  expect(ran.out).toMatch(/^ok /m);
  expect(ran.code).toBe(each.exitCode ?? 0);
  const { events, equal } = JSON.parse(replayed.out) as { events: number; equal: number };
  expect({ equal, code: replayed.code }).toEqual({ equal: events, code: 0 });
  expect(outcome.folded).toBe(events);
});
