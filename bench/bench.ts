/**
 * Every figure of the issue, each as a ratio to a named peer in the same run: medians of interleaved rounds.
 *
 *   node dist/bench/bench.js [--only NAME]... [--rounds N] [--quick]
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Measured, Scale } from "./figure.ts";
import { documentOf, type Session, tableOf } from "./report.ts";
import { coreShare } from "./rounds.ts";

type Measure = (scale: Scale) => Measured | Promise<Measured>;

/** Each is loaded when it is run. */
const measures: Readonly<Record<string, () => Promise<Measure>>> = {
  fold: async () => (await import("./measure-fold.ts")).measureFold,
  syscalls: async () => (await import("./measure-syscalls.ts")).measureSyscalls,
  cpu: async () => (await import("./measure-cpu.ts")).measureCpu,
  bytes: async () => (await import("./measure-bytes.ts")).measureBytes,
  append: async () => (await import("./measure-append.ts")).measureAppend,
  seek: async () => (await import("./measure-seek.ts")).measureSeek,
  memory: async () => (await import("./measure-memory.ts")).measureMemory,
  growth: async () => (await import("./measure-growth.ts")).measureGrowth,
  transform: async () => (await import("./measure-transform.ts")).measureTransform,
  asyncify: async () => (await import("./measure-asyncify.ts")).measurePreparing,
  esbuild: async () => (await import("./measure-esbuild.ts")).measureEsbuild,
  machine: async () => (await import("./measure-machine.ts")).measureMachine,
  resume: async () => (await import("./measure-resume.ts")).measureResume,
  capabilities: async () => (await import("./measure-capabilities.ts")).measureCapabilities,
  revocation: async () => (await import("./measure-revocation.ts")).measureRevocation,
  exchange: async () => (await import("./measure-exchange.ts")).measureExchange,
  questions: async () => (await import("./measure-questions.ts")).measureQuestions,
};

const DEFAULT_ROUNDS = 7;

interface Wanted {
  readonly names: readonly string[];
  readonly rounds: number;
  readonly isQuick: boolean;
}

function parseWords(words: readonly string[]): Wanted {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: "string", multiple: true },
      rounds: { type: "string" },
      quick: { type: "boolean" },
    },
  });
  const names = values.only ?? Object.keys(measures);
  const unknown = names.find((name) => !(name in measures));
  if (unknown !== undefined)
    throw new RangeError(`--only ${unknown}: one of ${Object.keys(measures).join(", ")} was expected`);
  const isQuick = values.quick === true;
  const rounds = Number(values.rounds ?? (isQuick ? 3 : DEFAULT_ROUNDS));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new RangeError(`--rounds ${values.rounds}: a whole number from 1 on was expected`);
  return { names, rounds, isQuick };
}

async function measured(name: string, { rounds, isQuick }: Wanted): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "foldos-bench-"));
  try {
    const measure = await (measures[name] as () => Promise<Measure>)();
    return await measure({ rounds, isQuick, folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(words: readonly string[]): Promise<void> {
  const wanted = parseWords(words);
  const shares = [coreShare()];
  const parts = new Map<string, Measured>();
  for (const name of wanted.names) {
    process.stderr.write(`bench: ${name}\n`);
    parts.set(name, await measured(name, wanted));
    shares.push(coreShare());
  }
  const session: Session = { parts, shares, rounds: wanted.rounds, isQuick: wanted.isQuick };
  process.stdout.write(tableOf(session));
  const isWhole = wanted.names.length === Object.keys(measures).length && !wanted.isQuick;
  if (!isWhole) return;
  const path = fileURLToPath(new URL("../../docs/performance.md", import.meta.url));
  writeFileSync(path, documentOf(session));
  process.stdout.write(`\nwritten to ${path}\n`);
}

await main(process.argv.slice(2));
